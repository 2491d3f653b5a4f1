/* SPDX-License-Identifier: MIT */
#include "linear.h"

/* Far above what any machine has, and far below the distance to the kernel's other maps. */
#define LINEAR_MAX_PFN (1ull << 34)

static void vote(struct linear *linear, uint64_t base)
{
	struct table_slot *slot = table_put(&linear->votes, base);

	linear->nr_votes++;
	if (++slot->value > linear->base_votes) {
		linear->base = base;
		linear->base_votes = slot->value;
	}
}

void linear_tell(struct linear *linear, uint64_t base)
{
	linear->is_told = true;
	linear->base = base;
}

void linear_learn(struct linear *linear, const struct trace_event *event)
{
	uint64_t bytes, block;

	switch (event->kind) {
	case TRACE_PAGE_ALLOC:
		linear->pfn = event->pfn;
		linear->order = event->order;
		linear->waiting = event->pfn != 0;
		break;
	case TRACE_KMALLOC:
	case TRACE_ALLOC:
		/* A block of 2^n frames is aligned to its size, in either kind of address. */
		bytes = (uint64_t)PAGE_SIZE << linear->order;
		block = event->ptr & ~(bytes - 1);
		if (linear->waiting && block > linear->pfn << PAGE_SHIFT)
			vote(linear, block - (linear->pfn << PAGE_SHIFT));
		linear->waiting = false;
		break;
	default:
		break;
	}
}

bool linear_is_known(const struct linear *linear)
{
	return linear->is_told ||
	       (linear->base_votes > 1 && 2 * linear->base_votes > linear->nr_votes);
}

bool linear_pfn(const struct linear *linear, uint64_t ptr, uint64_t *pfn)
{
	*pfn = (ptr - linear->base) >> PAGE_SHIFT;
	return ptr >= linear->base && *pfn < LINEAR_MAX_PFN;
}

void linear_fini(struct linear *linear)
{
	table_fini(&linear->votes);
}
