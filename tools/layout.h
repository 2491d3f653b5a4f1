/* SPDX-License-Identifier: MIT */
/*
 * Layouts: a zone that a profile has fragmented, as a file and back. The file is a frame
 * transcript without calls (transcript.h), in which the state after is the state before; so
 * `kalloc parity` reads it and finds the lists equal. What it takes for remarks says what
 * was held:
 *
 *	# profile TEXT		what held it, as kalloc_fragment_parse() reads it
 *	# held TYPE ORDER PFN	a block; TYPE is u, m or r
 *
 * Restoring reads any transcript's state before, also a kernel's. Where a B line says that
 * more frames could be moved than are held, the first others in use of that pageblock are,
 * and can move: which they were it does not say.
 */
#ifndef TOOLS_LAYOUT_H
#define TOOLS_LAYOUT_H

#include <kalloc/fragment.h>

#include "contest.h"

/*
 * Write what @fragmentation, of the current machine, has made of its zone to a new file at
 * @path. @profile: what held it, or NULL. Only CPU 0 may have used the zone. Return: NULL, or
 * what is wrong, to be freed: also if no machine can have such a zone in its place (contest.h).
 */
char *layout_save(struct kalloc_fragmentation *fragmentation,
		  const struct kalloc_fragment_profile *profile, const char *path);

/* A layout on a machine of its own, which is the current one. */
struct layout {
	struct transcript transcript;
	struct kalloc_fragment_profile profile;
	bool has_profile;
	struct kalloc_fragment_block *blocks;
	size_t nr_blocks, max_blocks;
	struct contest contest;
	struct kalloc_fragmentation *fragmentation;
};

/*
 * Read a file and put it in place. Return: NULL; or what is wrong, to be freed, and
 * *@status is STATUS_USAGE or STATUS_FAILED (commands.h) and nothing is to be ended.
 */
char *layout_restore(struct layout *layout, const char *path, int *status);

/* Halt its machine. */
void layout_end(struct layout *layout);

#endif
