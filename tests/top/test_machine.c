/* SPDX-License-Identifier: MIT */
/*
 * Proves src/machine.c: where a machine's pieces lie and that the directory finds
 * them; what boot says when it cannot; that it touches little of the host's memory; many
 * machines, one after the other and at once; entering; the default machine.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "plat/address_space.h"
#include "plat/child.h"
#include "sanitized.h"
#include "top_test.h"
#include "top.h"

static struct kalloc_machine *boot(const char *cmdline)
{
	struct kalloc_machine *m;

	console_catch();
	m = kalloc_boot(cmdline);
	if (!m)
		fail_msg("%s: %s", cmdline, console_said);
	return m;
}

static void test_layout(void **state)
{
	static const char *const cmdlines[] = {
		"mem=4M",
		"mem=64M highmem=16M",
		"mem=1G numa=fake=4",
		"mem=5G vmalloc=100M",
		"mem=64M vmalloc=9G",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmdlines); i++) {
		struct kalloc_machine *m = boot(cmdlines[i]);
		char *base = m->base, *end = m->base + m->bytes;

		assert_int_equal((unsigned long)base % MACHINE_ALIGN, 0);
		assert_int_equal(m->bytes % MACHINE_ALIGN, 0);
		assert_ptr_equal(m->linear, base);
		assert_true(m->linear_end > m->linear);
		assert_true(m->vmalloc_start > m->linear_end);
		assert_int_equal(m->vmalloc_end - m->vmalloc_start, m->params.vmalloc_bytes);
		assert_true((char *)m->vmemmap > m->vmalloc_end);
		assert_true((char *)m->vmemmap < end);

		assert_ptr_equal(machine_of(base), m);
		assert_ptr_equal(machine_of(m->vmalloc_start), m);
		assert_ptr_equal(machine_of(m->vmemmap), m);
		assert_ptr_equal(machine_of(end - 1), m);
		kalloc_halt(m);
		assert_null(machine_of(base));
		assert_null(machine_of(end - 1));
	}
}

/* The PCI hole, and the gap behind the linear space. */
static void test_holes_fault(void **state)
{
	struct kalloc_machine *m = boot("mem=4G");

	assert_int_equal(m->linear_end - m->linear, 5UL << 30);
	assert_false(child_faults_at(m->linear + (3UL << 30) - 1));
	assert_true(child_faults_at(m->linear + (3UL << 30)));
	assert_true(child_faults_at(m->linear + (4UL << 30) - 1));
	assert_false(child_faults_at(m->linear + (4UL << 30)));
	assert_true(child_faults_at(m->linear_end));
	kalloc_halt(m);
}

static void test_boot_refuses(void **state)
{
	console_catch();
	errno = 0;
	assert_null(kalloc_boot("mem=1X"));
	assert_int_equal(errno, EINVAL);
	assert_string_equal(console_said, "kalloc: mem=1X: not a size\n");
}

static void test_no_address_space(void **state)
{
	struct rlimit before, little;

	if (getenv("KALLOC_UNDER_VALGRIND"))
		skip();
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	little = before;
	little.rlim_cur = address_space_used() + (1UL << 30);
	console_catch();
	assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
	errno = 0;
	assert_null(kalloc_boot("mem=64M vmalloc=1G"));
	assert_int_equal(errno, ENOMEM);
	assert_non_null(strstr(console_said, "kalloc: mem=64M vmalloc=1G: "));

	/* The machine itself can be had, its rings cannot. */
	console_catch();
	errno = 0;
	assert_null(kalloc_boot("mem=64M vmalloc=1M nr_cpus=2 trace_event=kmem trace_buf_size=1G"));
	assert_int_equal(errno, ENOMEM);
	assert_non_null(strstr(console_said, "kalloc: mem=64M vmalloc=1M: "));
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

/* A file size limit is refused as any limit, not a signal. */
static void test_no_file_size(void **state)
{
	struct rlimit before, little;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = before;
	little.rlim_cur = 1 << 20;
	console_catch();
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	errno = 0;
	assert_null(kalloc_boot("mem=64M"));
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(console_said, "kalloc: mem=64M: "));
}

