/* SPDX-License-Identifier: MIT */
/*
 * Functions that are called at the beginning and at the end of a program: entries of two
 * tables that core/program.lds collects, those of init level by level, and in each file's own
 * order. The file says which belong together: where init failed there is no exit (core/calls.c).
 */
#ifndef KALLOC_KERNEL_CALLS_H
#define KALLOC_KERNEL_CALLS_H

struct kalloc_initcall {
	int (*run)(void);
	const char *file;
	int error; /* what it returned */
};

struct kalloc_exitcall {
	void (*run)(void);
	const char *file;
};

/* gcc turns variables round. */
#if defined(__has_attribute)
#if __has_attribute(no_reorder)
#define KALLOC_IN_ORDER __attribute__((no_reorder))
#endif
#endif
#ifndef KALLOC_IN_ORDER
#define KALLOC_IN_ORDER
#endif

#define KALLOC_ENTRY(where) \
	__attribute__((used, section(where), aligned(sizeof(void *)))) KALLOC_IN_ORDER

/* AddressSanitizer knows them by these names (core/asan-ignored). */
#define KALLOC_INITCALL(fn, id, where)                                                \
	static struct kalloc_initcall __initcall_##fn##id KALLOC_ENTRY(where) = { fn, \
										  __BASE_FILE__ }
#define KALLOC_EXITCALL(fn)                                         \
	static struct kalloc_exitcall __exitcall_##fn KALLOC_ENTRY( \
		".exitcall.exit") = { fn, __BASE_FILE__ }

#endif
