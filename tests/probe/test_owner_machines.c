/* SPDX-License-Identifier: MIT */
/*
 * Proves of src/probe/owner.c what takes more than one machine, process or thread: each
 * machine has its own records, a child of a fork its own copy; a host without address
 * space for the table refuses the boot and leaves nothing behind; and who reads records
 * while others allocate sees whole ones.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kalloc/context.h>

#include "plat/address_space.h"
#include "records.h"

#define CMDLINE "mem=32M nr_cpus=2 page_owner=on"

static void test_two_machines(void **state)
{
	struct rig one = rig_up(CMDLINE), two = rig_up(CMDLINE);
	struct page *of_two = alloc_pages(GFP_KERNEL, 2), *of_one;

	kalloc_enter(one.m);
	of_one = alloc_pages(GFP_ATOMIC, 1);
	records_check(one.m);
	assert_int_equal(record_of(of_one).order, 1);
	assert_int_equal(record_of(of_two).order, 2);

	/* Each is freed on its own, whichever machine is the current one. */
	__free_pages(of_two, 2);
	assert_false(has_record(of_two));
	assert_true(has_record(of_one));
	kalloc_enter(two.m);
	records_check(two.m);
	pages_drain(two.m);
	rig_down(&two);
	assert_true(has_record(of_one));
	kalloc_enter(one.m);
	__free_pages(of_one, 1);
	pages_drain(one.m);
	rig_down(&one);
}

/* In the child. Return: whether all is as it should be there. */
static bool child_is_right(struct page *before)
{
	struct page *own = alloc_pages(GFP_KERNEL, 3);
	struct owner_record record;
	bool right = own && record_of(before).order == 2 && record_of(before).pid == getppid();

	right = right && owner_read(machine_of(own), page_to_pfn(own), &record) &&
		record.pid == getpid() && record.tgid == getpid() && record.nr_stack > 0;
	__free_pages(before, 2);
	return right && !has_record(before);
}

