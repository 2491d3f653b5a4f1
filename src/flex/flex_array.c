/* SPDX-License-Identifier: MIT */
#include <kalloc/flex_array.h>

#include "base.h"
#include "machine.h"
#include "slab.h"

struct flex_array_part {
	char elements[FLEX_ARRAY_PART_SIZE];
};

_Static_assert(sizeof(struct flex_array) == FLEX_ARRAY_BASE_SIZE, "the base is one page");

static bool fits_in_base(const struct flex_array *fa)
{
	return (size_t)fa->element_size * (size_t)fa->total_nr_elements <=
	       FLEX_ARRAY_BASE_BYTES_LEFT;
}

static bool is_past_end(const struct flex_array *fa, unsigned int element_nr)
{
	return element_nr >= (unsigned int)fa->total_nr_elements;
}

/* Only for arrays with an element, so the size is not 0. */
static unsigned int elements_per_part(const struct flex_array *fa)
{
	return (unsigned int)FLEX_ARRAY_ELEMENTS_PER_PART((size_t)fa->element_size);
}

/* An element inside the array; NULL if its part does not exist. */
static char *element_find(struct flex_array *fa, unsigned int element_nr)
{
	unsigned int per_part = elements_per_part(fa);
	char *part =
		fits_in_base(fa) ? (char *)fa->parts : (char *)fa->parts[element_nr / per_part];

	return part ? part + (size_t)(element_nr % per_part) * (size_t)fa->element_size : NULL;
}

static struct flex_array_part *part_create(const struct flex_array *fa, gfp_t flags)
{
	struct kalloc_machine *m = machine_of(fa);
	struct flex_array_part *part =
		slab_kmalloc(m ? m : machine_current(), sizeof(*part), flags, NUMA_NO_NODE);

	if (part && !(flags & __GFP_ZERO))
		memset(part, FLEX_ARRAY_FREE, sizeof(*part));
	return part;
}

/* Make the parts of elements @first to @last, both inside the array. */
static int parts_ensure(struct flex_array *fa, unsigned int first, unsigned int last, gfp_t flags)
{
	unsigned int per_part = elements_per_part(fa);

	if (fits_in_base(fa))
		return 0;
	for (unsigned int nr = first / per_part; nr <= last / per_part; nr++) {
		if (!fa->parts[nr])
			fa->parts[nr] = part_create(fa, flags);
		if (!fa->parts[nr])
			return -ENOMEM;
	}
	return 0;
}

struct flex_array *flex_array_alloc(int element_size, unsigned int total, gfp_t flags)
{
	size_t per_part = element_size ? FLEX_ARRAY_ELEMENTS_PER_PART((size_t)element_size) : 0;
	struct flex_array *fa;

	if (total > FLEX_ARRAY_NR_BASE_PTRS * per_part)
		return NULL;
	fa = kzalloc(sizeof(*fa), flags);
	if (!fa)
		return NULL;
	fa->element_size = element_size;
	fa->total_nr_elements = (int)total;
	if (fits_in_base(fa) && !(flags & __GFP_ZERO))
		memset(fa->parts, FLEX_ARRAY_FREE, sizeof(fa->parts));
	return fa;
}

void flex_array_free_parts(struct flex_array *fa)
{
	if (fits_in_base(fa))
		return;
	/* Most are not there: asking first is less work than freeing nothing. */
	for (unsigned int nr = 0; nr < FLEX_ARRAY_NR_BASE_PTRS; nr++) {
		if (fa->parts[nr])
			kfree(fa->parts[nr]);
		fa->parts[nr] = NULL;
	}
}

void flex_array_free(struct flex_array *fa)
{
	flex_array_free_parts(fa);
	kfree(fa);
}

int flex_array_put(struct flex_array *fa, unsigned int element_nr, void *src, gfp_t flags)
{
	if (is_past_end(fa, element_nr))
		return -ENOSPC;
	if (parts_ensure(fa, element_nr, element_nr, flags))
		return -ENOMEM;
	memcpy(element_find(fa, element_nr), src, (size_t)fa->element_size);
	return 0;
}

void *flex_array_get(struct flex_array *fa, unsigned int element_nr)
{
	return is_past_end(fa, element_nr) ? NULL : element_find(fa, element_nr);
}

void *flex_array_get_ptr(struct flex_array *fa, unsigned int element_nr)
{
	void **slot = flex_array_get(fa, element_nr);

	return slot ? *slot : NULL;
}

int flex_array_clear(struct flex_array *fa, unsigned int element_nr)
{
	char *element;

	if (is_past_end(fa, element_nr))
		return -ENOSPC;
	element = element_find(fa, element_nr);
	if (!element)
		return -EINVAL;
	memset(element, FLEX_ARRAY_FREE, (size_t)fa->element_size);
	return 0;
}

int kalloc_flex_array_prealloc_range(struct flex_array *fa, unsigned int start, unsigned int end,
				     gfp_t flags)
{
	if (is_past_end(fa, start) || is_past_end(fa, end))
		return -ENOSPC;
	return parts_ensure(fa, start, end, flags);
}

int flex_array_prealloc(struct flex_array *fa, unsigned int start, unsigned int nr_elements,
			gfp_t flags)
{
	if (!start && !nr_elements)
		return 0;
	if (is_past_end(fa, start) || nr_elements > (unsigned int)fa->total_nr_elements - start)
		return -ENOSPC;
	if (!nr_elements)
		return 0;
	return parts_ensure(fa, start, start + nr_elements - 1, flags);
}

static bool part_is_free(const struct flex_array_part *part)
{
	for (size_t i = 0; i < sizeof(part->elements); i++) {
		if (part->elements[i] != FLEX_ARRAY_FREE)
			return false;
	}
	return true;
}

int flex_array_shrink(struct flex_array *fa)
{
	int freed = 0;

	if (fits_in_base(fa))
		return 0;
	for (unsigned int nr = 0; nr < FLEX_ARRAY_NR_BASE_PTRS; nr++) {
		if (!fa->parts[nr] || !part_is_free(fa->parts[nr]))
			continue;
		kfree(fa->parts[nr]);
		fa->parts[nr] = NULL;
		freed++;
	}
	return freed;
}
