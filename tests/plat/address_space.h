/* SPDX-License-Identifier: MIT */
/* How much address space this process takes, for tests that nothing is left behind. */
#ifndef TEST_PLAT_ADDRESS_SPACE_H
#define TEST_PLAT_ADDRESS_SPACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <kalloc/types.h>

/* Bytes of address space that this process takes. */
static inline unsigned long address_space_used(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long nr_pages;

	assert_non_null(statm);
	assert_int_equal(fscanf(statm, "%lu", &nr_pages), 1);
	fclose(statm);
	return nr_pages << PAGE_SHIFT;
}

#endif
