/* SPDX-License-Identifier: MIT */
/* Functions that are called at the beginning and at the end. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <kalloc/kernel/calls.h>

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#define __init
#define __exit
#define __initdata
#define __exitdata
#define __initconst

#define __define_initcall(fn, id) KALLOC_INITCALL(fn, id, ".initcall" #id ".init")

#define early_initcall(fn)	  __define_initcall(fn, early)
#define pure_initcall(fn)	  __define_initcall(fn, 0)
#define core_initcall(fn)	  __define_initcall(fn, 1)
#define postcore_initcall(fn)	  __define_initcall(fn, 2)
#define arch_initcall(fn)	  __define_initcall(fn, 3)
#define subsys_initcall(fn)	  __define_initcall(fn, 4)
#define fs_initcall(fn)		  __define_initcall(fn, 5)
#define device_initcall(fn)	  __define_initcall(fn, 6)
#define late_initcall(fn)	  __define_initcall(fn, 7)

#define __exitcall(fn)		  KALLOC_EXITCALL(fn)

#endif
