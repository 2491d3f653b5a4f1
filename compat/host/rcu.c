/* SPDX-License-Identifier: MIT */
/* Readers and grace periods: liburcu, in the flavour that threads need not register with. */
#define _LGPL_SOURCE
#include <urcu-bp.h>

#include <kalloc/kernel/host.h>

#include "tsan.h"

/* Stands for all readers. */
static int readers;

static __thread unsigned int depth;

static void reader_end(void)
{
	order_before(&readers);
	urcu_bp_read_unlock();
}

unsigned int host_rcu_read_lock(void)
{
	urcu_bp_read_lock();
	return ++depth;
}

unsigned int host_rcu_read_unlock(void)
{
	reader_end();
	return --depth;
}

unsigned int host_rcu_depth(void)
{
	return depth;
}

static __thread _Bool in_section;

void host_section_begin(void)
{
	if (in_section)
		return;
	in_section = 1;
	urcu_bp_read_lock();
}

void host_section_end(void)
{
	if (!in_section)
		return;
	reader_end();
	in_section = 0;
}

_Bool host_section_leave(void)
{
	_Bool was_in = in_section;

	host_section_end();
	return was_in;
}

_Bool host_rcu_is_reader(void)
{
	return urcu_bp_read_ongoing();
}

void host_rcu_synchronize(void)
{
	_Bool was_in = host_section_leave();

	order_before(&readers);
	urcu_bp_synchronize_rcu();
	order_behind(&readers);
	if (was_in)
		host_section_begin();
}
