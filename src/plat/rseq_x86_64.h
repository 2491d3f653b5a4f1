/* SPDX-License-Identifier: MIT */
/*
 * Sequences for x86-64. The contract is in rseq.h.
 *
 * The area lies at %fs + rseq_area; CPU at 4, pointer to the running sequence's
 * description at 8. A description says where the sequence starts, how long it is and
 * where the host sends a thread that it interrupted there: to a jump back to the
 * beginning, which must stand behind the signature that the C library registered.
 *
 * Labels: 1 beginning, 2 first instruction of the sequence, 3 behind its last store,
 * 5 description, 6 interrupted.
 */
#define RSEQ_HOST true

#define RSEQ_BEGIN(failed)                  \
	"1:\n\t"                            \
	"leaq 5f(%%rip), %[tmp]\n\t"        \
	"movq %[tmp], %%fs:8(%[area])\n"    \
	"2:\n\t"                            \
	"movl %%fs:4(%[area]), %k[tmp]\n\t" \
	"cmpl %k[tmp], %[owner]\n\t"        \
	"jne " failed "\n\t"

#define RSEQ_END                              \
	"3:\n\t"                              \
	".pushsection .text.rseq, \"ax\"\n\t" \
	".byte 0x0f, 0xb9, 0x3d\n\t"          \
	".long 0x53053053\n"                  \
	"6:\n\t"                              \
	"jmp 1b\n\t"                          \
	".popsection\n\t"                     \
	".pushsection __rseq_cs, \"aw\"\n\t"  \
	".balign 32\n"                        \
	"5:\n\t"                              \
	".long 0, 0\n\t"                      \
	".quad 2b, 3b - 2b, 6b\n\t"           \
	".popsection\n\t"

static inline char *rseq_thread(void)
{
	char *thread;

	__asm__("movq %%fs:0, %0" : "=r"(thread));
	return thread;
}

/* The host CPU; negative where sequences are off. */
static inline int rseq_cpu(void)
{
	int cpu;

	__asm__ volatile("movl %%fs:4(%1), %0" : "=r"(cpu) : "r"(rseq_area));
	return cpu;
}

/* Return: the word that was there, the host CPU; -1 with nothing changed. */
static inline int rseq_enter(int *owner)
{
	unsigned long tmp;

	__asm__ goto(RSEQ_BEGIN("%l[failed]") "movl %[held], %[owner]\n" RSEQ_END
		     : [tmp] "=&r"(tmp), [owner] "+m"(*owner)
		     : [area] "r"(rseq_area), [held] "i"(PERCPU_HELD)
		     : "memory", "cc"
		     : failed);
	return (int)tmp;
failed:
	return -1;
}

/* Return: NULL if the stack is empty or another CPU's. */
static inline void *rseq_pop(struct percpu_stack *stack)
{
	unsigned long tmp, taken;
	void *object;

	__asm__ goto(RSEQ_BEGIN("%l[failed]") "movl %[takenat], %k[taken]\n\t"
					      "movl %[given], %k[tmp]\n\t"
					      "subl %k[taken], %k[tmp]\n\t"
					      "je %l[failed]\n\t"
					      "addl $1, %k[taken]\n\t"
					      "movq %[slots], %[object]\n\t"
					      "movq -8(%[object], %[tmp], 8), %[object]\n\t"
					      "movl %k[taken], %[takenat]\n" RSEQ_END
		     : [tmp] "=&r"(tmp), [taken] "=&r"(taken), [object] "=&r"(object),
		       [takenat] "+m"(stack->taken)
		     : [owner] "m"(stack->owner), [slots] "m"(stack->slots),
		       [given] "m"(stack->given), [area] "r"(rseq_area)
		     : "memory", "cc"
		     : failed);
	if (!object) /* nobody pushes NULL; tell the compiler */
		__builtin_unreachable();
	return object;
failed:
	return NULL;
}

/* Return: false if the stack is full or another CPU's. */
static inline bool rseq_push(struct percpu_stack *stack, void *object)
{
	unsigned long tmp, given, slots;

	__asm__ goto(
		RSEQ_BEGIN("%l[failed]") "movl %[givenat], %k[given]\n\t"
					 "movl %k[given], %k[tmp]\n\t"
					 "subl %[taken], %k[tmp]\n\t"
					 "cmpl %[most], %k[tmp]\n\t"
					 "jae %l[failed]\n\t"
					 "addl $1, %k[given]\n\t"
					 "movq %[slotsat], %[slots]\n\t"
					 "movq %[object], (%[slots], %[tmp], 8)\n\t"
					 "movl %k[given], %[givenat]\n" RSEQ_END
		: [tmp] "=&r"(tmp), [given] "=&r"(given), [slots] "=&r"(slots),
		  [givenat] "+m"(stack->given)
		: [owner] "m"(stack->owner), [most] "m"(stack->most), [taken] "m"(stack->taken),
		  [slotsat] "m"(stack->slots), [object] "r"(object), [area] "r"(rseq_area)
		: "memory", "cc"
		: failed);
	return true;
failed:
	return false;
}

#undef RSEQ_BEGIN
#undef RSEQ_END
