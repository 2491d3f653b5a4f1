/* SPDX-License-Identifier: MIT */
/*
 * The run of a program of kernel sources: module parameters from the arguments, the calls of
 * init level by level, what the arguments say of files, KUnit's suites, the calls of exit;
 * then what is left, allocated or to come (threads, timers), and an exit status by rule: 0 if
 * as many warnings were seen as expected, no call of init failed (but because a request was
 * made to fail), nor any KUnit case or suite, nothing is left but what is expected to be, and
 * every failure that was asked for was survived.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include <kalloc/kalloc.h>
#include <kalloc/kernel/program.h>

#include "arguments.h"
#include "core.h"

struct kunit_suite;

extern struct kunit_suite *__kunit_suites_start[], *__kunit_suites_end[];

/* In programs that need them. */
int kunit_run_all_tests(void) __weak;
void ipi_boot(void) __weak;
void workqueue_boot(void) __weak;
void workqueue_settle(void) __weak;
void srcu_boot(void) __weak;
void srcu_settle(void) __weak;
long timers_tell(void) __weak;
long hrtimers_tell(void) __weak;
void seq_file_init(void) __weak;
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

static unsigned int nr_init_errors;
static bool files_good = true;

/* Wait for what is on its way. */
static void settle(void)
{
	if (workqueue_settle)
		workqueue_settle();
	rcu_barrier();
	if (srcu_settle) {
		srcu_settle();
		rcu_barrier();
	}
}

/* Tell what would go on after the end. Return: how much that is. */
static long pending_tell(void)
{
	long nr = task_settle();

	if (nr)
		printk("kalloc: live: threads %ld\n", nr);
	if (timers_tell)
		nr += timers_tell();
	if (hrtimers_tell)
		nr += hrtimers_tell();
	return nr;
}

/* @allocated: so much of what is @live. */
static int verdict(long live, long allocated)
{
	long seen = atomic_read(&warns_seen);
	int suites = atomic_read(&suites_failed);
	bool is_forced = arguments.fail_nth || arguments.fail_each;

	printk("kalloc: warnings seen %ld, expected %lld; cases passed %d, failed %d; live %ld\n",
	       seen, arguments.warns, atomic_read(&kunit_passed), atomic_read(&kunit_failed), live);
	if (suites && !atomic_read(&kunit_failed))
		printk("kalloc: suites failed %d\n", suites);
	if (nr_init_errors != arguments.init_errors && !is_forced)
		printk("kalloc: calls of init failed %u, expected %lld\n", nr_init_errors,
		       arguments.init_errors);
	if (live != arguments.live && allocated && !arguments.leak_sites)
		printk("kalloc: --leak-sites tells who allocated what is left\n");
	if (seen != arguments.warns || atomic_read(&kunit_failed) || suites || !files_good)
		return 1;
	if (nr_init_errors != arguments.init_errors && !is_forced)
		return 1;
	return live != arguments.live && !arguments.leaks;
}

/* The environment's machine, or --machine's; what options need stands in front. */
static bool machine_boot(int argc, char **argv)
{
	const char *cmdline = host_getenv("KALLOC_CMDLINE") ?: CMDLINE;
	const char *first = "";
	struct kalloc_machine *machine;
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
	machine = kalloc_boot(words);
	host_free(words);
	if (machine)
		kalloc_set_default(machine);
	return machine;
}

static void boot(void)
{
	/* What the library finds wrong is a warning like one of the program's own. */
	host_await_reports(warn_count);
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
	if (arguments.fail_each)
		sweep_begin((unsigned int)arguments.fail_each,
			    arguments.nr_jobs ? (unsigned int)arguments.nr_jobs : host_nr_cpus(),
			    (unsigned int)arguments.limit_s);
	else if (arguments.fail_nth)
		fault_begin_nth((unsigned int)arguments.fail_nth);
}

static void requests_end(void)
{
	if (arguments.fail_each)
		sweep_requests_end();
	else if (arguments.fail_nth)
		fault_end_nth();
}

int kalloc_kinit(int argc, char **argv)
{
	if (!machine_boot(argc, argv))
		return 2;
	boot();
	if (!arguments_take(argc, argv))
		return 2;
	/* A parameter that is a string keeps a copy of it. */
	live_boot();
	if (arguments.leak_sites)
		sites_begin();
	requests_begin();
	nr_init_errors = calls_init();
	files_good = files_do(argc, argv);
	return 0;
}

int kalloc_kexit(void)
{
	long live, allocated;
	int status;

	requests_end();
	calls_exit();
	settle();
	live = pending_tell();
	allocated = live_report();
	live += allocated;
	status = verdict(live, allocated);
	if (arguments.fail_each && !sweep_end(arguments.leaks ? 0 : live - arguments.live))
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
