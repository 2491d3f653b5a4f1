/* SPDX-License-Identifier: MIT */
/* The tree's, but for what a table's entry is. */
#include_next <linux/init.h>

#ifndef KALLOC_INIT
#define KALLOC_INIT

#include <kalloc/kernel/calls.h>

#undef ___define_initcall
#define ___define_initcall(fn, id, where) \
	KALLOC_INITCALL(fn, id, #where ".init"); /* as the tree's */
#undef __exitcall
#define __exitcall(fn) KALLOC_EXITCALL(fn)

#endif
