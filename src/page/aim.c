/* SPDX-License-Identifier: MIT */
#include "aim.h"

static double distance(double a, double b)
{
	return a > b ? a - b : b - a;
}

/* --- unusable ----------------------------------------------------------- */

/* Free frames, and those among them in blocks below the order. */
struct share {
	unsigned long all, small;
};

static double share_index(struct share share)
{
	return share.all ? (double)share.small / (double)share.all : 1.0;
}

static struct share share_pinned(struct share share, unsigned int order, unsigned long pins)
{
	return (struct share){ share.all - pins, share.small + pins * ((1UL << order) - 1) };
}

/* Frames of small blocks to fill, so that the index falls to @index. */
static unsigned long nr_to_fill(struct share share, double index)
{
	double all = (double)share.all, small = (double)share.small;

	if (index >= 1.0 || share_index(share) <= index)
		return 0;
	return min((unsigned long)((small - index * all) / (1.0 - index) + 0.5), share.small);
}

static struct aim aim_with(struct share share, unsigned int order, unsigned long nr_units,
			   unsigned long pins, double index, bool may_fill)
{
	struct aim aim = { .pins = pins, .nr_units = nr_units };

	share = share_pinned(share, order, pins);
	/* With no large block left there is nothing to weigh the small ones against. */
	if (may_fill && share.small < share.all)
		aim.fill_frames = nr_to_fill(share, index);
	share.all -= aim.fill_frames;
	share.small -= aim.fill_frames;
	aim.reached = share_index(share);
	return aim;
}

static struct aim aim_unusable(const struct free_blocks *blocks, unsigned int order, double index,
			       bool may_fill)
{
	struct share share = { index_frames(blocks, 0, BUDDY_MAX_ORDER),
			       index_frames(blocks, 0, order - 1) };
	unsigned long nr_units = (share.all - share.small) >> order, lower, upper;
	double rest = (double)((1UL << order) - 1);
	double pins = (index * (double)share.all - (double)share.small) / (rest + index);
	struct aim below, above;

	lower = pins > 0 ? min((unsigned long)pins, nr_units) : 0;
	upper = pins > 0 ? min(lower + 1, nr_units) : 0;
	below = aim_with(share, order, nr_units, lower, index, false);
	above = aim_with(share, order, nr_units, upper, index, false);
	if (distance(above.reached, index) < distance(below.reached, index))
		below = above;
	if (!may_fill || distance(below.reached, index) <= AIM_CLOSE)
		return below;
	above = aim_with(share, order, nr_units, upper, index, true);
	return distance(above.reached, index) < distance(below.reached, index) ? above : below;
}

struct aim aim_up(const struct free_blocks *blocks, unsigned int order, double index)
{
	return aim_unusable(blocks, order, index, false);
}

struct aim aim_at_unusable(const struct free_blocks *blocks, unsigned int order, double index)
{
	return aim_unusable(blocks, order, index, true);
}

/* --- extfrag ------------------------------------------------------------ */

/* Free blocks below the order k. */
struct pile {
	unsigned long nr[BUDDY_ORDERS];
	unsigned long blocks, frames;
	unsigned int order;
};

static double pile_index(const struct pile *pile)
{
	if (!pile->blocks)
		return 0.0;
	return 1.0 -
	       (1.0 + (double)pile->frames / (double)(1UL << pile->order)) / (double)pile->blocks;
}

static void pile_add(struct pile *pile, unsigned int order, long nr)
{
	pile->nr[order] += (unsigned long)nr;
	pile->blocks += (unsigned long)nr;
	pile->frames += (unsigned long)nr << order;
}

static void pile_split(struct pile *pile, unsigned int order, unsigned long nr)
{
	pile_add(pile, order, -(long)nr);
	for (unsigned int at = 0; at < order; at++)
		pile_add(pile, at, (long)nr);
}

/* The index after one more step of either kind, @nr times. */
static double after(const struct pile *pile, unsigned int order, unsigned long nr, bool split)
{
	struct pile next = *pile;

	if (split)
		pile_split(&next, order, nr);
	else
		pile_add(&next, order, -(long)nr);
	return pile_index(&next);
}

