/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Series: the calls, drawn one after the other from a seed, and what each got.
 *
 * The draws depend on the parameters and on which calls failed, on nothing else: the same
 * seed on a zone in the same state is the same series.
 */
#ifndef PARITY_SERIES_H
#define PARITY_SERIES_H

#include <linux/gfp.h>
#include <linux/types.h>

/* How calls are drawn; main.c tells what each number means. */
struct mix {
	int nid;
	unsigned int steps;
	u64 seed;
	unsigned int live_target;
	unsigned int wave;
	unsigned int churn;
	unsigned int lifo;
	unsigned int skew;
	unsigned int maxorder;
	bool mtmix;
	bool gfpmix;
};

struct step {
	struct page *page; /* NULL: the allocation failed */
	u32 index;	   /* which allocation this is, or frees */
	gfp_t gfp;
	u8 order;
	bool is_free;
};

struct series {
	struct step *steps;
	u32 *live; /* the steps whose blocks are not freed */
	u32 nr_steps;
	u32 nr_live;
	u32 nr_allocations;
	u64 random;
};

int series_init(struct series *series, const struct mix *mix, int room_nid);
void series_fini(struct series *series);

/* The caller keeps everything else off the zone. */
void series_run(struct series *series, const struct mix *mix);

/* Give back what the series still holds. */
void series_release(struct series *series);
void series_print(const struct series *series);

#endif
