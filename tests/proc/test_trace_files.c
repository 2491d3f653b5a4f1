/* SPDX-License-Identifier: MIT */
/*
 * Proves src/proc/trace_files.c: what each file under /sys/kernel/tracing takes, refuses and
 * shows, and that it has its effect; the whole of `trace`; that trace_pipe hands out each
 * line once, whole; that what was lost is told.
 */
#include "proc_test.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include <kalloc/slab.h>
#include <kalloc/trace.h>

#include "probe/trace.h"

#define T "/sys/kernel/tracing/"
#define E T "events/"

static struct kalloc_machine *m;

static void assert_shows(const char *path, const char *text)
{
	char *file = file_text(path);

	if (strcmp(file, text) != 0)
		fail_msg("%s: '%s', not '%s'", path, file, text);
	test_free(file);
}

static void use(size_t nr)
{
	volatile size_t size = 100;

	while (nr--)
		kfree(kmalloc(size, GFP_KERNEL));
}

/* Times that @what is in a file. */
static size_t count_in(const char *path, const char *what)
{
	char *file = file_text(path), *at = file;
	size_t nr = 0;

	while ((at = strstr(at, what)) != NULL) {
		at += strlen(what);
		nr++;
	}
	test_free(file);
	return nr;
}

/* --- what they take and show ----------------------------------------------- */

/* What is written first, then read; NULL where the write must fail and change nothing. */
static const struct {
	const char *path;
	const char *input;
	const char *shown;
} rows[] = {
	{ T "tracing_on", "0", "0\n" },
	{ T "tracing_on", "1\n", "1\n" },
	{ T "tracing_on", "2", NULL },
	{ T "tracing_on", "", NULL },
	{ T "tracing_on", "10", NULL },
	{ T "set_event", "kmem:kmalloc\n", "kmem:kmalloc\n" },
	{ T "set_event", "kfree kmem:kmalloc", "kmem:kfree\nkmem:kmalloc\n" },
	{ T "set_event", "kmem:k* !kmem:kfree !*cache*", "kmem:kmalloc\n" },
	{ T "set_event", "kmem:no", NULL },
	{ T "set_event", "", "" },
	{ T "buffer_size_kb", "1024", "1024\n" },
	{ T "buffer_size_kb", "5\n", "8\n" },
	{ T "buffer_size_kb", "0", NULL },
	{ T "buffer_size_kb", "-1", NULL },
	{ T "buffer_size_kb", "4K", NULL },
	{ T "buffer_size_kb", "", NULL },
	{ T "buffer_size_kb", "1048577", NULL },
	{ T "buffer_size_kb", "99999999999999999999999", NULL },
	{ T "trace_clock", "counter", "local [counter] mono\n" },
	{ T "trace_clock", "mono\n", "local counter [mono]\n" },
	{ T "trace_clock", "local", "[local] counter mono\n" },
	{ T "trace_clock", "loc", NULL },
	{ T "trace_clock", "", NULL },
	{ E "kmem/kmalloc/enable", "1", "1\n" },
	{ E "kmem/kmalloc/enable", "on", NULL },
	{ E "kmem/kmalloc/enable", "0\n", "0\n" },
	{ E "compaction/enable", "1", "1\n" },
	{ E "enable", "1", "1\n" },
	{ E "enable", "0", "0\n" },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *before = file_text(rows[i].path);
		long n = kalloc_write(rows[i].path, rows[i].input);

		if (n != (rows[i].shown ? (long)strlen(rows[i].input) : -EINVAL))
			fail_msg("%s < '%s': %ld", rows[i].path, rows[i].input, n);
		assert_shows(rows[i].path, rows[i].shown ?: before);
		test_free(before);
	}
}