/* Private memory is no file. */
static void test_private_needs_no_file(void **state)
{
	struct rlimit before, none;
	struct kalloc_machine *m;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	m = kalloc_boot("mem=64M kalloc.ram=private");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(m);
	kalloc_halt(m);
}

static int nr_boots_inside;

static void boot_inside(void *ctx, const char *text)
{
	struct kalloc_machine *m = nr_boots_inside++ ? NULL : kalloc_boot("mem=16M nr_cpus=1");

	kalloc_halt(m);
}

/* The console may call the library: no lock is held when it is told something. */
static void test_console_calls_back(void **state)
{
	struct kalloc_machine *m;

	kalloc_set_console(boot_inside, NULL);
	assert_null(kalloc_boot("mem=banana"));
	assert_int_equal(nr_boots_inside, 1);
	m = boot("mem=16M nr_cpus=1");
	nr_boots_inside = 0;
	kalloc_set_console(boot_inside, NULL);
	kalloc_halt(m);
	kalloc_halt(m); /* reported: the machine is gone */
	assert_int_equal(nr_boots_inside, 1);
	console_catch();
}

/* A host that grants only part of the default vmalloc space gets a machine with less. */
static void test_vmalloc_default_shrinks(void **state)
{
	struct kalloc_machine *m = boot("mem=16G");
	unsigned long most = m->params.vmalloc_bytes;
	unsigned long reservation = m->bytes;
	struct rlimit before, less;

	kalloc_halt(m);
	if (getenv("KALLOC_UNDER_VALGRIND")) {
		assert_in_range(most, 16UL << 20, 64UL << 30);
		skip(); /* it has granted what it can, and limits are its own */
	}
	assert_int_equal(most, 64UL << 30);
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	less = before;
	less.rlim_cur = address_space_used() + reservation - PAGE_SIZE;
	assert_int_equal(setrlimit(RLIMIT_AS, &less), 0);
	console_catch();
	m = kalloc_boot("mem=16G");
	assert_null(kalloc_boot("mem=16G vmalloc=64G"));
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_non_null(m);
	assert_true(m->params.vmalloc_bytes < most);
	kalloc_halt(m);
}

/* Pages that the host gives to a machine as it boots. */
static long faults_of_boot(const char *cmdline)
{
	struct rusage before, after;
	struct kalloc_machine *m;

	kalloc_halt(boot(cmdline)); /* the program's own pages are there now */
	getrusage(RUSAGE_SELF, &before);
	m = kalloc_boot(cmdline);
	getrusage(RUSAGE_SELF, &after);
	kalloc_halt(m);
	return after.ru_minflt - before.ru_minflt;
}

/* Few, and however large it is; each is a fault, of which booting mostly consists. */
static void test_boot_touches_little(void **state)
{
	long small;

	if (SANITIZED || getenv("KALLOC_UNDER_VALGRIND"))
		skip(); /* most faults are theirs */
	small = faults_of_boot("mem=64M nr_cpus=2");
	assert_in_range(small, 5, 40);
	assert_in_range(faults_of_boot("mem=1T nr_cpus=2"), small, small + 5);
}

static void test_boot_and_halt_many(void **state)
{
	for (int i = 0; i < 50; i++) {
		struct kalloc_machine *m = boot("mem=16M nr_cpus=2");
		char *p;

		assert_null(kalloc_enter(m));
		p = kmalloc(100, GFP_KERNEL);
		assert_ptr_equal(machine_of(p), m);
		kfree(p);
		kalloc_halt(m);
		assert_null(kalloc_self.machine);
	}
}

