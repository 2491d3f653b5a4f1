/* SPDX-License-Identifier: MIT */
/*
 * Proves of kalloc.nodes= and kalloc.distance= that good values arrive and bad ones are
 * refused with a message that names the parameter.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>

#include "params.h"

static char said[1024];

static void said_set(void *ctx, const char *text)
{
	snprintf(said, sizeof(said), "%s", text);
}

static void test_taken(void **state)
{
	struct machine_params params;

	assert_int_equal(params_parse("mem=1G kalloc.nodes=32M,0,8M kalloc.distance="
				      "10,11,254;12,10,20;30,40,10",
				      &params),
			 0);
	assert_int_equal(params.nr_nodes, 3);
	assert_true(params.has_node_bytes);
	assert_int_equal(params.mem_bytes, 40UL << 20);
	assert_int_equal(params.node_bytes[0], 32UL << 20);
	assert_int_equal(params.node_bytes[1], 0);
	assert_int_equal(params.node_bytes[2], 8UL << 20);
	assert_int_equal(params.distance[0][2], 254);
	assert_int_equal(params.distance[2][1], 40);

	/* The later of two ways to say how many holds. */
	assert_int_equal(params_parse("mem=64M kalloc.nodes=32M,0,8M numa=fake=2", &params), 0);
	assert_int_equal(params.nr_nodes, 2);
	assert_int_equal(params.mem_bytes, 64UL << 20);
	assert_int_equal(params_parse("mem=64M numa=fake=2 kalloc.distance=10,20;20,10", &params),
			 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *cmdline;
		const char *why;
	} rows[] = {
		{ "kalloc.nodes", "kalloc.nodes: needs a value" },
		{ "kalloc.nodes=32M,", "must be sizes" },
		{ "kalloc.nodes=32M;8M", "must be sizes" },
		{ "kalloc.nodes=0,0", "some node must have memory" },
		{ "kalloc.nodes=32M,1M", "node 1 must have no memory, or at least 4M" },
		{ "kalloc.nodes=32M,5M", "in multiples of 4096K" },
		{ "kalloc.nodes=8T,16T", "node 1 must" },
		{ "kalloc.distance=10,20;20,10", "is for 2 nodes, the machine has 1" },
		{ "numa=fake=2 kalloc.distance=10,20;20", "rows must be of one length" },
		{ "numa=fake=2 kalloc.distance=10,20", "as many rows as columns" },
		{ "numa=fake=2 kalloc.distance=10,20;20,11", "10 from each node to itself" },
		{ "numa=fake=2 kalloc.distance=10,10;20,10", "10 from each node to itself" },
		{ "numa=fake=2 kalloc.distance=10,9;20,10", "values from 10 to 254" },
		{ "numa=fake=2 kalloc.distance=10,255;20,10", "values from 10 to 254" },
		{ "numa=fake=2 kalloc.distance=10,x;20,10", "values from 10 to 254" },
		{ "numa=fake=2 kalloc.distance=", "values from 10 to 254" },
	};
	struct machine_params params;

	kalloc_set_console(said_set, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		said[0] = '\0';
		assert_int_equal(params_parse(rows[i].cmdline, &params), -EINVAL);
		if (!strstr(said, rows[i].why) || !strstr(said, "kalloc.") ||
		    strncmp(said, "kalloc: ", 8) != 0)
			fail_msg("%s: %s", rows[i].cmdline, said);
	}
	kalloc_set_console(NULL, NULL);
}

static void test_too_many(void **state)
{
	struct machine_params params;
	char cmdline[256] = "kalloc.nodes=32M";

	for (int i = 1; i <= 64; i++)
		strcat(cmdline, ",0");
	kalloc_set_console(said_set, NULL);
	assert_int_equal(params_parse(cmdline, &params), -EINVAL);
	assert_non_null(strstr(said, "too many nodes"));
	cmdline[strlen(cmdline) - 2] = '\0';
	assert_int_equal(params_parse(cmdline, &params), 0);
	assert_int_equal(params.nr_nodes, 64);
	kalloc_set_console(NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("numa", tests, NULL, NULL);
}
