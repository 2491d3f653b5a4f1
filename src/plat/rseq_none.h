/* SPDX-License-Identifier: MIT */
/* Sequences for a host that has none: they fail. The contract is in rseq.h. */

#define RSEQ_HOST false

static inline char *rseq_thread(void)
{
	return NULL;
}

static inline int rseq_cpu(void)
{
	return -1;
}

static inline int rseq_enter(int *owner)
{
	return -1;
}

static inline void *rseq_pop(struct percpu_stack *stack)
{
	return NULL;
}

static inline bool rseq_push(struct percpu_stack *stack, void *object)
{
	return false;
}