static void test_other_files(void **state)
{
	assert_int_equal(kalloc_write(T "buffer_size_kb", "64"), 2);
	assert_shows(T "buffer_total_size_kb", "128\n");
	assert_int_equal(kalloc_write(T "buffer_total_size_kb", "64"), -EACCES);
	assert_int_equal(kalloc_write(T "available_events", ""), -EACCES);
	assert_int_equal(count_in(T "available_events", "\n"), NR_TRACE_EVENTS - 1);
	assert_int_equal(count_in(T "available_events", "kmem:mm_page_alloc\n"), 1);
	assert_int_equal(kalloc_write(T "set_event", "*:*"), 3);
	assert_int_equal(count_in(T "set_event", "\n"), NR_TRACE_EVENTS - 1);
	assert_int_equal(kalloc_read(E "kmem/nothing/enable", NULL, 0), -ENOENT);
	assert_int_equal(kalloc_read(E "kmem", NULL, 0), -ENOENT);
	assert_int_equal(kalloc_read(E "kmem/kfree", NULL, 0), -ENOENT);
	assert_int_equal(kalloc_read(E "ftrace/print/enable", NULL, 0), -ENOENT);
	assert_int_equal(kalloc_write(E "kmem/nothing/enable", "1"), -ENOENT);
	assert_int_equal(kalloc_read(T "events", NULL, 0), -ENOENT);
}

/* A group is on, off, or in part. */
static void test_groups(void **state)
{
	assert_int_equal(kalloc_write(E "kmem/enable", "1"), 1);
	assert_shows(E "kmem/enable", "1\n");
	assert_shows(E "kmem/kfree/enable", "1\n");
	assert_shows(E "vmscan/enable", "0\n");
	assert_shows(E "enable", "X\n");
	assert_int_equal(kalloc_write(E "kmem/kfree/enable", "0"), 1);
	assert_shows(E "kmem/enable", "X\n");
	assert_shows(E "kmem/kfree/enable", "0\n");
	assert_shows(E "kmem/kmalloc/enable", "1\n");
	assert_int_equal(kalloc_write(E "kmem/enable", "0"), 1);
	assert_shows(E "kmem/enable", "0\n");
}

/* kalloc_files() has them, each once, among the others. */
static void test_listed(void **state)
{
	static const char *const expected[] = {
		T "trace",
		T "trace_pipe",
		T "set_event",
		T "trace_clock",
		E "enable",
		E "kmem/enable",
		E "kmem/kfree/enable",
		E "vmscan/mm_vmscan_lru_isolate/enable",
		E "compaction/mm_compaction_end/enable",
	};
	size_t nr = 0;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		size_t times = 0;

		for (unsigned int j = 0; kalloc_files(j); j++)
			times += strcmp(kalloc_files(j), expected[i]) == 0;
		if (times != 1)
			fail_msg("%s is listed %zu times", expected[i], times);
	}
	for (unsigned int j = 0; kalloc_files(j); j++) {
		nr += strncmp(kalloc_files(j), E, strlen(E)) == 0;
		assert_true(j == 0 || strcmp(kalloc_files(j - 1), kalloc_files(j)) < 0);
	}
	assert_int_equal(nr, NR_TRACE_EVENTS - 1 + 4);
}

/* --- what was recorded ----------------------------------------------------- */

static void test_trace(void **state)
{
	char expected[1024], *file;

	assert_int_equal(kalloc_write(T "trace_clock", "counter"), 7);
	assert_int_equal(kalloc_write(E "kmem/kmalloc/enable", "1"), 1);
	assert_int_equal(kalloc_write(T "trace_marker", "here\n"), 5);
	use(2);
	snprintf(expected, sizeof(expected),
		 "# tracer: nop\n"
		 "#\n"
		 "# entries-in-buffer/entries-written: 3/3   #P:2\n"
		 "#\n"
		 "# kalloc: frame 0 at 0x%lx, booted with: mem=64M nr_cpus=2\n"
		 "#\n",
		 (unsigned long)m->linear);
	file = file_text(T "trace");
	assert_memory_equal(file, expected, strlen(expected));
	assert_non_null(strstr(file, " [000] .....            1: tracing_mark_write: here\n"));
	assert_non_null(strstr(file, " [000] .....            2: kmalloc: call_site="));
	assert_non_null(strstr(file, " [000] .....            3: kmalloc: call_site="));
	test_free(file);

	/* It stays, until somebody writes to it. */
	assert_int_equal(count_in(T "trace", "kmalloc:"), 2);
	assert_int_equal(kalloc_write(T "trace", ""), 0);
	assert_int_equal(count_in(T "trace", "kmalloc:"), 0);
	assert_int_equal(count_in(T "trace", "entries-written: 0/0 "), 1);
}

