/* SPDX-License-Identifier: MIT */
/*
 * Module parameters, as the row's arguments set them, and what another file exports
 * (params_other.c).
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <kunit/test.h>

static int number = 1, unset = 5, named_here = 1;
static unsigned long long large;
static unsigned char byte;
static unsigned int hexed;
static bool flag, inverse;
static char *word = "nothing", *kept = "kept";
static char chars[8];
static int list[4], nr_list;

module_param(number, int, 0444);
module_param(unset, int, 0444);
module_param_named(another_name, named_here, int, 0444);
module_param(large, ullong, 0444);
module_param(byte, byte, 0444);
module_param(hexed, hexint, 0444);
module_param(flag, bool, 0444);
module_param(inverse, invbool, 0444);
module_param(word, charp, 0444);
module_param(kept, charp, 0444);
module_param_string(chars, chars, sizeof(chars), 0444);
module_param_array(list, int, &nr_list, 0444);
MODULE_PARM_DESC(number, "a number");

static int doubled;

static int doubled_set(const char *value, const struct kernel_param *param)
{
	int error = kstrtoint(value, 0, (int *)param->arg);

	if (!error)
		*(int *)param->arg *= 2;
	return error;
}

static const struct kernel_param_ops doubled_ops = { .set = doubled_set };
module_param_cb(doubled, &doubled_ops, &doubled, 0444);

static void each_type_takes_its_values(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, number, -7);
	KUNIT_EXPECT_EQ(test, unset, 5);
	KUNIT_EXPECT_EQ(test, named_here, 9);
	KUNIT_EXPECT_EQ(test, large, 99999999999ULL);
	KUNIT_EXPECT_EQ(test, (int)byte, 200);
	KUNIT_EXPECT_EQ(test, hexed, 0x1fu);
	KUNIT_EXPECT_TRUE(test, flag);
	KUNIT_EXPECT_FALSE(test, inverse);
	KUNIT_EXPECT_STREQ(test, word, "text=more");
	KUNIT_EXPECT_STREQ(test, kept, "kept");
	KUNIT_EXPECT_STREQ(test, chars, "seven77");
	KUNIT_EXPECT_EQ(test, nr_list, 3);
	KUNIT_EXPECT_EQ(test, list[0] + list[1] * 10 + list[2] * 100 + list[3], 321);
	KUNIT_EXPECT_EQ(test, doubled, 42);
}

extern int params_exported;
extern int params_twice(int number);
extern const char *params_module(void);

static void what_is_exported_is_there(struct kunit *test)
{
	int (*got)(int) = symbol_get(params_twice);

	KUNIT_EXPECT_EQ(test, params_exported, 11);
	KUNIT_EXPECT_EQ(test, params_twice(4), 8);
	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_EXPECT_EQ(test, got(5), 10);
	symbol_put(params_twice);
	KUNIT_EXPECT_STREQ(test, params_module(), "params_other");
	KUNIT_EXPECT_STREQ(test, KBUILD_MODNAME, "params_kunit");
	KUNIT_EXPECT_TRUE(test, try_module_get(THIS_MODULE));
	module_put(THIS_MODULE);
}

static struct kunit_case params_cases[] = {
	KUNIT_CASE(each_type_takes_its_values),
	KUNIT_CASE(what_is_exported_is_there),
	{},
};

static struct kunit_suite params_suite = {
	.name = "params",
	.test_cases = params_cases,
};
kunit_test_suite(params_suite);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION("1");
MODULE_ALIAS("params");
MODULE_SOFTDEP("pre: params_other");
