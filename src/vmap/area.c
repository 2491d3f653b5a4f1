/* SPDX-License-Identifier: MIT */
#include "area.h"

static struct vmap_area *area_of(const struct rb_node *node)
{
	return node ? rb_entry(node, struct vmap_area, rb_node) : NULL;
}

static unsigned long largest_below(const struct rb_node *node)
{
	return node ? area_of(node)->subtree_max_size : 0;
}

static bool area_update(struct rb_node *node)
{
	struct vmap_area *area = area_of(node);
	unsigned long below =
		max(largest_below(node->child[RB_LEFT]), largest_below(node->child[RB_RIGHT]));
	unsigned long largest = max(area->hole, below);
	bool changed = area->subtree_max_size != largest;

	area->subtree_max_size = largest;
	return changed;
}

void area_init(struct areas *areas, unsigned long start, unsigned long end)
{
	areas->start = start;
	areas->tree = (struct rbtree){ .update = area_update };
	areas->end = (struct vmap_area){ .va_start = end, .va_end = end, .hole = end - start };
	rbtree_insert_before(&areas->tree, &areas->end.rb_node, NULL);
}

static unsigned long hole_start(const struct vmap_area *area, unsigned long align)
{
	return ALIGN_UP(area->va_start - area->hole, align);
}

static bool hole_fits(const struct vmap_area *area, unsigned long bytes, unsigned long align)
{
	unsigned long start = hole_start(area, align);

	return start <= area->va_start && area->va_start - start >= bytes;
}

/*
 * The first area in order whose hole fits. With page alignment every hole that is
 * large enough fits, so a left subtree that is entered yields the answer.
 */
static struct vmap_area *lowest_fit(struct rb_node *node, unsigned long bytes, unsigned long align)
{
	for (; largest_below(node) >= bytes; node = node->child[RB_RIGHT]) {
		struct vmap_area *low = lowest_fit(node->child[RB_LEFT], bytes, align);

		if (low)
			return low;
		if (hole_fits(area_of(node), bytes, align))
			return area_of(node);
	}
	return NULL;
}

static void set_hole(struct areas *areas, struct vmap_area *area, unsigned long hole)
{
	area->hole = hole;
	rbtree_refresh(&areas->tree, &area->rb_node);
}

/* Put @area into the hole below @next. */
static void place_below(struct areas *areas, struct vmap_area *area, struct vmap_area *next,
			unsigned long start, unsigned long bytes)
{
	*area = (struct vmap_area){
		.va_start = start,
		.va_end = start + bytes,
		.hole = start - (next->va_start - next->hole),
		.state = AREA_BUSY,
	};
	list_init(&area->list);
	set_hole(areas, next, next->va_start - area->va_end);
	rbtree_insert_before(&areas->tree, &area->rb_node, &next->rb_node);
}

bool area_place(struct areas *areas, struct vmap_area *area, unsigned long bytes,
		unsigned long align)
{
	struct vmap_area *next = lowest_fit(areas->tree.root, bytes, align);

	if (!next)
		return false;
	place_below(areas, area, next, hole_start(next, align), bytes);
	return true;
}

/* The first area that does not begin below @addr. */
static struct vmap_area *first_from(const struct areas *areas, unsigned long addr)
{
	struct rb_node *node = areas->tree.root;
	struct vmap_area *found = NULL;

	while (node) {
		struct vmap_area *area = area_of(node);
		bool is_below = area->va_start < addr;

		if (!is_below)
			found = area;
		node = node->child[is_below ? RB_RIGHT : RB_LEFT];
	}
	return found;
}

bool area_place_at(struct areas *areas, struct vmap_area *area, unsigned long start,
		   unsigned long bytes)
{
	struct vmap_area *next = first_from(areas, start);

	if (!next || next->va_start - start < bytes || next->va_start - next->hole > start)
		return false;
	place_below(areas, area, next, start, bytes);
	return true;
}

void area_replace(struct areas *areas, const struct vmap_area *old, struct vmap_area *area)
{
	*area = (struct vmap_area){
		.va_start = old->va_start,
		.va_end = old->va_end,
		.hole = old->hole,
		.subtree_max_size = old->subtree_max_size,
		.state = AREA_BUSY,
	};
	list_init(&area->list);
	rbtree_replace(&areas->tree, &old->rb_node, &area->rb_node);
}

void area_remove(struct areas *areas, struct vmap_area *area)
{
	struct vmap_area *next = area_of(rbtree_next(&area->rb_node));

	rbtree_erase(&areas->tree, &area->rb_node);
	set_hole(areas, next, next->hole + area->hole + area_bytes(area));
}

struct vmap_area *area_find(const struct areas *areas, unsigned long addr)
{
	const struct rb_node *node = areas->tree.root;

	while (node) {
		struct vmap_area *area = area_of(node);

		if (addr >= area->va_start && addr < area->va_end)
			return area;
		node = node->child[addr < area->va_start ? RB_LEFT : RB_RIGHT];
	}
	return NULL;
}

static struct vmap_area *unless_end(const struct areas *areas, const struct rb_node *node)
{
	return node == &areas->end.rb_node ? NULL : area_of(node);
}

struct vmap_area *area_first(const struct areas *areas)
{
	return unless_end(areas, rbtree_first(&areas->tree));
}

struct vmap_area *area_next(const struct areas *areas, const struct vmap_area *area)
{
	return unless_end(areas, rbtree_next(&area->rb_node));
}

unsigned long area_largest_hole(const struct areas *areas)
{
	return largest_below(areas->tree.root);
}

bool area_ok(const struct areas *areas)
{
	const struct rb_node *node = rbtree_first(&areas->tree);
	unsigned long end = areas->start;

	if (!rbtree_ok(&areas->tree) || rbtree_last(&areas->tree) != &areas->end.rb_node)
		return false;
	for (; node; node = rbtree_next(node)) {
		const struct vmap_area *area = area_of(node);

		if (area->va_start < end || area->va_end < area->va_start ||
		    area->hole != area->va_start - end)
			return false;
		end = area->va_end;
	}
	return true;
}