static void test_lost(void **state)
{
	char buf[65536];
	long len;

	assert_int_equal(kalloc_write(T "buffer_size_kb", "4"), 1);
	assert_int_equal(kalloc_write(E "kmem/kfree/enable", "1"), 1);
	kalloc_write(T "trace", "");
	use(40);
	assert_int_equal(count_in(T "trace", "entries-in-buffer/entries-written: 32/40 "), 1);
	assert_int_equal(count_in(T "trace", " kfree: "), 32);
	len = kalloc_read(T "trace_pipe", buf, sizeof(buf) - 1);
	assert_true(len > 0);
	buf[len] = '\0';
	assert_memory_equal(buf, "CPU:0 [LOST 8 EVENTS]\n", 22);
}

/* As many whole lines as fit, each once. */
static void test_pipe(void **state)
{
	char buf[300], line[2000] = "";
	size_t nr = 0;
	long len;

	assert_int_equal(kalloc_read(T "trace_pipe", buf, sizeof(buf)), 0);
	assert_int_equal(kalloc_write(E "kmem/kmalloc/enable", "1"), 1);
	kalloc_write(T "trace", "");
	use(10);

	/* How much there is cannot be told without taking it, nor does less than a line help. */
	assert_int_equal(kalloc_read(T "trace_pipe", NULL, 0), 0);
	assert_int_equal(kalloc_read(T "trace_pipe", buf, 20), 0);
	while ((len = kalloc_read(T "trace_pipe", buf, sizeof(buf))) > 0) {
		assert_true(len < (long)sizeof(buf));
		assert_int_equal(buf[len - 1], '\n');
		for (long i = 0; i < len; i++)
			nr += buf[i] == '\n';
		snprintf(line, sizeof(line), "%.*s", (int)len, buf);
		assert_non_null(strstr(line, " kmalloc: call_site="));
	}
	assert_int_equal(nr, 10);
	assert_int_equal(count_in(T "trace", "kmalloc:"), 0);
	use(1);
	assert_true(kalloc_read(T "trace_pipe", buf, sizeof(buf)) > 0);
}

static void test_markers(void **state)
{
	char text[400];

	memset(text, 'x', sizeof(text));
	text[399] = '\0';
	assert_int_equal(kalloc_write(T "trace_marker", "one"), 3);
	assert_int_equal(kalloc_write(T "trace_marker", ""), 0);
	assert_int_equal(kalloc_write(T "trace_marker", text), 399);
	assert_int_equal(count_in(T "trace", "tracing_mark_write: one\n"), 1);
	assert_int_equal(count_in(T "trace", "tracing_mark_write: x"), 4);
	assert_int_equal(kalloc_write(T "tracing_on", "0"), 1);
	assert_int_equal(kalloc_write(T "trace_marker", "unheard"), 7);
	assert_int_equal(count_in(T "trace", "unheard"), 0);
}

/* --- the public functions -------------------------------------------------- */

static size_t nr_visited, nr_kmalloc;

static void visit(void *ctx, const struct kalloc_trace_event *event)
{
	char line[500], value[64];

	assert_string_equal(event->group, "kmem");
	assert_int_equal(event->cpu, 0);
	assert_true(event->time > 0);
	assert_true(kalloc_trace_show(event, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, event->name));
	if (strcmp(event->name, "kmalloc") == 0) {
		assert_int_equal(event->nr_fields, 7);
		assert_string_equal(event->fields[2].name, "bytes_req");
		assert_int_equal(event->fields[2].as, KALLOC_TRACE_NUMBER);
		assert_int_equal(event->fields[2].value, 100);
		assert_int_equal(event->fields[5].value, -1);
		assert_int_equal(event->fields[4].as, KALLOC_TRACE_WORD);
		assert_int_equal(kalloc_trace_show_field(event, 4, value, sizeof(value)), 10);
		assert_string_equal(value, "GFP_KERNEL");
		assert_int_equal(kalloc_trace_show_field(event, 4, value, 5), 10);
		assert_string_equal(value, "GFP_");
		assert_int_equal(kalloc_trace_show_field(event, 7, value, sizeof(value)), -EINVAL);
		nr_kmalloc++;
	}
	nr_visited++;
	/* A visitor may use the machine, and what it does is for the next time. */
	kfree(kmalloc(100, GFP_KERNEL));
	(void)ctx;
}

