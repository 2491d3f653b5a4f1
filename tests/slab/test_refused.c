/* SPDX-License-Identifier: MIT */
/*
 * Proves what src/slab/kmalloc.c says, in the kernel's words: of requests that no block
 * holds, of a machine without such a block, of memory that is not kmalloc's.
 */
#include <kalloc/context.h>
#include <kalloc/page.h>

#include "rig.h"
#include "warning.h"

static void test_too_large(void **state)
{
	(void)state;
	assert_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	assert_null(kmalloc(SIZE_MAX, GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(said, "");
	assert_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_warning(said, "");
	rig_hush();
	assert_null(kmalloc(SIZE_MAX, GFP_KERNEL));
	assert_string_equal(said, ""); /* once in a process */
}

/* The head of the report names the largest block and the flag that kmalloc adds. */
static void test_no_large_block(void **state)
{
	static const char head[] = "insmod: page allocation failure: order:10, "
				   "mode:0x50cc0(GFP_KERNEL|__GFP_NORETRY|__GFP_COMP), "
				   "nodemask=(null),cpuset=/,mems_allowed=0\nMem-Info:\n";

	(void)state;
	while (alloc_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 10))
		;
	assert_string_equal(said, "");
	strcpy(kalloc_task()->comm, "insmod");
	assert_null(kmalloc(4 << 20, GFP_KERNEL | __GFP_NORETRY));
	kalloc_task()->comm[0] = '\0';
	assert_int_equal(strncmp(said, head, sizeof(head) - 1), 0);
}

/* One frame is never kmalloc's; it is said once in a process, and freed. */
static void test_free_of_a_frame(void **state)
{
	unsigned long frame = __get_free_pages(GFP_KERNEL, 0);
	const char *after;
	char pointer[64];

	(void)state;
	kfree((void *)frame);
	after = warning_end(said, "");
	assert_non_null(after);
	snprintf(pointer, sizeof(pointer), "object pointer: 0x%016lx\n", frame);
	assert_string_equal(after, pointer);
	assert_int_equal(page_count(virt_to_page((void *)frame)), 0);
	rig_hush();
	kfree((void *)__get_free_pages(GFP_KERNEL, 0));
	assert_string_equal(said, "");
}

static void test_foreign(void **state)
{
	int local;
	unsigned long frame = __get_free_pages(GFP_KERNEL, 0);
	char *large = kmalloc(20000, GFP_KERNEL);

	(void)state;
	kfree(&local);
	assert_non_null(strstr(said, "is not memory of any machine"));
	rig_hush();
	assert_int_equal(ksize(&local), 0);
	assert_non_null(strstr(said, "is not memory of any machine"));
	rig_hush();
	assert_int_equal(ksize((void *)frame), 0);
	assert_non_null(strstr(said, "is not from kmalloc"));
	rig_hush();
	assert_int_equal(ksize(large + 4096), 0);
	assert_non_null(strstr(said, "is not from kmalloc"));
	free_pages(frame, 0);
	kfree(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_too_large),
		rig_test(test_no_large_block),
		rig_test(test_free_of_a_frame),
		rig_test(test_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
