/* SPDX-License-Identifier: MIT */
/*
 * The run of a program of kernel sources: module parameters from the arguments, the calls of
 * init level by level, what the arguments say of files, KUnit's suites, the calls of exit;
 * then what is left allocated, and an exit status by rule: 0 if as many warnings were seen
 * as expected, no KUnit case failed, nothing is left but what is expected to be, and every
 * failure that was asked for was survived.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <kalloc/kalloc.h>
#include <kalloc/kernel/program.h>

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
void srcu_settle(void) __weak;
void seq_file_init(void) __weak;
void entry_settle(void) __weak;
void radix_tree_init(void) __weak;
void maple_tree_init(void) __weak;

/* The machine, unless the environment has another: caches are told apart in the report. */
#define CMDLINE "mem=1G slab_nomerge"

/* So that requests are counted and objects told one by one, alike in each run. */
#define COUNTED "kalloc.sheaves=off "
#define OWNED	"kalloc.sheaves=off page_owner=on "

/* So that AddressSanitizer knows what is whose. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED "kasan=on "
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED "kasan=on "
#endif
#endif
#ifndef SANITIZED
#define SANITIZED ""
#endif

static long long expected_warns, expected_live, fail_nth, fail_each, nr_jobs, limit_s;
static bool leaks_allowed, leak_sites, files_good = true;

static const struct option {
	const char *name;
	const char *what;
} options[] = {
	{ "--machine=P", "the parameters of the machine, instead of $KALLOC_CMDLINE" },
	{ "--warns=N", "as many warnings are expected (0)" },
	{ "--live=N", "so much is expected to be left allocated (0)" },
	{ "--fail-nth=N", "the N-th request for memory that the program makes fails" },
	{ "--fail-each[=K]", "run on and on, one request failing each time: each K-th, and of" },
	{ "", "each call stack the first, the second and the last" },
	{ "--jobs=N", "as many runs of --fail-each at a time (the host's CPUs)" },
	{ "--limit=S", "seconds that such a run may take (30, and 20 times the first)" },
	{ "--cat=FILE", "print a file, such as /proc/NAME, after the calls of init" },
	{ "--write=FILE=TEXT", "write to a file then; these are done in the order given" },
	{ "--leaks", "what is left allocated is told, but no error" },
	{ "--leak-sites", "with who allocated it" },
	{ "--quiet", "print warnings and errors only" },
	{ "--seed=N", "another sequence of random numbers" },
	{ "NAME=VALUE", "a module parameter, or MODULE.NAME=VALUE" },
};

static int usage(const char *program)
{
	unsigned int i;

	printk("usage: %s [ARGUMENT...]\n", program);
	for (i = 0; i < ARRAY_SIZE(options); i++)
		printk("  %-18s %s\n", options[i].name, options[i].what);
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

/* A number of 1 and more behind @name. */
static bool count_take(const char *argument, const char *name, long long *count)
{
	size_t length = strlen(name);

	return !strncmp(argument, name, length) && host_parse(argument + length, count) &&
	       *count > 0 && *count <= INT_MAX;
}

static bool argument_take(char *argument)
{
	long long number;

	if (!strncmp(argument, "--machine=", 10) || !strncmp(argument, "--cat=", 6) ||
	    !strncmp(argument, "--write=", 8))
		return true; /* they have their time */
	if (!strncmp(argument, "--warns=", 8))
		return host_parse(argument + 8, &expected_warns);
	if (!strncmp(argument, "--live=", 7))
		return host_parse(argument + 7, &expected_live);
	if (!strncmp(argument, "--seed=", 7) && host_parse(argument + 7, &number)) {
		host_seed((unsigned long long)number);
		return true;
	}
	if (!strcmp(argument, "--fail-each"))
		return fail_each = 1;
	if (!strcmp(argument, "--leaks"))
		return leaks_allowed = true;
	if (!strcmp(argument, "--leak-sites"))
		return leak_sites = true;
	if (!strcmp(argument, "--quiet"))
		return printk_quiet = true;
	if (!strncmp(argument, "--", 2))
		return count_take(argument, "--fail-nth=", &fail_nth) ||
		       count_take(argument, "--fail-each=", &fail_each) ||
		       count_take(argument, "--jobs=", &nr_jobs) ||
		       count_take(argument, "--limit=", &limit_s);
	return param_set(argument);
}