static void test_two_at_once(void **state)
{
	struct kalloc_machine *a = boot("mem=16M"), *b = boot("mem=32M");
	struct page *page;
	char *in_a, *in_b;

	assert_ptr_not_equal(a, b);
	assert_null(kalloc_enter(a));
	in_a = kmalloc(64, GFP_KERNEL);
	page = alloc_pages(GFP_KERNEL, 3);
	assert_ptr_equal(kalloc_enter(b), a);
	assert_ptr_equal(kalloc_current(), b);
	in_b = kmalloc(64, GFP_KERNEL);
	assert_ptr_equal(machine_of(in_a), a);
	assert_ptr_equal(machine_of(page), a);
	assert_ptr_equal(machine_of(in_b), b);

	/* What carries an object needs no machine entered. */
	memset(in_a, 'a', 64);
	memset(in_b, 'b', 64);
	assert_int_equal(in_a[63], 'a');
	__free_pages(page, 3);
	kfree(in_a);
	kalloc_halt(a);
	assert_ptr_equal(kalloc_current(), b);
	assert_int_equal(in_b[0], 'b');
	kfree(in_b);
	kalloc_halt(b);
	kalloc_halt(NULL);
}

/* The machines in the middle of the directory's list, its head and its end. */
static void test_halt_in_any_order(void **state)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 1, 2, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct kalloc_machine *m[3];

		for (int j = 0; j < 3; j++)
			m[j] = boot("mem=8M");
		for (int j = 0; j < 3; j++)
			kalloc_halt(m[orders[i][j]]);
		assert_null(directory_machines);
	}
}

static void test_default(void **state)
{
	struct kalloc_machine *m, *other;

	console_catch();
	setenv("KALLOC_CMDLINE", "mem=24M nr_cpus=3", 1);
	m = kalloc_current();
	assert_int_equal(m->params.mem_bytes, 24UL << 20);
	assert_int_equal(m->params.nr_cpus, 3);
	assert_ptr_equal(kalloc_current(), m);

	other = boot("mem=8M");
	assert_null(kalloc_enter(other));
	assert_ptr_equal(kalloc_enter(NULL), other);
	assert_ptr_equal(kalloc_current(), m);
	kalloc_halt(other);

	/* The next call after a halt boots a new one, by what the environment says then. */
	kalloc_halt(m);
	setenv("KALLOC_CMDLINE", "mem=48M", 1);
	assert_int_equal(kalloc_current()->params.mem_bytes, 48UL << 20);
	kalloc_halt(kalloc_current());

	unsetenv("KALLOC_CMDLINE");
	assert_int_equal(kalloc_current()->params.mem_bytes, 1UL << 30);
	kalloc_halt(kalloc_current());
}

/* One that was booted by hand is everybody's, but of those who entered another. */
static void test_set_default(void **state)
{
	struct kalloc_machine *own = boot("mem=24M"), *other = boot("mem=8M");

	assert_null(kalloc_set_default(own));
	assert_ptr_equal(kalloc_current(), own);
	kalloc_enter(other);
	assert_ptr_equal(kalloc_set_default(other), own);
	kalloc_enter(own);
	assert_ptr_equal(kalloc_current(), own);
	kalloc_enter(NULL);
	assert_ptr_equal(kalloc_current(), other);
	kalloc_halt(other);
	assert_null(kalloc_set_default(NULL));
	kalloc_halt(own);
}

static void test_default_malformed(void **state)
{
	int status;
	pid_t pid;

	setenv("KALLOC_CMDLINE", "mem=none", 1);
	pid = fork();
	if (pid == 0) {
		fclose(stderr);
		kalloc_set_console(NULL, NULL);
		kalloc_current();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	unsetenv("KALLOC_CMDLINE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_holes_fault),
		cmocka_unit_test(test_boot_refuses),
		cmocka_unit_test(test_no_address_space),
		cmocka_unit_test(test_no_file_size),
		cmocka_unit_test(test_private_needs_no_file),
		cmocka_unit_test(test_console_calls_back),
		cmocka_unit_test(test_vmalloc_default_shrinks),
		cmocka_unit_test(test_boot_touches_little),
		cmocka_unit_test(test_boot_and_halt_many),
		cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_halt_in_any_order),
		cmocka_unit_test(test_default),
		cmocka_unit_test(test_set_default),
		cmocka_unit_test(test_default_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
