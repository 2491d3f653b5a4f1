/* SPDX-License-Identifier: MIT */
/*
 * Memory of users: any of the program's. What cannot be accessed is -EFAULT, or as many bytes
 * as are left, and the rest of the buffer is cleared, as in a kernel.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <kunit/test.h>

/* Below and above all that is mapped; in none is a byte to be had. */
#define NOWHERE ((void __user *)16)
#define BEYOND	((void __user *)(TASK_SIZE_MAX - 8))

/* The last @len bytes of an area, behind which there is nothing. */
static char *area;

static char __user *edge(size_t len)
{
	return (char __user *)area + PAGE_SIZE - len;
}

static int uaccess_init(struct kunit *test)
{
	area = vmalloc(PAGE_SIZE); /* and a page that guards it */
	return area ? 0 : -ENOMEM;
}

static void uaccess_exit(struct kunit *test)
{
	vfree(area);
}

static void good_memory_is_copied(struct kunit *test)
{
	char from[] = "from a user", to[sizeof(from)] = "";
	u32 number = 0;
	u64 large = 0x1122334455667788ULL, got = 0;

	KUNIT_EXPECT_EQ(test, copy_from_user(to, (void __user *)from, sizeof(from)), 0ul);
	KUNIT_EXPECT_STREQ(test, to, from);
	KUNIT_EXPECT_EQ(test, copy_to_user((void __user *)to, "xy", 2), 0ul);
	KUNIT_EXPECT_STREQ(test, to, "xyom a user");
	KUNIT_EXPECT_EQ(test, put_user(77u, (u32 __user *)&number), 0);
	KUNIT_EXPECT_EQ(test, number, 77u);
	KUNIT_EXPECT_EQ(test, get_user(got, (u64 __user *)&large), 0);
	KUNIT_EXPECT_EQ(test, got, large);
	KUNIT_EXPECT_EQ(test, clear_user((void __user *)to, 3), 0ul);
	KUNIT_EXPECT_EQ(test, memcmp(to, "\0\0\0m", 4), 0);
}

static void bad_memory_is_an_error(struct kunit *test)
{
	char buf[32];
	int number = 5;

	KUNIT_EXPECT_EQ(test, copy_from_user(buf, NOWHERE, 10), 10ul);
	KUNIT_EXPECT_EQ(test, copy_to_user(NOWHERE, buf, 10), 10ul);
	KUNIT_EXPECT_EQ(test, copy_from_user(buf, BEYOND, 10), 10ul);
	KUNIT_EXPECT_EQ(test, clear_user(NOWHERE, 10), 10ul);
	KUNIT_EXPECT_EQ(test, get_user(number, (int __user *)NOWHERE), -EFAULT);
	KUNIT_EXPECT_EQ(test, number, 0);
	KUNIT_EXPECT_EQ(test, put_user(number, (int __user *)NOWHERE), -EFAULT);
	KUNIT_EXPECT_EQ(test, put_user(number, (int __user *)(BEYOND + 6)), -EFAULT);
	KUNIT_EXPECT_FALSE(test, access_ok(BEYOND, 9));
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(buf, (void *)16, 8), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, copy_from_user_nofault(buf, NOWHERE, 8), (long)-EFAULT);
}

static void a_copy_ends_where_memory_does(struct kunit *test)
{
	char buf[32];

	memset(area, 'a', PAGE_SIZE);
	memset(buf, 'x', sizeof(buf));
	KUNIT_EXPECT_EQ(test, copy_from_user(buf, edge(5), 12), 7ul);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "aaaaa\0\0\0\0\0\0\0xx", 14), 0);
	KUNIT_EXPECT_EQ(test, copy_to_user(edge(3), "12345678", 8), 5ul);
	KUNIT_EXPECT_EQ(test, memcmp(area + PAGE_SIZE - 4, "a123", 4), 0);
	KUNIT_EXPECT_EQ(test, clear_user(edge(2), 100), 98ul);
	KUNIT_EXPECT_EQ(test, area[PAGE_SIZE - 1], (char)0);
}

static void strings_end_or_do_not(struct kunit *test)
{
	char buf[16];
	char *copy;

	strcpy(area + PAGE_SIZE - 6, "hello");
	KUNIT_EXPECT_EQ(test, strncpy_from_user(buf, edge(6), sizeof(buf)), 5L);
	KUNIT_EXPECT_STREQ(test, buf, "hello");
	KUNIT_EXPECT_EQ(test, strncpy_from_user(buf, edge(6), 3), 3L);
	KUNIT_EXPECT_EQ(test, strnlen_user(edge(6), 100), 6L);
	KUNIT_EXPECT_GT(test, strnlen_user(edge(6), 3), 3L);
	KUNIT_EXPECT_EQ(test, strncpy_from_user(buf, NOWHERE, 5), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, strnlen_user(NOWHERE, 5), 0L);
	area[PAGE_SIZE - 1] = '!'; /* and no end */
	KUNIT_EXPECT_EQ(test, strncpy_from_user(buf, edge(6), sizeof(buf)), (long)-EFAULT);
	area[PAGE_SIZE - 1] = '\0';

	copy = strndup_user(edge(6), 10);
	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	KUNIT_EXPECT_STREQ(test, copy, "hello");
	kfree(copy);
	KUNIT_EXPECT_EQ(test, PTR_ERR(strndup_user(edge(6), 5)), (long)-EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(strndup_user(NOWHERE, 5)), (long)-EFAULT);
}

static void copies_of_their_own(struct kunit *test)
{
	char *copy;

	memcpy(area, "words", 5);
	copy = memdup_user((void __user *)area, 5);
	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	KUNIT_EXPECT_EQ(test, memcmp(copy, "words", 5), 0);
	kfree(copy);
	copy = memdup_user_nul((void __user *)area, 5);
	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	KUNIT_EXPECT_STREQ(test, copy, "words");
	kfree(copy);
	copy = vmemdup_user((void __user *)area, 5);
	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	KUNIT_EXPECT_EQ(test, memcmp(copy, "words", 5), 0);
	kvfree(copy);
	KUNIT_EXPECT_EQ(test, PTR_ERR(vmemdup_user(edge(2), 3)), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, PTR_ERR(memdup_user(edge(2), 3)), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, PTR_ERR(memdup_user_nul(NOWHERE, 3)), (long)-EFAULT);
}

/* Told once (--warns=1): a page of a user's may have to be fetched. */
static void atomic_context_is_told(struct kunit *test)
{
	char buf[4] = "abc";

	pagefault_disable();
	preempt_disable();
	KUNIT_EXPECT_EQ(test, copy_from_user(buf, (void __user *)buf, 1), 0ul);
	pagefault_enable();
	KUNIT_EXPECT_EQ(test, copy_from_user(buf, (void __user *)buf, 1), 0ul);
	preempt_enable();
}

static struct kunit_case uaccess_cases[] = {
	KUNIT_CASE(good_memory_is_copied),
	KUNIT_CASE(bad_memory_is_an_error),
	KUNIT_CASE(a_copy_ends_where_memory_does),
	KUNIT_CASE(strings_end_or_do_not),
	KUNIT_CASE(copies_of_their_own),
	KUNIT_CASE(atomic_context_is_told),
	{},
};

static struct kunit_suite uaccess_suite = {
	.name = "uaccess",
	.init = uaccess_init,
	.exit = uaccess_exit,
	.test_cases = uaccess_cases,
};
kunit_test_suite(uaccess_suite);

MODULE_LICENSE("Dual MIT/GPL");