static long settle(void)
{
	unsigned int nr_running;

	if (workqueue_settle)
		workqueue_settle();
	rcu_barrier();
	if (srcu_settle) {
		srcu_settle();
		rcu_barrier();
	}
	nr_running = task_settle();
	if (entry_settle)
		entry_settle();
	if (nr_running)
		printk("kalloc: %u threads still run\n", nr_running);
	return live_report();
}

static int verdict(long live)
{
	long seen = atomic_read(&warns_seen);

	printk("kalloc: warnings seen %ld, expected %lld; cases passed %d, failed %d; live %ld\n",
	       seen, expected_warns, atomic_read(&kunit_passed), atomic_read(&kunit_failed), live);
	if (live != expected_live && !leak_sites)
		printk("kalloc: --leak-sites tells who allocated what is left\n");
	if (seen != expected_warns || atomic_read(&kunit_failed) || !files_good)
		return 1;
	return live != expected_live && !leaks_allowed;
}

/* The environment's machine, or --machine's; what options need stands in front. */
static void machine_choose(int argc, char **argv)
{
	const char *cmdline = host_getenv("KALLOC_CMDLINE") ?: CMDLINE;
	const char *first = "";
	char *words;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--machine=", 10))
			cmdline = argv[i] + 10;
		if (!strcmp(argv[i], "--leak-sites"))
			first = OWNED;
		else if (!strncmp(argv[i], "--fail-", 7) && !*first)
			first = COUNTED;
	}
	words = host_zalloc(strlen(SANITIZED) + strlen(first) + strlen(cmdline) + 1);
	strcpy(words, SANITIZED);
	strcat(words, first);
	strcat(words, cmdline);
	host_setenv("KALLOC_CMDLINE", words);
	host_free(words);
}

/* What the library finds wrong is a warning like one of the program's own. */
static void report_seen(void)
{
	atomic_inc(&warns_seen);
}

static void boot(void)
{
	host_await_reports(report_seen);
	smp_boot();
	percpu_boot();
	task_boot();
	if (ipi_boot)
		ipi_boot();
	wait_boot();
	slab_boot();
	if (workqueue_boot)
		workqueue_boot();
	kthread_boot();
	if (srcu_boot)
		srcu_boot();
	if (seq_file_init)
		seq_file_init();
	if (radix_tree_init)
		radix_tree_init();
	if (maple_tree_init)
		maple_tree_init();
}

static void requests_begin(void)
{
	if (fail_each)
		sweep_begin((unsigned int)fail_each,
			    nr_jobs ? (unsigned int)nr_jobs : host_nr_cpus(),
			    (unsigned int)limit_s);
	else if (fail_nth)
		fault_begin_nth((unsigned int)fail_nth);
}

static void requests_end(void)
{
	if (fail_each)
		sweep_requests_end();
	else if (fail_nth)
		fault_end_nth();
}

int kalloc_kinit(int argc, char **argv)
{
	int i;

	machine_choose(argc, argv);
	boot();
	for (i = 1; i < argc; i++)
		if (!argument_take(argv[i]))
			return usage(argv[0]);
	/* A parameter that is a string keeps a copy of it. */
	live_boot();
	/* Each has an observer of its own. */
	if (fail_each && (fail_nth || leak_sites))
		return usage(argv[0]);
	if (leak_sites)
		sites_begin();
	requests_begin();
	for (init_fn *fn = kalloc_initcalls_start; fn < kalloc_initcalls_end; fn++) {
		int error = (*fn)();

		if (error)
			pr_info("kalloc: %ps returned %d\n", *fn, error);
	}
	files_good = files_do(argc, argv);
	return 0;
}

int kalloc_kexit(void)
{
	int status;
	long live;

	requests_end();
	for (exit_fn *fn = kalloc_exitcalls_end; fn-- > kalloc_exitcalls_start;)
		(*fn)();
	live = settle();
	status = verdict(live);
	if (fail_each && !sweep_end(leaks_allowed ? 0 : live - expected_live))
		status = 1;
	return status;
}

int kalloc_kmain(int argc, char **argv)
{
	int status = kalloc_kinit(argc, argv);

	if (status)
		return status;
	if (kunit_run_all_tests && &__kunit_suites_start[0] != &__kunit_suites_end[0])
		kunit_run_all_tests();
	return kalloc_kexit();
}
