/* SPDX-License-Identifier: MIT */
/*
 * Sequences for aarch64. The contract is in rseq.h, the labels are those of
 * rseq_x86_64.h. The area lies at the thread pointer + rseq_area.
 *
 * The owner is read with acquire: it pairs with the release of whoever entered before
 * (percpu_leave) or took the part over, perhaps on another CPU.
 */
#define RSEQ_HOST true

#define RSEQ_BEGIN                         \
	"1:\n\t"                           \
	"adrp %[tmp], 5f\n\t"              \
	"add %[tmp], %[tmp], :lo12:5f\n\t" \
	"str %[tmp], [%[area], #8]\n"      \
	"2:\n\t"                           \
	"ldr %w[tmp], [%[area], #4]\n\t"   \
	"ldar %w[word], [%[owner]]\n\t"    \
	"cmp %w[tmp], %w[word]\n\t"        \
	"b.ne 4f\n\t"

#define RSEQ_END(failed)                     \
	"3:\n\t"                             \
	".pushsection .text.rseq, \"ax\"\n"  \
	"4:\n\t" failed "\n\t"               \
	"b 3b\n\t"                           \
	".inst 0xd428bc00\n"                 \
	"6:\n\t"                             \
	"b 1b\n\t"                           \
	".popsection\n\t"                    \
	".pushsection __rseq_cs, \"aw\"\n\t" \
	".balign 32\n"                       \
	"5:\n\t"                             \
	".long 0, 0\n\t"                     \
	".quad 2b, 3b - 2b, 6b\n\t"          \
	".popsection\n\t"

static inline char *rseq_thread(void)
{
	return __builtin_thread_pointer();
}

static inline char *rseq_at(void)
{
	return rseq_thread() + rseq_area;
}

/* The host CPU; negative where sequences are off. */
static inline int rseq_cpu(void)
{
	return *(volatile int *)(rseq_at() + 4);
}

/* Return: the word that was there, the host CPU; -1 with nothing changed. */
static inline int rseq_enter(int *owner)
{
	unsigned long tmp, word;

	__asm__ volatile(RSEQ_BEGIN "mov %w[word], %[held]\n\t"
				    "str %w[word], [%[owner]]\n" RSEQ_END("mov %w[tmp], #-1")
			 : [tmp] "=&r"(tmp), [word] "=&r"(word)
			 : [owner] "r"(owner), [area] "r"(rseq_at()), [held] "i"(PERCPU_HELD)
			 : "memory", "cc");
	return (int)tmp;
}

/* Return: NULL if the stack is empty or another CPU's. */
static inline void *rseq_pop(struct percpu_stack *stack)
{
	unsigned long tmp, word;
	void *object;

	__asm__ volatile(RSEQ_BEGIN "ldr %w[tmp], %[given]\n\t"
				    "ldr %w[word], %[taken]\n\t"
				    "subs %w[tmp], %w[tmp], %w[word]\n\t"
				    "b.eq 4f\n\t"
				    "sub %w[tmp], %w[tmp], #1\n\t"
				    "add %w[word], %w[word], #1\n\t"
				    "ldr %[object], %[slots]\n\t"
				    "ldr %[object], [%[object], %[tmp], lsl #3]\n\t"
				    "str %w[word], %[taken]\n" RSEQ_END("mov %[object], xzr")
			 : [tmp] "=&r"(tmp), [word] "=&r"(word), [object] "=&r"(object),
			   [taken] "+m"(stack->taken)
			 : [owner] "r"(&stack->owner), [slots] "m"(stack->slots),
			   [given] "m"(stack->given), [area] "r"(rseq_at())
			 : "memory", "cc");
	return object;
}

/* Return: false if the stack is full or another CPU's. */
static inline bool rseq_push(struct percpu_stack *stack, void *object)
{
	unsigned long tmp, word, given;

	__asm__ volatile(
		RSEQ_BEGIN "ldr %w[given], %[givenat]\n\t"
			   "ldr %w[tmp], %[taken]\n\t"
			   "sub %w[tmp], %w[given], %w[tmp]\n\t"
			   "ldr %w[word], %[most]\n\t"
			   "cmp %w[tmp], %w[word]\n\t"
			   "b.hs 4f\n\t"
			   "ldr %[word], %[slots]\n\t"
			   "str %[object], [%[word], %[tmp], lsl #3]\n\t"
			   "add %w[given], %w[given], #1\n\t"
			   "str %w[given], %[givenat]\n" RSEQ_END("mov %[word], xzr")
		: [tmp] "=&r"(tmp), [word] "=&r"(word), [given] "=&r"(given),
		  [givenat] "+m"(stack->given)
		: [owner] "r"(&stack->owner), [most] "m"(stack->most), [taken] "m"(stack->taken),
		  [slots] "m"(stack->slots), [object] "r"(object), [area] "r"(rseq_at())
		: "memory", "cc");
	return word != 0;
}

#undef RSEQ_BEGIN
#undef RSEQ_END
