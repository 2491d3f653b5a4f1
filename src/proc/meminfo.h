/* SPDX-License-Identifier: MIT */
/*
 * The lines of /proc/meminfo, in order, values in kB. As with vmstat, what an
 * emulated machine has no use for is there and 0.
 *
 * Differs from Linux 6.1: all of the linear space counts as mapped by 4 KiB pages.
 */
#ifndef PROC_MEMINFO_H
#define PROC_MEMINFO_H

#include "text.h"

/* X(id, label, unit) */
#define MEMINFO_LINES(X)                              \
	X(MEM_TOTAL, "MemTotal:", " kB")              \
	X(MEM_FREE, "MemFree:", " kB")                \
	X(MEM_AVAILABLE, "MemAvailable:", " kB")      \
	X(BUFFERS, "Buffers:", " kB")                 \
	X(CACHED, "Cached:", " kB")                   \
	X(SWAP_CACHED, "SwapCached:", " kB")          \
	X(ACTIVE, "Active:", " kB")                   \
	X(INACTIVE, "Inactive:", " kB")               \
	X(ACTIVE_ANON, "Active(anon):", " kB")        \
	X(INACTIVE_ANON, "Inactive(anon):", " kB")    \
	X(ACTIVE_FILE, "Active(file):", " kB")        \
	X(INACTIVE_FILE, "Inactive(file):", " kB")    \
	X(UNEVICTABLE, "Unevictable:", " kB")         \
	X(MLOCKED, "Mlocked:", " kB")                 \
	X(HIGH_TOTAL, "HighTotal:", " kB")            \
	X(HIGH_FREE, "HighFree:", " kB")              \
	X(LOW_TOTAL, "LowTotal:", " kB")              \
	X(LOW_FREE, "LowFree:", " kB")                \
	X(SWAP_TOTAL, "SwapTotal:", " kB")            \
	X(SWAP_FREE, "SwapFree:", " kB")              \
	X(DIRTY, "Dirty:", " kB")                     \
	X(WRITEBACK, "Writeback:", " kB")             \
	X(ANON_PAGES, "AnonPages:", " kB")            \
	X(MAPPED, "Mapped:", " kB")                   \
	X(SHMEM, "Shmem:", " kB")                     \
	X(K_RECLAIMABLE, "KReclaimable:", " kB")      \
	X(SLAB, "Slab:", " kB")                       \
	X(S_RECLAIMABLE, "SReclaimable:", " kB")      \
	X(S_UNRECLAIM, "SUnreclaim:", " kB")          \
	X(KERNEL_STACK, "KernelStack:", " kB")        \
	X(PAGE_TABLES, "PageTables:", " kB")          \
	X(SEC_PAGE_TABLES, "SecPageTables:", " kB")   \
	X(NFS_UNSTABLE, "NFS_Unstable:", " kB")       \
	X(BOUNCE, "Bounce:", " kB")                   \
	X(WRITEBACK_TMP, "WritebackTmp:", " kB")      \
	X(COMMIT_LIMIT, "CommitLimit:", " kB")        \
	X(COMMITTED_AS, "Committed_AS:", " kB")       \
	X(VMALLOC_TOTAL, "VmallocTotal:", " kB")      \
	X(VMALLOC_USED, "VmallocUsed:", " kB")        \
	X(VMALLOC_CHUNK, "VmallocChunk:", " kB")      \
	X(PERCPU, "Percpu:", " kB")                   \
	X(ANON_HUGE_PAGES, "AnonHugePages:", " kB")   \
	X(SHMEM_HUGE_PAGES, "ShmemHugePages:", " kB") \
	X(SHMEM_PMD_MAPPED, "ShmemPmdMapped:", " kB") \
	X(FILE_HUGE_PAGES, "FileHugePages:", " kB")   \
	X(FILE_PMD_MAPPED, "FilePmdMapped:", " kB")   \
	X(HUGE_PAGES_TOTAL, "HugePages_Total:", "")   \
	X(HUGE_PAGES_FREE, "HugePages_Free:", "")     \
	X(HUGE_PAGES_RSVD, "HugePages_Rsvd:", "")     \
	X(HUGE_PAGES_SURP, "HugePages_Surp:", "")     \
	X(HUGE_PAGE_SIZE, "Hugepagesize:", " kB")     \
	X(HUGETLB, "Hugetlb:", " kB")                 \
	X(DIRECT_MAP_4K, "DirectMap4k:", " kB")       \
	X(DIRECT_MAP_2M, "DirectMap2M:", " kB")       \
	X(DIRECT_MAP_1G, "DirectMap1G:", " kB")

enum meminfo_line {
#define MEMINFO_ENUM(id, label, unit) MEMINFO_##id,
	MEMINFO_LINES(MEMINFO_ENUM)
#undef MEMINFO_ENUM
	NR_MEMINFO_LINES
};

struct meminfo {
	unsigned long value[NR_MEMINFO_LINES];
};

/* The four lines from HighTotal to LowFree only if @has_highmem. */
void meminfo_format(struct text *text, const struct meminfo *info, bool has_highmem);

/*
 * The kernel's estimate, in pages, of what can be had without pushing anything out:
 * @free and about half of the @pagecache and of what else is @reclaimable, but for the
 * @reserve that requests must leave. @low: the low marks of all zones.
 */
unsigned long meminfo_available(unsigned long free, unsigned long pagecache,
				unsigned long reclaimable, unsigned long low,
				unsigned long reserve);

#endif
