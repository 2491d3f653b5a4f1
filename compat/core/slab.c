/* SPDX-License-Identifier: MIT */
/*
 * KUnit's tests that provoke reports on caches have a resource "slab_errors", which counts
 * them: in a kernel mm/slub.c does. What is counted is not printed.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <kunit/resource.h>
#include <kunit/test.h>

#include "core.h"

/* From 6.12 on objects that are left are counted, and that the cache stays is not told. */
#define COUNTS_OBJECTS (KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 12, 0))

static bool report_count(enum kalloc_slab_report report, int *errors)
{
	if (report == KALLOC_SLAB_STAYS)
		return COUNTS_OBJECTS;
	if (report == KALLOC_SLAB_LEFT && !COUNTS_OBJECTS)
		return false;
	++*errors;
	return true;
}

static bool report_take(void *ctx, struct kmem_cache *s, enum kalloc_slab_report report)
{
	struct kunit *test = current->kunit_test;
	struct kunit_resource *errors;
	bool is_taken;

	errors = test ? kunit_find_named_resource(test, "slab_errors") : NULL;
	if (!errors)
		return false;
	is_taken = report_count(report, errors->data);
	kunit_put_resource(errors);
	return is_taken;
}

void slab_boot(void)
{
	kalloc_take_slab_reports(report_take, NULL);
}
