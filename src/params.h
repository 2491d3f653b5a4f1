/* SPDX-License-Identifier: MIT */
/*
 * What a machine's command line may say: one table of names (params.c), each
 * with the kind of value it takes, the field of struct machine_params it fills
 * and the range that is sane. The last of several words of one name counts.
 *
 *   mem=BYTES               1G       amount of memory, laid out as x86-64 does
 *   highmem=BYTES           0        part of mem= without a linear address
 *   movablecore=BYTES       0        part of mem= in zone MOVABLE
 *   vmalloc=BYTES           chosen   size of the vmalloc space
 *   nr_cpus=N               host's   virtual CPUs
 *   numa=fake=N             1        nodes, of equal size
 *   slub_debug[=FLAGS[,CACHE...]]    F Z P U T A O and -, as in the kernel
 *   slab_nomerge, slub_nomerge       no merging of caches
 *   slub_min_order=N        0
 *   slub_max_order=N        3
 *   slub_min_objects=N      0        0: from nr_cpus
 *   init_on_alloc=BOOL      0        y, n, t, f, 1, 0, on, off
 *   init_on_free=BOOL       0
 *   page_owner=BOOL         0        record who has each block of pages
 *   trace_event=EVENT,...            record events from boot on (probe/trace.h)
 *   trace_buf_size=BYTES    2M       of each CPU's ring
 *   trace_clock=local|counter|mono    local
 *   kalloc.max_order=N      10       largest order of a block
 *   kalloc.seed=N           0        of every random choice
 *   kalloc.kvmalloc=slab|vmap|random  slab
 *   kalloc.nodes=SIZE,SIZE,...        memory of each node, instead of mem= and numa=
 *   kalloc.distance=ROW;ROW;...       10 and 20   values of a row by commas (numa.h)
 *   kalloc.oom=fail|kill|panic        fail
 *   kalloc.swap=BYTES       0        space that anonymous pages can be swapped out to
 *   kalloc.daemons=inline|step        inline
 *
 * Differences from Linux 6.1. A word that the table does not know is an error,
 * where the kernel hands it to init: a test must not run on a machine that it did
 * not ask for. So is a letter that slub_debug= does not know, and a second block
 * of it (";"). Its letter O is taken and has no effect, A has none in 6.1 without
 * FAILSLAB. init_on_alloc is off unless asked for (Debian's kernels turn it on).
 * highmem= takes a part of mem=, as on 32-bit x86. slub_min_order and
 * slub_max_order above the largest order are lowered to it, silently, as there.
 */
#ifndef PARAMS_H
#define PARAMS_H

#include "machine.h"

/*
 * Read @cmdline (NULL is "") into @params, defaults included. @vmalloc_bytes stays
 * 0 if it was not named. Return: 0, or -EINVAL after one console line that names
 * the parameter.
 */
int params_parse(const char *cmdline, struct machine_params *params);

/* Write @bytes with the largest suffix that divides it: "1G", "1025K", "12345". */
struct text;
void params_show_bytes(struct text *text, unsigned long bytes);

#endif
