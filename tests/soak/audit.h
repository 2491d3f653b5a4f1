/* SPDX-License-Identifier: MIT */
/*
 * The audit of a quiet machine. In every zone
 *
 *	frames on the free lists + frames on the CPUs' lists + frames in use == managed
 *
 * each term found by itself: by the lists, by the counts, and by a walk over all struct
 * pages. Every structure is walked for its own invariants. What a machine has in use
 * is compared before and after a run: nothing may be missing, nothing left.
 */
#ifndef SOAK_AUDIT_H
#define SOAK_AUDIT_H

struct soak;

/* What is in use while nobody uses the machine. */
struct audit {
	unsigned long nr_free;	    /* frames, CPUs' lists included */
	unsigned long nr_slab;	    /* frames */
	unsigned long nr_objects;   /* of all caches */
	unsigned long nr_swap_left; /* slots */
	unsigned int mappings_left; /* of the host's budget */
};

/* Give back what waits to be used again, and check everything. */
struct audit audit_take(struct soak *soak);

/* Stop if two audits differ. */
void audit_compare(const struct audit *before, const struct audit *after);

#endif
