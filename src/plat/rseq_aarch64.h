/* SPDX-License-Identifier: MIT */
/* Entering on aarch64. The contract is in rseq.h, what a sequence is made of in kalloc/arch. */

static inline char *rseq_thread(void)
{
	return __builtin_thread_pointer();
}

/* Return: the word that was there, the host CPU; -1 with nothing changed. */
static inline int rseq_enter(int *owner)
{
	unsigned long tmp, word;

	__asm__ volatile(KALLOC_SEQUENCE_BEGIN "csinv %w[tmp], %w[tmp], wzr, eq\n\t"
					       "b.ne 3f\n\t"
					       "mov %w[word], %[held]\n\t"
					       "str %w[word], [%[owner]]\n" KALLOC_SEQUENCE_END
			 : [tmp] "=&r"(tmp), [word] "=&r"(word)
			 : [owner] "r"(owner), [area] "r"(kalloc_self.area), [held] "i"(PERCPU_HELD)
			 : "memory", "cc");
	return (int)tmp;
}
