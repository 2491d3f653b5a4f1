/* SPDX-License-Identifier: MIT */
/* /proc/meminfo of Linux 6.1 on a PC with 512 MiB, 2 CPUs and one node. */
/* clang-format off */
#define SAMPLE_MEMINFO \
	"MemTotal:         480040 kB\n" \
	"MemFree:          452148 kB\n" \
	"MemAvailable:     451944 kB\n" \
	"Buffers:               0 kB\n" \
	"Cached:             2288 kB\n" \
	"SwapCached:            0 kB\n" \
	"Active:             1820 kB\n" \
	"Inactive:            468 kB\n" \
	"Active(anon):       1820 kB\n" \
	"Inactive(anon):      468 kB\n" \
	"Active(file):          0 kB\n" \
	"Inactive(file):        0 kB\n" \
	"Unevictable:           0 kB\n" \
	"Mlocked:               0 kB\n" \
	"SwapTotal:             0 kB\n" \
	"SwapFree:              0 kB\n" \
	"Dirty:                 0 kB\n" \
	"Writeback:             0 kB\n" \
	"AnonPages:           104 kB\n" \
	"Mapped:             1612 kB\n" \
	"Shmem:              2288 kB\n" \
	"KReclaimable:       9084 kB\n" \
	"Slab:              16072 kB\n" \
	"SReclaimable:       9084 kB\n" \
	"SUnreclaim:         6988 kB\n" \
	"KernelStack:         864 kB\n" \
	"PageTables:           64 kB\n" \
	"SecPageTables:         0 kB\n" \
	"NFS_Unstable:          0 kB\n" \
	"Bounce:                0 kB\n" \
	"WritebackTmp:          0 kB\n" \
	"CommitLimit:      240020 kB\n" \
	"Committed_AS:       3000 kB\n" \
	"VmallocTotal:   13743895347199 kB\n" \
	"VmallocUsed:        5128 kB\n" \
	"VmallocChunk:          0 kB\n" \
	"Percpu:              512 kB\n" \
	"AnonHugePages:         0 kB\n" \
	"ShmemHugePages:        0 kB\n" \
	"ShmemPmdMapped:        0 kB\n" \
	"FileHugePages:         0 kB\n" \
	"FilePmdMapped:         0 kB\n" \
	"HugePages_Total:       0\n" \
	"HugePages_Free:        0\n" \
	"HugePages_Rsvd:        0\n" \
	"HugePages_Surp:        0\n" \
	"Hugepagesize:       2048 kB\n" \
	"Hugetlb:               0 kB\n" \
	"DirectMap4k:       28544 kB\n" \
	"DirectMap2M:      495616 kB\n" \
	"DirectMap1G:           0 kB\n"
/* clang-format on */