static void test_fork(void **state)
{
	struct rig rig = rig_up(CMDLINE);
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(child_is_right(page) ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(record_of(page).order, 2);
	assert_int_equal(record_of(page).pid, getpid());
	__free_pages(page, 2);
	records_check(rig.m);
	pages_drain(rig.m);
	rig_down(&rig);
}

/* A machine takes its records along. */
static void test_halt(void **state)
{
	unsigned long used = 0;

	for (int i = 0; i < 3; i++) {
		struct rig rig = rig_up("mem=1G nr_cpus=2 page_owner=on");

		rig_down(&rig);
		if (i)
			assert_in_range(address_space_used(), 0, used + (8UL << 20));
		used = address_space_used();
	}
}

/*
 * Enough for the machine, and for the reservation of which it keeps an aligned part, but
 * not for its records.
 */
static void test_no_address_space(void **state)
{
	unsigned long used = address_space_used(), needed;
	struct kalloc_machine *m = kalloc_boot("mem=128G vmalloc=1M nr_cpus=1");
	struct rlimit before, little;

	if (!m || under_valgrind()) {
		kalloc_halt(m);
		skip();
	}
	needed = address_space_used() - used;
	kalloc_halt(m);
	used = address_space_used();
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	little = before;
	little.rlim_cur = used + needed + MACHINE_ALIGN + (64UL << 20);

	said_clear();
	kalloc_set_console(said_append, NULL);
	assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
	errno = 0;
	m = kalloc_boot("mem=128G vmalloc=1M nr_cpus=1 page_owner=on");
	assert_null(m);
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(said_count("kalloc: mem=128G vmalloc=1M: "), 1);
	assert_int_equal(address_space_used(), used);
	m = kalloc_boot("mem=128G vmalloc=1M nr_cpus=1");
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_non_null(m);
	kalloc_halt(m);
	kalloc_set_console(NULL, NULL);
}

/* A size that no host has. */
static void test_table_refused(void **state)
{
	struct kalloc_machine m = { .owners = NULL };

	assert_int_equal(owner_boot(&m, 1UL << 50), -ENOMEM);
	assert_null(m.owners);
	owner_halt(&m);
}

/* --- threads ------------------------------------------------------------------ */

#define ROUNDS 3000

struct worker {
	struct kalloc_machine *m;
	unsigned int order;
	pthread_t thread;
};

/* Each worker's name and flags tell its order. */
static const struct {
	const char *name;
	gfp_t gfp;
} kinds[] = { { "zero", GFP_KERNEL }, { "one", GFP_NOIO }, { "two", GFP_NOFS } };

static void *work(void *arg)
{
	struct worker *worker = arg;
	unsigned int rounds = under_valgrind() ? ROUNDS / 10 : ROUNDS;

	kalloc_enter(worker->m);
	kalloc_set_cpu((int)worker->order);
	strcpy(kalloc_task()->comm, kinds[worker->order].name);
	for (unsigned int i = 0; i < rounds; i++)
		__free_pages(alloc_pages(kinds[worker->order].gfp, worker->order), worker->order);
	return NULL;
}

/* Return: how many records there are of the workers and their like. */
static unsigned int check_whole(struct kalloc_machine *m)
{
	unsigned int nr = 0;
	struct owner_record record;

	for (unsigned long pfn = 0; pfn < m->page->layout.max_pfn; pfn++) {
		/* "kalloc" booted the machine. */
		if (!owner_read(m, pfn, &record) || !strcmp(record.comm, "kalloc"))
			continue;
		assert_in_range(record.order, 0, 2);
		assert_string_equal(record.comm, kinds[record.order].name);
		assert_int_equal(record.gfp, kinds[record.order].gfp);
		nr++;
	}
	return nr;
}

static void test_threads(void **state)
{
	struct rig rig = rig_up("mem=8M nr_cpus=2 page_owner=on");
	struct worker workers[3];
	struct page *own;

	for (unsigned int i = 0; i < 3; i++) {
		workers[i] = (struct worker){ .m = rig.m, .order = i };
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < 20; i++)
		check_whole(rig.m);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
	assert_int_equal(check_whole(rig.m), 0);
	kalloc_set_cpu(0);
	strcpy(kalloc_task()->comm, "zero");
	own = alloc_page(GFP_KERNEL);
	assert_int_equal(check_whole(rig.m), 1);
	__free_page(own);
	kalloc_task()->comm[0] = '\0';
	pages_drain(rig.m);
	rig_down(&rig);
}

/* --- one record, written all the time ------------------------------------------ */

#define FRAME_READ 0

struct writer {
	struct kalloc_machine m;
	unsigned long wanted;
	bool done;
};

/* The records of frames 1 and 2 by turns, so that a mixture of both would show. */
static void *write_record(void *arg)
{
	struct writer *writer = arg;

	for (unsigned long i = 0; i < writer->wanted; i++)
		owner_copy(&writer->m, 1 + i % 2, FRAME_READ, 1 + i % 2);
	WRITE_ONCE(writer->done, true);
	return NULL;
}

static void fill_record(struct writer *writer, unsigned long pfn, const char *name)
{
	strcpy(kalloc_task()->comm, name);
	owner_set(&writer->m, pfn, (unsigned int)pfn, (gfp_t)pfn);
	kalloc_task()->comm[0] = '\0';
}

static void test_whole(void **state)
{
	struct writer writer = { .wanted = under_valgrind() ? 10000 : 3000000 };
	struct owner_record record;
	pthread_t thread;

	assert_int_equal(owner_boot(&writer.m, 8), 0);
	fill_record(&writer, 1, "first");
	fill_record(&writer, 2, "second");
	assert_int_equal(pthread_create(&thread, NULL, write_record, &writer), 0);
	while (!READ_ONCE(writer.done)) {
		if (!owner_read(&writer.m, FRAME_READ, &record))
			continue;
		assert_int_equal(record.order, record.gfp);
		assert_int_equal(record.migrate_reason, record.gfp);
		assert_string_equal(record.comm, record.gfp == 1 ? "first" : "second");
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	owner_halt(&writer.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_machines),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_no_address_space),
		cmocka_unit_test(test_table_refused),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_halt),
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
