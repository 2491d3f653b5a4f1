/* SPDX-License-Identifier: MIT */
/* /proc/zoneinfo of Linux 6.1 on a PC with 512 MiB, 2 CPUs and one node. */
/* clang-format off */
#define SAMPLE_ZONEINFO \
	"Node 0, zone      DMA\n" \
	"  per-node stats\n" \
	"      nr_inactive_anon 130\n" \
	"      nr_active_anon 455\n" \
	"      nr_inactive_file 0\n" \
	"      nr_active_file 0\n" \
	"      nr_unevictable 0\n" \
	"      nr_slab_reclaimable 2271\n" \
	"      nr_slab_unreclaimable 1747\n" \
	"      nr_isolated_anon 0\n" \
	"      nr_isolated_file 0\n" \
	"      workingset_nodes 0\n" \
	"      workingset_refault_anon 0\n" \
	"      workingset_refault_file 0\n" \
	"      workingset_activate_anon 0\n" \
	"      workingset_activate_file 0\n" \
	"      workingset_restore_anon 0\n" \
	"      workingset_restore_file 0\n" \
	"      workingset_nodereclaim 0\n" \
	"      nr_anon_pages 13\n" \
	"      nr_mapped    403\n" \
	"      nr_file_pages 559\n" \
	"      nr_dirty     0\n" \
	"      nr_writeback 0\n" \
	"      nr_writeback_temp 0\n" \
	"      nr_shmem     559\n" \
	"      nr_shmem_hugepages 0\n" \
	"      nr_shmem_pmdmapped 0\n" \
	"      nr_file_hugepages 0\n" \
	"      nr_file_pmdmapped 0\n" \
	"      nr_anon_transparent_hugepages 0\n" \
	"      nr_vmscan_write 0\n" \
	"      nr_vmscan_immediate_reclaim 0\n" \
	"      nr_dirtied   0\n" \
	"      nr_written   0\n" \
	"      nr_throttled_written 0\n" \
	"      nr_kernel_misc_reclaimable 0\n" \
	"      nr_foll_pin_acquired 0\n" \
	"      nr_foll_pin_released 0\n" \
	"      nr_kernel_stack 864\n" \
	"      nr_page_table_pages 16\n" \
	"      nr_sec_page_table_pages 0\n" \
	"      nr_swapcached 0\n" \
	"      pgpromote_success 0\n" \
	"      pgpromote_candidate 0\n" \
	"  pages free     3808\n" \
	"        boost    0\n" \
	"        min      22\n" \
	"        low      27\n" \
	"        high     32\n" \
	"        spanned  4095\n" \
	"        present  3998\n" \
	"        managed  3840\n" \
	"        cma      0\n" \
	"        protection: (0, 444, 444, 444, 444)\n" \
	"      nr_free_pages 3808\n" \
	"      nr_zone_inactive_anon 0\n" \
	"      nr_zone_active_anon 0\n" \
	"      nr_zone_inactive_file 0\n" \
	"      nr_zone_active_file 0\n" \
	"      nr_zone_unevictable 0\n" \
	"      nr_zone_write_pending 0\n" \
	"      nr_mlock     0\n" \
	"      nr_bounce    0\n" \
	"      nr_zspages   0\n" \
	"      nr_free_cma  0\n" \
	"      numa_hit     1\n" \
	"      numa_miss    0\n" \
	"      numa_foreign 0\n" \
	"      numa_interleave 1\n" \
	"      numa_local   1\n" \
	"      numa_other   0\n" \
	"  pagesets\n" \
	"    cpu: 0\n" \
	"              count: 0\n" \
	"              high:  13\n" \
	"              batch: 1\n" \
	"  vm stats threshold: 4\n" \
	"    cpu: 1\n" \
	"              count: 0\n" \
	"              high:  13\n" \
	"              batch: 1\n" \
	"  vm stats threshold: 4\n" \
	"  node_unreclaimable:  0\n" \
	"  start_pfn:           1\n" \
	"Node 0, zone    DMA32\n" \
	"  pages free     109229\n" \
	"        boost    0\n" \
	"        min      662\n" \
	"        low      827\n" \
	"        high     992\n" \
	"        spanned  126944\n" \
	"        present  126944\n" \
	"        managed  116170\n" \
	"        cma      0\n" \
	"        protection: (0, 0, 0, 0, 0)\n" \
	"      nr_free_pages 109229\n" \
	"      nr_zone_inactive_anon 130\n" \
	"      nr_zone_active_anon 455\n" \
	"      nr_zone_inactive_file 0\n" \
	"      nr_zone_active_file 0\n" \
	"      nr_zone_unevictable 0\n" \
	"      nr_zone_write_pending 0\n" \
	"      nr_mlock     0\n" \
	"      nr_bounce    0\n" \
	"      nr_zspages   0\n" \
	"      nr_free_cma  0\n" \
	"      numa_hit     6075\n" \
	"      numa_miss    0\n" \
	"      numa_foreign 0\n" \
	"      numa_interleave 644\n" \
	"      numa_local   6075\n" \
	"      numa_other   0\n" \
	"  pagesets\n" \
	"    cpu: 0\n" \
	"              count: 300\n" \
	"              high:  413\n" \
	"              batch: 31\n" \
	"  vm stats threshold: 12\n" \
	"    cpu: 1\n" \
	"              count: 167\n" \
	"              high:  413\n" \
	"              batch: 31\n" \
	"  vm stats threshold: 12\n" \
	"  node_unreclaimable:  0\n" \
	"  start_pfn:           4096\n" \
	"Node 0, zone   Normal\n" \
	"  pages free     0\n" \
	"        boost    0\n" \
	"        min      0\n" \
	"        low      0\n" \
	"        high     0\n" \
	"        spanned  0\n" \
	"        present  0\n" \
	"        managed  0\n" \
	"        cma      0\n" \
	"        protection: (0, 0, 0, 0, 0)\n" \
	"Node 0, zone  Movable\n" \
	"  pages free     0\n" \
	"        boost    0\n" \
	"        min      0\n" \
	"        low      0\n" \
	"        high     0\n" \
	"        spanned  0\n" \
	"        present  0\n" \
	"        managed  0\n" \
	"        cma      0\n" \
	"        protection: (0, 0, 0, 0, 0)\n" \
	"Node 0, zone   Device\n" \
	"  pages free     0\n" \
	"        boost    0\n" \
	"        min      0\n" \
	"        low      0\n" \
	"        high     0\n" \
	"        spanned  0\n" \
	"        present  0\n" \
	"        managed  0\n" \
	"        cma      0\n" \
	"        protection: (0, 0, 0, 0, 0)\n"
/* clang-format on */
