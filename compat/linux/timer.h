/* SPDX-License-Identifier: MIT */
/*
 * The tree's. What makes a timer of a CPU's goes by another name: a program that has it is
 * linked with what lets several threads be on one CPU (core/gate.c).
 */
#include_next <linux/timer.h>

#ifndef KALLOC_TIMER_H
#define KALLOC_TIMER_H

void kalloc_init_timer_pinned(struct timer_list *timer, void (*func)(struct timer_list *),
			      unsigned int flags, const char *name, struct lock_class_key *key);

#define KALLOC_NOT_PINNED(flags) (__builtin_constant_p(flags) && !((flags)&TIMER_PINNED))

#define init_timer_key(timer, func, flags, name, key)                        \
	(KALLOC_NOT_PINNED(flags)                                            \
		 ? (init_timer_key)((timer), (func), (flags), (name), (key)) \
		 : kalloc_init_timer_pinned((timer), (func), (flags), (name), (key)))
#define init_timer_on_stack_key(timer, func, flags, name, key) \
	init_timer_key((timer), (func), (flags), (name), (key))

#endif
