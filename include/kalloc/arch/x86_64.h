/* SPDX-License-Identifier: MIT */
/*
 * Sequences for x86-64. The contract is in kalloc/stack.h.
 *
 * A description says where the sequence starts, how long it is and where the host
 * sends a thread that it interrupted there: to a jump back to the beginning, which
 * must stand behind the signature that the C library registered.
 *
 * Both stand in sections of their own, which go with the function where the linker drops one
 * of several copies ("?").
 *
 * Labels: 1 beginning, 2 first instruction of the sequence, 3 behind its last store,
 * 5 description, 6 interrupted.
 */
#define KALLOC_SEQUENCE_BEGIN(failed) \
	"1:\n\t"                      \
	"leaq 5f(%%rip), %[tmp]\n\t"  \
	"movq %[tmp], %[running]\n"   \
	"2:\n\t"                      \
	"movl %[cpu], %k[tmp]\n\t"    \
	"cmpl %k[tmp], %[owner]\n\t"  \
	"jne " failed "\n\t"

#define KALLOC_SEQUENCE_END                    \
	"3:\n\t"                               \
	"movq $0, %[running]\n\t"              \
	".pushsection .text.rseq, \"ax?\"\n\t" \
	".byte 0x0f, 0xb9, 0x3d\n\t"           \
	".long 0x53053053\n"                   \
	"6:\n\t"                               \
	"jmp 1b\n\t"                           \
	".popsection\n\t"                      \
	".pushsection __rseq_cs, \"aw?\"\n\t"  \
	".balign 32\n"                         \
	"5:\n\t"                               \
	".long 0, 0\n\t"                       \
	".quad 2b, 3b - 2b, 6b\n\t"            \
	".popsection\n\t"

KALLOC_INLINED void *kalloc_sequence_pop(struct kalloc_stack *stack, struct kalloc_area *area)
{
	unsigned long tmp;
	void *object;

	__asm__ volatile goto(
		KALLOC_SEQUENCE_BEGIN("%l[failed]") "movl %[nr], %k[tmp]\n\t"
						    "subl $1, %k[tmp]\n\t"
						    "jb %l[failed]\n\t"
						    "movq %[slots], %[object]\n\t"
						    "movq (%[object], %[tmp], 8), %[object]\n\t"
						    "movl %k[tmp], %[nr]\n" KALLOC_SEQUENCE_END
		: [tmp] "=&r"(tmp), [object] "=&r"(object), [nr] "+m"(stack->nr),
		  [running] "+m"(area->running)
		: [owner] "m"(stack->owner), [slots] "m"(stack->slots), [cpu] "m"(area->cpu)
		: "memory", "cc"
		: failed);
	return object;
failed:
	area->running = 0;
	return NULL;
}

KALLOC_INLINED bool kalloc_sequence_push(struct kalloc_stack *stack, struct kalloc_area *area,
					 void *object)
{
	unsigned long tmp;
	void **slots;

	__asm__ volatile goto(
		KALLOC_SEQUENCE_BEGIN("%l[failed]") "movl %[nr], %k[tmp]\n\t"
						    "cmpl %[most], %k[tmp]\n\t"
						    "jae %l[failed]\n\t"
						    "movq %[slotsat], %[slots]\n\t"
						    "movq %[object], (%[slots], %[tmp], 8)\n\t"
						    "addl $1, %k[tmp]\n\t"
						    "movl %k[tmp], %[nr]\n" KALLOC_SEQUENCE_END
		: [tmp] "=&r"(tmp), [slots] "=&r"(slots), [nr] "+m"(stack->nr),
		  [running] "+m"(area->running)
		: [owner] "m"(stack->owner), [most] "m"(stack->most), [slotsat] "m"(stack->slots),
		  [cpu] "m"(area->cpu), [object] "r"(object)
		: "memory", "cc"
		: failed);
	return 1;
failed:
	area->running = 0;
	return 0;
}
