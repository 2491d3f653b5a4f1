/* SPDX-License-Identifier: MIT */
/*
 * The run of a program of kernel sources: module parameters from the arguments, the calls of
 * init level by level, KUnit's suites, the calls of exit; then what is left allocated, and
 * an exit status by rule: 0 if as many warnings were seen as expected, no KUnit case failed,
 * and nothing is left but what is expected to be.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <kalloc/kalloc.h>

#include "core.h"

struct kunit_suite;

typedef int (*init_fn)(void);
typedef void (*exit_fn)(void);

extern init_fn kalloc_initcalls_start[], kalloc_initcalls_end[];
extern exit_fn kalloc_exitcalls_start[], kalloc_exitcalls_end[];
extern struct kunit_suite *__kunit_suites_start[], *__kunit_suites_end[];
extern const struct kernel_param __start___param[] __weak, __stop___param[] __weak;

/* In programs that need them. */
int kunit_run_all_tests(void) __weak;
void ipi_boot(void) __weak;
void workqueue_boot(void) __weak;
void workqueue_settle(void) __weak;
void srcu_boot(void) __weak;
void radix_tree_init(void) __weak;
void maple_tree_init(void) __weak;

int kalloc_kmain(int argc, char **argv);

/* The machine, unless the environment has another: caches are told apart in the report. */
#define CMDLINE "mem=1G slab_nomerge"

static long long expected_warns, expected_live;
static const char *fail_nth;
static bool leaks_allowed;

static const struct option {
	const char *name;
	const char *what;
} options[] = {
	{ "--machine=P", "the parameters of the machine, instead of $KALLOC_CMDLINE" },
	{ "--warns=N", "as many warnings are expected (0)" },
	{ "--live=N", "so much is expected to be left allocated (0)" },
	{ "--fail-nth=N", "the N-th request for memory that the first thread makes fails" },
	{ "--leaks", "what is left allocated is told, but no error" },
	{ "--quiet", "print warnings and errors only" },
	{ "--seed=N", "another sequence of random numbers" },
	{ "NAME=VALUE", "a module parameter, or MODULE.NAME=VALUE" },
};

static int usage(const char *program)
{
	unsigned int i;

	printk("usage: %s [ARGUMENT...]\n", program);
	for (i = 0; i < ARRAY_SIZE(options); i++)
		printk("  %-12s %s\n", options[i].name, options[i].what);
	for (const struct kernel_param *p = __start___param; p < __stop___param; p++)
		printk("  %s=\n", p->name);
	return 2;
}

/* Return: false if no parameter is called so, or the value is none for it. */
static bool param_set(char *argument)
{
	char *value = strchr(argument, '=');
	bool found = false;

	if (!value)
		return false;
	*value++ = '\0';
	for (const struct kernel_param *p = __start___param; p < __stop___param; p++) {
		const char *dot = strrchr(p->name, '.');

		if (strcmp(p->name, argument) && (!dot || strcmp(dot + 1, argument)))
			continue;
		if (p->ops->set(value, p)) {
			printk("%s: bad value for %s\n", value, argument);
			return false;
		}
		found = true;
	}
	if (!found)
		printk("%s: no such parameter\n", argument);
	return found;
}

static bool argument_take(char *argument)
{
	long long number;

	if (!strncmp(argument, "--machine=", 10))
		return true;
	if (!strncmp(argument, "--warns=", 8))
		return host_parse(argument + 8, &expected_warns);
	if (!strncmp(argument, "--live=", 7))
		return host_parse(argument + 7, &expected_live);
	if (!strncmp(argument, "--seed=", 7) && host_parse(argument + 7, &number)) {
		host_seed((unsigned long long)number);
		return true;
	}
	if (!strncmp(argument, "--fail-nth=", 11))
		return (fail_nth = argument + 11);
	if (!strcmp(argument, "--leaks"))
		return leaks_allowed = true;
	if (!strcmp(argument, "--quiet"))
		return printk_quiet = true;
	return strncmp(argument, "--", 2) && param_set(argument);
}

#define FAIL_NTH "/proc/thread-self/fail-nth"

/* Nothing is to fail from here on. Tell whether it has, as who sweeps must know when to end. */
static void fail_nth_end(void)
{
	char left[16] = "";

	if (!fail_nth)
		return;
	kalloc_read(FAIL_NTH, left, sizeof(left));
	kalloc_write(FAIL_NTH, "0");
	printk("kalloc: request %s %s\n", fail_nth,
	       strcmp(left, "0\n") ? "was not made" : "failed");
}

static int verdict(void)
{
	unsigned int nr_running = task_settle();
	long live = live_report();
	long seen = atomic_read(&warns_seen);

	if (nr_running)
		printk("kalloc: %u threads still run\n", nr_running);
	printk("kalloc: warnings seen %ld, expected %lld; cases passed %d, failed %d; live %ld\n",
	       seen, expected_warns, atomic_read(&kunit_passed), atomic_read(&kunit_failed), live);
	if (seen != expected_warns || atomic_read(&kunit_failed))
		return 1;
	return live != expected_live && !leaks_allowed;
}

static void boot(void)
{
	smp_boot();
	percpu_boot();
	task_boot();
	if (ipi_boot)
		ipi_boot();
	wait_boot();
	live_boot();
	slab_boot();
	if (workqueue_boot)
		workqueue_boot();
	kthread_boot();
	if (srcu_boot)
		srcu_boot();
	if (radix_tree_init)
		radix_tree_init();
	if (maple_tree_init)
		maple_tree_init();
}

int kalloc_kmain(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], "--machine=", 10))
			host_setenv("KALLOC_CMDLINE", argv[i] + 10, true);
	host_setenv("KALLOC_CMDLINE", CMDLINE, false);
	boot();
	for (i = 1; i < argc; i++)
		if (!argument_take(argv[i]))
			return usage(argv[0]);
	if (fail_nth && kalloc_write(FAIL_NTH, fail_nth) < 0)
		return usage(argv[0]);
	for (init_fn *fn = kalloc_initcalls_start; fn < kalloc_initcalls_end; fn++) {
		int error = (*fn)();

		if (error)
			pr_info("kalloc: %ps returned %d\n", *fn, error);
	}
	if (kunit_run_all_tests && &__kunit_suites_start[0] != &__kunit_suites_end[0])
		kunit_run_all_tests();
	fail_nth_end();
	for (exit_fn *fn = kalloc_exitcalls_end; fn-- > kalloc_exitcalls_start;)
		(*fn)();
	if (workqueue_settle)
		workqueue_settle();
	rcu_barrier();
	return verdict();
}
