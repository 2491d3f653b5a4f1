/* SPDX-License-Identifier: MIT */
/*
 * Device resources: what is taken for a device goes when the device does, last first, or
 * earlier where it is given back by hand, and no memory is left.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/test.h>

#include "below.h"

static char order[16];

static void note(void *letter)
{
	size_t len = strlen(order);

	order[len] = *(char *)letter;
	order[len + 1] = '\0';
}

static struct device *device_begin(struct kunit *test)
{
	struct device *dev = root_device_register("kunit");

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_EXPECT_STREQ(test, dev_name(dev), "kunit");
	order[0] = '\0';
	return dev;
}

static void what_is_taken_goes_with_the_device(struct kunit *test)
{
	struct device *dev = device_begin(test);
	char *memory = devm_kzalloc(dev, 100, GFP_KERNEL);
	char *copy = devm_kstrdup(dev, "copy", GFP_KERNEL);
	char *text = devm_kasprintf(dev, GFP_KERNEL, "%s-%d", dev_name(dev), 7);
	int __percpu *numbers = devm_alloc_percpu(dev, int);
	unsigned long pages = devm_get_free_pages(dev, GFP_KERNEL, 1);

	KUNIT_EXPECT_TRUE(test, memory && !memchr_inv(memory, 0, 100));
	KUNIT_EXPECT_STREQ(test, copy, "copy");
	KUNIT_EXPECT_STREQ(test, text, "kunit-7");
	KUNIT_EXPECT_TRUE(test, numbers && pages);
	KUNIT_EXPECT_EQ(test, dev_err_probe(dev, -EINVAL, "to be read: %d\n", 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, dev_err_probe(dev, -EPROBE_DEFER, "not told\n"), -EPROBE_DEFER);
	memory = devm_krealloc(dev, memory, 5000, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, memory);
	devm_kfree(dev, copy);
	root_device_unregister(dev);
}

static void the_last_goes_first(struct kunit *test)
{
	struct device *dev = device_begin(test);

	KUNIT_EXPECT_EQ(test, devm_add_action(dev, note, "a"), 0);
	KUNIT_EXPECT_EQ(test, devm_add_action(dev, note, "b"), 0);
	KUNIT_EXPECT_EQ(test, devm_add_action_or_reset(dev, note, "c"), 0);
	root_device_unregister(dev);
	KUNIT_EXPECT_STREQ(test, order, "cba");
}

static void a_group_goes_alone(struct kunit *test)
{
	struct device *dev = device_begin(test);
	static char letter_b[] = "b";
	void *group;

	devm_add_action(dev, note, "a");
	group = devres_open_group(dev, NULL, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, group);
	devm_add_action(dev, note, letter_b);
	devm_add_action(dev, note, "c");
	devres_close_group(dev, group);
	devm_add_action(dev, note, "d");
	devm_release_action(dev, note, letter_b);
	KUNIT_EXPECT_STREQ(test, order, "b");
	KUNIT_EXPECT_EQ(test, devres_release_group(dev, group), 1);
	KUNIT_EXPECT_STREQ(test, order, "bc");
	root_device_unregister(dev);
	KUNIT_EXPECT_STREQ(test, order, "bcda");
}

/* A resource of the program's own. */
struct resource_data {
	int number;
	int *sum;
};

static void resource_release(struct device *dev, void *resource)
{
	struct resource_data *data = resource;

	*data->sum += data->number;
}

static int resource_match(struct device *dev, void *resource, void *number)
{
	struct resource_data *data = resource;

	return data->number == *(int *)number;
}

static void a_resource_is_found_and_taken_out(struct kunit *test)
{
	struct device *dev = device_begin(test);
	struct resource_data *data;
	int number, sum = 0;

	for (number = 1; number <= 4; number++) {
		data = devres_alloc(resource_release, sizeof(*data), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, data);
		data->number = number;
		data->sum = &sum;
		devres_add(dev, data);
	}
	number = 2;
	data = devres_find(dev, resource_release, resource_match, &number);
	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, data->number, 2);
	KUNIT_EXPECT_EQ(test, devres_destroy(dev, resource_release, resource_match, &number), 0);
	KUNIT_EXPECT_EQ(test, sum, 0);
	KUNIT_EXPECT_EQ(test, devres_release(dev, resource_release, resource_match, &number),
			-ENOENT);
	number = 3;
	KUNIT_EXPECT_EQ(test, devres_release(dev, resource_release, resource_match, &number), 0);
	KUNIT_EXPECT_EQ(test, sum, 3);
	root_device_unregister(dev);
	KUNIT_EXPECT_EQ(test, sum, 3 + 1 + 4);
}

