/* SPDX-License-Identifier: MIT */
/* /proc/pagetypeinfo of Linux 6.1 on a PC with 512 MiB, 2 CPUs and one node. */
/* clang-format off */
#define SAMPLE_PAGETYPEINFO \
	"Page block order: 9\n" \
	"Pages per block:  512\n" \
	"\n" \
	"Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 \n" \
	"Node    0, zone      DMA, type    Unmovable      0      0      0      0      0      1      1      1      0      0      0 \n" \
	"Node    0, zone      DMA, type      Movable      0      0      0      0      0      0      0      0      0      1      3 \n" \
	"Node    0, zone      DMA, type  Reclaimable      0      0      0      0      0      0      0      0      0      0      0 \n" \
	"Node    0, zone      DMA, type   HighAtomic      0      0      0      0      0      0      0      0      0      0      0 \n" \
	"Node    0, zone      DMA, type      Isolate      0      0      0      0      0      0      0      0      0      0      0 \n" \
	"Node    0, zone    DMA32, type    Unmovable      0      0      0      0      5      9      7      9      2      0      0 \n" \
	"Node    0, zone    DMA32, type      Movable      0      1      0      0      0      0      1      0      0      1    103 \n" \
	"Node    0, zone    DMA32, type  Reclaimable      1      1      0      1      1      1      0      1      0      1      0 \n" \
	"Node    0, zone    DMA32, type   HighAtomic      0      0      0      0      0      0      0      0      0      0      0 \n" \
	"Node    0, zone    DMA32, type      Isolate      0      0      0      0      0      0      0      0      0      0      0 \n" \
	"\n" \
	"Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic      Isolate \n" \
	"Node 0, zone      DMA            1            7            0            0            0 \n" \
	"Node 0, zone    DMA32           33          209            6            0            0 \n"
/* clang-format on */
