/* SPDX-License-Identifier: MIT */
/*
 * Runs one of the kernel's own userspace suites over libkalloc, and proves that it gives
 * back all that it takes: after it, and after all that waits for readers is freed, each
 * cache has as many objects in use as before, by /proc/slabinfo.
 *
 * usage: radix-tree xarray|idr|ida|multiorder
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* Both sides have a struct rcu_head. */
#define rcu_head urcu_head
#include <urcu.h>
#undef rcu_head
#include <kalloc/kalloc.h>

/* The suites', and what lib/radix-tree.c has of its own. */
void xarray_tests(void);
void idr_checks(void);
void ida_tests(void);
void multiorder_checks(void);
void radix_tree_init(void);
int radix_tree_cpu_dead(unsigned int cpu);

/* What the suites' headers ask of their stub. */
int nr_allocated, preempt_count, test_verbose, kmalloc_verbose;

static const struct suite {
	const char *name;
	void (*run)(void);
} suites[] = {
	{ "xarray", xarray_tests },
	{ "idr", idr_checks },
	{ "ida", ida_tests },
	{ "multiorder", multiorder_checks },
};

static char *slabinfo_read(void)
{
	long bytes = kalloc_read("/proc/slabinfo", NULL, 0);
	char *text = malloc((size_t)bytes + 1);

	if (!text)
		abort();
	kalloc_read("/proc/slabinfo", text, (size_t)bytes + 1);
	return text;
}

/* Free objects that a CPU has at hand count as in use until a cache is told to shrink. */
static void shrink_all(void)
{
	char *text = slabinfo_read();

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char path[128];

		snprintf(path, sizeof(path), "/sys/kernel/slab/%.*s/shrink",
			 (int)strcspn(line, " "), line);
		kalloc_write(path, "1");
	}
	free(text);
}

/* Objects in use of all caches, which are told one by one if @tell. */
static long live_count(int tell)
{
	long live = 0;
	char *text;

	shrink_all();
	text = slabinfo_read();
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char name[64];
		long nr;

		if (*line == '#' || sscanf(line, "%63s %ld", name, &nr) != 2)
			continue;
		live += nr;
		if (tell && nr)
			printf("  %s %ld\n", name, nr);
	}
	free(text);
	return live;
}

static const struct suite *suite_find(const char *name)
{
	for (size_t i = 0; i < sizeof(suites) / sizeof(*suites); i++)
		if (!strcmp(suites[i].name, name))
			return &suites[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct suite *suite = argc == 2 ? suite_find(argv[1]) : NULL;
	long before, live;

	if (!suite) {
		fprintf(stderr, "usage: %s xarray|idr|ida|multiorder\n", argv[0]);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	rcu_register_thread();
	radix_tree_init();
	before = live_count(0);
	suite->run();
	radix_tree_cpu_dead(1);
	rcu_barrier();
	live = live_count(0) - before;
	printf("%s: live objects %ld\n", suite->name, live);
	if (live)
		live_count(1);
	rcu_unregister_thread();
	return live != 0;
}
