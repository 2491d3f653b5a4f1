/* SPDX-License-Identifier: MIT */
/* Entering on x86-64. The contract is in rseq.h, what a sequence is made of in kalloc/arch. */

static inline char *rseq_thread(void)
{
	char *thread;

	__asm__("movq %%fs:0, %0" : "=r"(thread));
	return thread;
}

/* Return: the word that was there, the host CPU; -1 with nothing changed. */
static inline int rseq_enter(int *owner)
{
	struct kalloc_area *area = kalloc_self.area;
	unsigned long tmp;

	__asm__ volatile goto(
		KALLOC_SEQUENCE_BEGIN("%l[failed]") "movl %[held], %[owner]\n" KALLOC_SEQUENCE_END
		: [tmp] "=&r"(tmp), [owner] "+m"(*owner), [running] "+m"(area->running)
		: [cpu] "m"(area->cpu), [held] "i"(PERCPU_HELD)
		: "memory", "cc"
		: failed);
	return (int)tmp;
failed:
	area->running = 0;
	return -1;
}