static int nr_released;

static void mine_release(struct device *dev)
{
	nr_released++;
}

static void who_has_a_reference_keeps_the_device(struct kunit *test)
{
	struct device dev = { .init_name = "mine", .release = mine_release };

	nr_released = 0;
	order[0] = '\0';
	KUNIT_ASSERT_EQ(test, device_register(&dev), 0);
	get_device(&dev);
	devm_add_action(&dev, note, "x");
	device_unregister(&dev);
	KUNIT_EXPECT_STREQ(test, order, "x");
	KUNIT_EXPECT_EQ(test, nr_released, 0);
	put_device(&dev);
	KUNIT_EXPECT_EQ(test, nr_released, 1);
}

/* Who is told of a type's or a parent's release. */
static void typed_release(struct device *dev)
{
	strcat(order, dev_name(dev));
}

static const struct device_type typed = { .name = "typed", .release = typed_release };

static void a_child_keeps_its_parent(struct kunit *test)
{
	struct device parent = { .init_name = "P", .type = &typed };
	struct device child = { .init_name = "C", .type = &typed, .parent = &parent };

	order[0] = '\0';
	KUNIT_ASSERT_EQ(test, device_register(&parent), 0);
	KUNIT_ASSERT_EQ(test, device_register(&child), 0);
	devm_add_action(&parent, note, "p");
	device_unregister(&parent);
	KUNIT_EXPECT_STREQ(test, order, "p");
	device_unregister(&child);
	KUNIT_EXPECT_STREQ(test, order, "pPC");
}

/* What comes when the device is gone but held goes with the last reference. */
static void a_latecomer_goes_at_the_end(struct kunit *test)
{
	struct device dev = { .init_name = "late", .release = mine_release };

	order[0] = '\0';
	KUNIT_ASSERT_EQ(test, device_register(&dev), 0);
	get_device(&dev);
	device_unregister(&dev);
	devm_add_action(&dev, note, "y");
	KUNIT_EXPECT_STREQ(test, order, "");
	put_device(&dev);
	KUNIT_EXPECT_STREQ(test, order, "y");
}

static void without_memory_nothing_is_taken(struct kunit *test)
{
	struct device *dev = device_begin(test);
	void *memory, *zeroed;
	int added, reset;

	fail_begin(1);
	memory = devm_kmalloc(dev, 100, GFP_KERNEL);
	fail_begin(1);
	zeroed = devm_kcalloc(dev, 10, 10, GFP_KERNEL);
	fail_begin(1);
	added = devm_add_action(dev, note, "n");
	fail_begin(1);
	reset = devm_add_action_or_reset(dev, note, "r");
	fail_end();
	KUNIT_EXPECT_TRUE(test, !memory && !zeroed);
	KUNIT_EXPECT_EQ(test, added, -ENOMEM);
	KUNIT_EXPECT_EQ(test, reset, -ENOMEM);
	KUNIT_EXPECT_STREQ(test, order, "r");
	KUNIT_EXPECT_NULL(test, devm_kcalloc(dev, SIZE_MAX / 2, 4, GFP_KERNEL));
	root_device_unregister(dev);
	KUNIT_EXPECT_STREQ(test, order, "r");
}

static struct kunit_case devres_cases[] = {
	KUNIT_CASE(what_is_taken_goes_with_the_device),
	KUNIT_CASE(the_last_goes_first),
	KUNIT_CASE(a_group_goes_alone),
	KUNIT_CASE(a_resource_is_found_and_taken_out),
	KUNIT_CASE(who_has_a_reference_keeps_the_device),
	KUNIT_CASE(a_child_keeps_its_parent),
	KUNIT_CASE(a_latecomer_goes_at_the_end),
	KUNIT_CASE(without_memory_nothing_is_taken),
	{},
};

static struct kunit_suite devres_suite = {
	.name = "devres",
	.test_cases = devres_cases,
};
kunit_test_suite(devres_suite);

MODULE_LICENSE("Dual MIT/GPL");