static void test_drain(void **state)
{
	assert_int_equal(kalloc_trace_start("kmem:kmalloc,kmem:kfree"), 0);
	assert_int_equal(kalloc_write(T "trace", ""), 0);
	use(100);
	nr_visited = nr_kmalloc = 0;
	assert_int_equal(kalloc_trace_drain(visit, NULL), 200);
	assert_int_equal(nr_visited, 200);
	assert_int_equal(nr_kmalloc, 100);
	kalloc_trace_stop();
	assert_int_equal(kalloc_trace_drain(visit, NULL), 400);
	assert_int_equal(kalloc_trace_drain(visit, NULL), 0);
	assert_int_equal(kalloc_trace_drain(NULL, NULL), -EINVAL);
}

static void test_start(void **state)
{
	assert_int_equal(kalloc_trace_start(NULL), -EINVAL);
	assert_int_equal(kalloc_trace_start("kmem:kmallo"), -EINVAL);
	assert_shows(T "set_event", "");
	assert_int_equal(kalloc_write(T "tracing_on", "0"), 1);
	assert_int_equal(kalloc_trace_start("kmalloc"), 0);
	assert_shows(T "tracing_on", "1\n");
	assert_shows(T "set_event", "kmem:kmalloc\n");
	assert_int_equal(kalloc_trace_start("kmem:nothing"), -EINVAL);
	assert_shows(T "set_event", "kmem:kmalloc\n");
	assert_int_equal(kalloc_trace_resize(10000), 0);
	assert_shows(T "buffer_size_kb", "16\n");
	use(200);
	assert_int_equal(kalloc_trace_lost(), 200 - 128);
	assert_int_equal(kalloc_trace_mark("a mark"), 0);
	assert_int_equal(kalloc_trace_mark(NULL), -EINVAL);
	assert_int_equal(count_in(T "trace", "tracing_mark_write: a mark\n"), 1);
	kalloc_trace_stop();
	assert_shows(T "set_event", "");
	use(1);
	assert_int_equal(kalloc_trace_lost(), 200 - 128 + 1);
}

/* What a machine's command line says of it holds from its first request on. */
static void test_from_boot(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(m);
	m = kalloc_boot("mem=64M nr_cpus=1 trace_event=kmem:kmalloc trace_buf_size=40K "
			"trace_clock=counter");
	assert_non_null(m);
	kalloc_enter(m);
	use(1);
	assert_shows(T "set_event", "kmem:kmalloc\n");
	assert_shows(T "buffer_size_kb", "64\n");
	assert_shows(T "trace_clock", "local [counter] mono\n");
	assert_int_equal(count_in(T "trace", "            1: kmalloc: "), 1);
	assert_int_equal(count_in(T "trace", "trace_clock=counter\n"), 1);
}

/* Readers and writers of all the files at once. */
static void *write_files(void *arg)
{
	char buf[512];

	kalloc_enter(m);
	for (int i = 0; i < 200; i++) {
		kalloc_write(E "kmem/kmalloc/enable", i % 2 ? "0" : "1");
		use(5);
		kalloc_write(E "kmem/kfree/enable", i % 3 ? "1" : "0");
		kalloc_read(T "trace_pipe", buf, sizeof(buf));
		if (i % 20 == 0)
			kalloc_write(T "buffer_size_kb", i % 40 ? "4" : "8");
		kalloc_read(T "trace", NULL, 0);
	}
	kalloc_enter(NULL);
	return arg;
}

static void test_threads(void **state)
{
	pthread_t threads[3];

	assert_int_equal(kalloc_write(T "buffer_size_kb", "8"), 1);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_files, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	/* Neither took anything from the other. */
	assert_int_equal(kalloc_write(E "kmem/kmalloc/enable", "1"), 1);
	assert_int_equal(kalloc_write(E "kmem/kfree/enable", "0"), 1);
	assert_shows(T "set_event", "kmem:kmalloc\n");
}

static int setup(void **state)
{
	kalloc_set_cpu(0);
	m = kalloc_boot("mem=64M nr_cpus=2");
	if (!m)
		return -1;
	kalloc_enter(m);
	return 0;
}

static int teardown(void **state)
{
	kalloc_enter(NULL);
	kalloc_halt(m);
	return 0;
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_rows),   RIGGED(test_other_files), RIGGED(test_groups),
		RIGGED(test_listed), RIGGED(test_trace),       RIGGED(test_lost),
		RIGGED(test_pipe),   RIGGED(test_markers),     RIGGED(test_drain),
		RIGGED(test_start),  RIGGED(test_from_boot),   RIGGED(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
