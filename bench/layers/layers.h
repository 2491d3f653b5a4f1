/* SPDX-License-Identifier: MIT */
/*
 * Shapes that only libkalloc has: what its other layers cost, and what a machine costs.
 * All are of one thread.
 */
#ifndef LAYERS_H
#define LAYERS_H

#include "shape.h"

/* Pairs of calls, ns per pair. */
double two_calls(const struct shape *shape);
double cache_called(const struct shape *shape);
double kmalloc_called(const struct shape *shape);
double cache_256(const struct shape *shape);
double cache_zeroed(const struct shape *shape);
double cache_bulk(const struct shape *shape); /* 32 objects, per call */
double kmalloc_1024(const struct shape *shape);
double kzalloc_1024(const struct shape *shape);
double kmalloc_8192(const struct shape *shape);
double kmalloc_16384(const struct shape *shape);
double kmalloc_65536(const struct shape *shape);
double page_zeroed(const struct shape *shape);
double page_compound(const struct shape *shape);
double page_bulk(const struct shape *shape); /* 512 pages, per call */
double pool_slab(const struct shape *shape);
double pool_kmalloc(const struct shape *shape);
double pool_page(const struct shape *shape);
double kvmalloc_64k(const struct shape *shape);
double kvmalloc_8m(const struct shape *shape);

/* A machine of n MiB, ns. */
double boot_measure(const struct shape *shape);
double halt_measure(const struct shape *shape);

/* Not a time: private memory of the process per byte of frames in use. */
double tables_measure(const struct shape *shape);

/* kmalloc(64) and pages on machines of n MiB and of n CPUs, ns per object or page. */
double scale_memory(const struct shape *shape);
double scale_cpus(const struct shape *shape);
/* Objects of a cache, and making one, where there are n caches; an area, where there are n. */
double scale_caches(const struct shape *shape);
double scale_create(const struct shape *shape);
double scale_areas(const struct shape *shape);

/* Once through the API, ns; way: with which of these command lines. */
enum {
	API_PLAIN,
	API_CHECKED,
	API_OWNERS,
	API_WATCHED,
	API_TRACED,
	API_OBSERVED
};
double api_measure(const struct shape *shape);

#endif
