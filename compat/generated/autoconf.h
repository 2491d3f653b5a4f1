/* SPDX-License-Identifier: MIT */
/*
 * The configuration that kernel sources are compiled for: a 64-bit SMP machine with one
 * node. -DCONFIG_X adds to it. No CONFIG_X86, CONFIG_SLUB and the like: what belongs to
 * them is libkalloc's and the C library's.
 */
#define CONFIG_64BIT			     1
#define CONFIG_SMP			     1
#define CONFIG_MMU			     1
#define CONFIG_NR_CPUS			     64
#define CONFIG_FORCE_NR_CPUS		     1
#define CONFIG_HZ			     250
#define CONFIG_HZ_250			     1
#define CONFIG_HIGH_RES_TIMERS		     1
#define CONFIG_PRINTK			     1
#define CONFIG_BUG			     1
#define CONFIG_BASE_SMALL		     0
#define CONFIG_BASE_FULL		     1
#define CONFIG_XARRAY_MULTI		     1
#define CONFIG_NODES_SHIFT		     0
#define CONFIG_PREEMPT_RCU		     1
#define CONFIG_TREE_RCU			     1
#define CONFIG_PREEMPT_COUNT		     1
#define CONFIG_SRCU			     1
#define CONFIG_TREE_SRCU		     1
#define CONFIG_PAGE_SHIFT		     12
#define CONFIG_PAGE_SIZE_4KB		     1
#define CONFIG_PGTABLE_LEVELS		     4
#define CONFIG_THREAD_INFO_IN_TASK	     1
#define CONFIG_GENERIC_BUG_RELATIVE_POINTERS 1
#define CONFIG_UNINLINE_SPIN_UNLOCK	     1
#define CONFIG_LOG_BUF_SHIFT		     17
#define CONFIG_PHYS_ADDR_T_64BIT	     1
#define CONFIG_ARCH_DMA_ADDR_T_64BIT	     1
#define CONFIG_DEBUG_ATOMIC_SLEEP	     1
#define CONFIG_SYMBOLIC_ERRNAME		     1
#define CONFIG_KUNIT			     1
#define CONFIG_KUNIT_DEFAULT_ENABLED	     1
#define CONFIG_BITREVERSE		     1
#define CONFIG_COMPACTION		     1
#define CONFIG_KALLSYMS			     1
#define CONFIG_PROC_FS			     1
#define CONFIG_DEBUG_FS			     1
#define CONFIG_DEBUG_FS_ALLOW_ALL	     1
#define CONFIG_FAULT_INJECTION		     1
#define CONFIG_FAULT_INJECTION_DEBUG_FS	     1

/* What a build says of each file, where it does not. */
#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME	 "module"
#define __KBUILD_MODNAME kmod_module
#endif
#ifndef KBUILD_BASENAME
#define KBUILD_BASENAME KBUILD_MODNAME
#endif
#ifndef KBUILD_MODFILE
#define KBUILD_MODFILE KBUILD_MODNAME
#endif
