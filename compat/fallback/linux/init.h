/* SPDX-License-Identifier: MIT */
/*
 * Functions that are called at the beginning and at the end: kept in sections, which
 * core/program.lds collects level by level. Their names are known to core/asan-ignored.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#define __init
#define __exit
#define __initdata
#define __exitdata
#define __initconst

#define KALLOC_INITCALL(fn, level) \
	static const initcall_t __initcall_##fn __used __section(".initcall" level ".init") = fn

#define early_initcall(fn)    KALLOC_INITCALL(fn, "early")
#define pure_initcall(fn)     KALLOC_INITCALL(fn, "0")
#define core_initcall(fn)     KALLOC_INITCALL(fn, "1")
#define postcore_initcall(fn) KALLOC_INITCALL(fn, "2")
#define arch_initcall(fn)     KALLOC_INITCALL(fn, "3")
#define subsys_initcall(fn)   KALLOC_INITCALL(fn, "4")
#define fs_initcall(fn)	      KALLOC_INITCALL(fn, "5")
#define device_initcall(fn)   KALLOC_INITCALL(fn, "6")
#define late_initcall(fn)     KALLOC_INITCALL(fn, "7")

#define __exitcall(fn) \
	static const exitcall_t __exitcall_##fn __used __section(".exitcall.exit") = fn

#endif
