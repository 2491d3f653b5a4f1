/* SPDX-License-Identifier: MIT */
/* The shapes of the program layers. */
#include "layers.h"

#define GIB 1024L /* in MiB */
#define TIB (1024L * GIB)

const struct shape shapes[] = {
	{ .name = "cache-256", .measure = cache_256 },
	{ .name = "cache-zeroed", .measure = cache_zeroed },
	{ .name = "cache-bulk-32", .measure = cache_bulk },
	{ .name = "kmalloc-1024", .measure = kmalloc_1024 },
	{ .name = "kzalloc-1024", .measure = kzalloc_1024 },
	{ .name = "kmalloc-8192", .measure = kmalloc_8192 },
	{ .name = "kmalloc-16384", .measure = kmalloc_16384 },
	{ .name = "kmalloc-65536", .measure = kmalloc_65536 },
	{ .name = "page-zeroed", .measure = page_zeroed },
	{ .name = "page-3-compound", .measure = page_compound },
	{ .name = "page-bulk-512", .measure = page_bulk },
	{ .name = "pool-slab", .measure = pool_slab },
	{ .name = "pool-kmalloc", .measure = pool_kmalloc },
	{ .name = "pool-page", .measure = pool_page },
	{ .name = "kvmalloc-64K", .measure = kvmalloc_64k },
	{ .name = "kvmalloc-8M", .measure = kvmalloc_8m },
	{ .name = "boot-64M", .measure = boot_measure, .n = 64 },
	{ .name = "boot-64G", .measure = boot_measure, .n = 64 * GIB },
	{ .name = "boot-1T", .measure = boot_measure, .n = TIB },
	{ .name = "halt-64M", .measure = halt_measure, .n = 64 },
	{ .name = "halt-64G", .measure = halt_measure, .n = 64 * GIB },
	{ .name = "halt-1T", .measure = halt_measure, .n = TIB },
	{ .name = "tables", .measure = tables_measure },
	{ .name = "scale-memory-64M", .measure = scale_memory, .n = 64 },
	{ .name = "scale-memory-64G", .measure = scale_memory, .n = 64 * GIB },
	{ .name = "scale-memory-1T", .measure = scale_memory, .n = TIB },
	{ .name = "scale-cpus-1", .measure = scale_cpus, .n = 1 },
	{ .name = "scale-cpus-8", .measure = scale_cpus, .n = 8 },
	{ .name = "scale-cpus-64", .measure = scale_cpus, .n = 64 },
	{ .name = "scale-caches-10", .measure = scale_caches, .n = 10 },
	{ .name = "scale-caches-10000", .measure = scale_caches, .n = 10000 },
	{ .name = "scale-create-10", .measure = scale_create, .n = 10 },
	{ .name = "scale-create-10000", .measure = scale_create, .n = 10000 },
	{ .name = "scale-areas-10", .measure = scale_areas, .n = 10 },
	{ .name = "scale-areas-10000", .measure = scale_areas, .n = 10000 },
	{ .name = "api", .measure = api_measure, .way = API_PLAIN },
	{ .name = "api-slub_debug", .measure = api_measure, .way = API_CHECKED },
	{ .name = "api-page_owner", .measure = api_measure, .way = API_OWNERS },
	{ 0 },
};