/*
 * How many blocks of an order to split, so that the index rises to @index or just beyond,
 * or to fill, so that it falls there or just short of it: it goes one way.
 */
static unsigned long nr_steps(const struct pile *pile, unsigned int order, double index, bool split)
{
	unsigned long few = 0, many = pile->nr[order];

	/* The last block stays: nothing free is index 0 again. */
	if (!split && many == pile->blocks && many)
		many--;
	while (few < many) {
		unsigned long middle = few + (many - few + !split) / 2;

		if (split && after(pile, order, middle, true) >= index)
			many = middle;
		else if (split)
			few = middle + 1;
		else if (after(pile, order, middle, false) >= index)
			few = middle;
		else
			many = middle - 1;
	}
	return few;
}

/* Split the largest blocks until the index is at @index or beyond. */
static void pile_raise(struct pile *pile, struct aim *aim, double index)
{
	for (unsigned int order = pile->order - 1; order > 0 && pile_index(pile) < index; order--) {
		unsigned long nr = nr_steps(pile, order, index, true);

		aim->split[order] = nr;
		pile_split(pile, order, nr);
	}
}

/* Fill the smallest blocks as long as the index stays at @index or beyond; one more, if nearer. */
static void pile_lower(struct pile *pile, struct aim *aim, double index)
{
	for (unsigned int order = 0; order < pile->order; order++) {
		unsigned long nr = nr_steps(pile, order, index, false);
		double next;

		aim->fill[order] = nr;
		pile_add(pile, order, -(long)nr);
		if (!pile->nr[order] || pile->blocks == 1)
			continue;
		next = after(pile, order, 1, false);
		if (distance(next, index) < distance(pile_index(pile), index)) {
			aim->fill[order]++;
			pile_add(pile, order, -1);
		}
		return;
	}
}

/* The nearest of all choices of few blocks, of @all. */
struct few {
	const struct pile *all;
	struct pile now, best;
	double index;
};

static bool is_better(const struct few *few)
{
	double now = distance(pile_index(&few->now), few->index);
	double best = distance(pile_index(&few->best), few->index);

	return now < best - 1e-9 || (now < best + 1e-9 && few->now.frames > few->best.frames);
}

/* Add blocks of orders below @order in every way. */
static void try_few(struct few *few, unsigned int order)
{
	unsigned long most, nr = 0;

	if (!order) {
		if (few->now.blocks && is_better(few))
			few->best = few->now;
		return;
	}
	order--;
	most = min(few->all->nr[order], AIM_FEW - few->now.blocks);
	for (;; nr++) {
		try_few(few, order);
		if (nr == most)
			break;
		pile_add(&few->now, order, 1);
	}
	pile_add(&few->now, order, -(long)nr);
}

struct aim aim_at_extfrag(const struct free_blocks *blocks, unsigned int order, double index)
{
	struct aim aim = { .nr_units = index_frames(blocks, order, BUDDY_MAX_ORDER) >> order };
	struct pile all = { .order = order }, pile;
	struct few few;

	aim.pins = aim.nr_units;
	for (unsigned int at = 0; at < order; at++)
		pile_add(&all, at, (long)(blocks->nr[at] + aim.pins));
	pile = all;
	pile_raise(&pile, &aim, index);
	if (distance(pile_index(&pile), index) > AIM_CLOSE)
		pile_lower(&pile, &aim, index);
	aim.reached = pile_index(&pile);
	if (distance(aim.reached, index) <= AIM_CLOSE)
		return aim;

	few = (struct few){ .all = &all, .now = { .order = order }, .best = pile, .index = index };
	try_few(&few, order);
	if (distance(pile_index(&few.best), index) >= distance(aim.reached, index))
		return aim;
	aim.reached = pile_index(&few.best);
	for (unsigned int at = 0; at < order; at++) {
		aim.split[at] = 0;
		aim.fill[at] = all.nr[at] - few.best.nr[at];
	}
	return aim;
}
