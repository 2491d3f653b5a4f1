/* SPDX-License-Identifier: MIT */
/*
 * Sequences for aarch64. The contract is in kalloc/stack.h; descriptions and labels are as
 * in x86_64.h.
 *
 * What a sequence that fails returns is in its register before the first jump, and it jumps
 * to the end: a conditional jump does not reach far. Where the host sends an interrupted
 * thread is behind the function, for the same reason.
 *
 * The owner is read with acquire: it pairs with the release of whoever entered before
 * (percpu_leave) or took the part over, perhaps on another CPU.
 */
#define KALLOC_SEQUENCE_BEGIN              \
	"1:\n\t"                           \
	"adrp %[tmp], 5f\n\t"              \
	"add %[tmp], %[tmp], :lo12:5f\n\t" \
	"str %[tmp], [%[area], #8]\n"      \
	"2:\n\t"                           \
	"ldr %w[tmp], [%[area], #4]\n\t"   \
	"ldar %w[word], [%[owner]]\n\t"    \
	"cmp %w[tmp], %w[word]\n\t"

#define KALLOC_SEQUENCE_END                   \
	"3:\n\t"                              \
	"str xzr, [%[area], #8]\n\t"          \
	".subsection 1\n\t"                   \
	".inst 0xd428bc00\n"                  \
	"6:\n\t"                              \
	"b 1b\n\t"                            \
	".previous\n\t"                       \
	".pushsection __rseq_cs, \"aw?\"\n\t" \
	".balign 32\n"                        \
	"5:\n\t"                              \
	".long 0, 0\n\t"                      \
	".quad 2b, 3b - 2b, 6b\n\t"           \
	".popsection\n\t"

KALLOC_INLINED void *kalloc_sequence_pop(struct kalloc_stack *stack, struct kalloc_area *area)
{
	unsigned long tmp, word;
	void *object;

	__asm__ volatile(
		KALLOC_SEQUENCE_BEGIN "mov %[object], xzr\n\t"
				      "b.ne 3f\n\t"
				      "ldr %w[tmp], %[nr]\n\t"
				      "cbz %w[tmp], 3f\n\t"
				      "sub %w[tmp], %w[tmp], #1\n\t"
				      "ldr %[word], %[slots]\n\t"
				      "ldr %[object], [%[word], %[tmp], lsl #3]\n\t"
				      "str %w[tmp], %[nr]\n" KALLOC_SEQUENCE_END
		: [tmp] "=&r"(tmp), [word] "=&r"(word), [object] "=&r"(object), [nr] "+m"(stack->nr)
		: [owner] "r"(&stack->owner), [slots] "m"(stack->slots), [area] "r"(area)
		: "memory", "cc");
	return object;
}

KALLOC_INLINED bool kalloc_sequence_push(struct kalloc_stack *stack, struct kalloc_area *area,
					 void *object)
{
	unsigned long tmp, word, done;

	__asm__ volatile(
		KALLOC_SEQUENCE_BEGIN "mov %[done], xzr\n\t"
				      "b.ne 3f\n\t"
				      "ldr %w[tmp], %[nr]\n\t"
				      "ldr %w[word], %[most]\n\t"
				      "cmp %w[tmp], %w[word]\n\t"
				      "b.hs 3f\n\t"
				      "ldr %[word], %[slots]\n\t"
				      "str %[object], [%[word], %[tmp], lsl #3]\n\t"
				      "add %w[tmp], %w[tmp], #1\n\t"
				      "mov %[done], #1\n\t"
				      "str %w[tmp], %[nr]\n" KALLOC_SEQUENCE_END
		: [tmp] "=&r"(tmp), [word] "=&r"(word), [done] "=&r"(done), [nr] "+m"(stack->nr)
		: [owner] "r"(&stack->owner), [most] "m"(stack->most), [slots] "m"(stack->slots),
		  [area] "r"(area), [object] "r"(object)
		: "memory", "cc");
	return done != 0;
}
