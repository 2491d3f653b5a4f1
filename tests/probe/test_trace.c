/* SPDX-License-Identifier: MIT */
/*
 * Proves src/probe/trace*.c: how events are named; that just those that are wanted are
 * recorded, each with its time, CPU and context; what is lost is counted; clocks and rings;
 * names of caches; who follows; and that a tracer's probes are seen without anything being
 * recorded.
 */
#include <sys/resource.h>

#include <kalloc/context.h>
#include <kalloc/page.h>

#include "plat/address_space.h"
#include "probe/seen.h"
#include "sanitized.h"
#include "slab/rig.h"

#define ALL ((1ULL << NR_TRACE_EVENTS) - 2)

/* --- names of events ------------------------------------------------------- */

#define KMALLOC TRACE_BIT(kmalloc)

static const struct {
	const char *text;
	u64 wanted;
	const char *wrong; /* NULL: none */
} words[] = {
	{ "", 0, NULL },
	{ " ,\t\n", 0, NULL },
	{ "*:*", ALL, NULL },
	{ "*", ALL, NULL },
	{ "kmem:kmalloc", KMALLOC, NULL },
	{ "kmalloc", KMALLOC, NULL },
	{ "kmalloc\n", KMALLOC, NULL },
	{ "kmem:kmalloc,kmem:kfree", KMALLOC | TRACE_BIT(kfree), NULL },
	{ "kmem:kmalloc kfree", KMALLOC | TRACE_BIT(kfree), NULL },
	{ "kmem:k*", TRACE_OBJECTS, NULL },
	{ "*:k*alloc", KMALLOC | TRACE_BIT(kmem_cache_alloc), NULL },
	{ "k?ree", TRACE_BIT(kfree), NULL },
	{ "kmem kmem: kmem:* !kmem", 0, NULL },
	{ "kmem !kmem:mm_*", TRACE_OBJECTS, NULL },
	{ "!kmem kmalloc", KMALLOC, NULL },
	{ "kmem:nothing", 0, "kmem:nothing" },
	{ "kmalloc kmem:kmallo", 0, "kmem:kmallo" },
	{ "!kmallo", 0, "kmallo" },
	{ "vmscan:kmalloc", 0, "vmscan:kmalloc" },
	{ ":", 0, ":" },
	{ "!", 0, "" },
	{ "ftrace:print", 0, "ftrace:print" },
};

static void test_words(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *text = words[i].text, *wrong = NULL;
		size_t wrong_len = 0;
		u64 wanted = 4711;
		int err = trace_parse(text, strlen(text), &wanted, &wrong, &wrong_len);

		if (err != (words[i].wrong ? -EINVAL : 0))
			fail_msg("'%s': %d", text, err);
		if (!err && wanted != words[i].wanted)
			fail_msg("'%s': 0x%llx", text, (unsigned long long)wanted);
		if (err && (wrong_len != strlen(words[i].wrong) ||
			    strncmp(wrong, words[i].wrong, wrong_len) != 0))
			fail_msg("'%s': blames '%.*s'", text, (int)wrong_len, wrong);
		if (err)
			assert_int_equal(wanted, 4711);
	}
}

/* --- what is recorded ------------------------------------------------------ */

/* A kmalloc and its kfree: as many objects as @nr. */
static void use(size_t nr)
{
	volatile size_t size = 100;

	for (size_t i = 0; i < nr; i++)
		kfree(kmalloc(size, GFP_KERNEL));
}

static void test_only_what_is_wanted(void **state)
{
	struct kalloc_machine *m = *state;

	assert_null(m->tracer->memory);
	use(3);
	seen_read(m, true);
	assert_int_equal(seen.nr, 0);

	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	use(3);
	seen_read(m, false);
	assert_int_equal(seen.nr - seen_count(TRACE_ID_cache_exists), 3);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 3);

	/* One more, and the first no longer; what was recorded stays. */
	assert_int_equal(trace_want(m, TRACE_BIT(kfree), TRACE_ALL), 0);
	use(2);
	assert_int_equal(trace_want(m, KMALLOC, 0), 0);
	use(1);
	seen_read(m, false);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 5);
	assert_int_equal(seen_count(TRACE_ID_kfree), 3);

	/* Nothing while it is switched off. */
	trace_switch(m, false);
	use(4);
	assert_int_equal(trace_mark(m, "unheard", 7), 0);
	seen_read(m, false);
	assert_int_equal(seen_count(TRACE_ID_kfree), 3);
	assert_int_equal(seen_count(TRACE_ID_print), 0);
	trace_switch(m, true);
	use(1);
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_kfree), 4);

	/* It was taken out. */
	seen_read(m, true);
	assert_int_equal(seen.nr, 0);
	assert_int_equal(trace_want(m, TRACE_ALL, 0), 0);
	assert_int_equal(m->traced, 0);
}

/* What the head of a record says. */
static void test_head(void **state)
{
	struct kalloc_machine *m = *state;
	struct trace_kmalloc event;

	seen_begin(m, KMALLOC);
	kfree(kmalloc_node(48, GFP_ATOMIC | __GFP_ZERO, 0));
	kalloc_atomic_enter();
	kalloc_atomic_enter();
	use(1);
	kalloc_atomic_leave();
	kalloc_atomic_leave();
	kalloc_irq_enter();
	use(1);
	kalloc_irq_leave();
	seen_read(m, true);
	assert_int_equal(seen.nr, 3);
	assert_int_equal(seen.records[0].pid, thread_numbers().pid);
	assert_int_equal(seen.records[0].cpu, 0);
	assert_int_equal(seen.records[0].context, 0);
	assert_int_equal(seen.records[1].context, 2);
	assert_true(seen.records[2].context & TRACE_IN_IRQ);
	assert_true(seen.records[0].stamp < seen.records[1].stamp);
	memcpy(&event, seen.records[0].words, sizeof(event));
	assert_int_equal(event.bytes_req, 48);
	assert_int_equal(event.bytes_alloc, 64);
	assert_int_equal(event.node, 0);
	assert_int_equal(event.gfp_flags, GFP_ATOMIC | __GFP_ZERO);
	assert_int_equal(event.accounted, 0);
}

static void test_marks(void **state)
{
	struct kalloc_machine *m = *state;
	char text[300];

	memset(text, 'x', sizeof(text));
	text[0] = 'a';
	text[299] = 'z';
	assert_int_equal(trace_mark(m, text, sizeof(text)), 0);
	seen_read(m, true);
	assert_int_equal(seen.nr, 3);
	assert_int_equal(seen.records[0].id, TRACE_ID_print);
	assert_int_equal(strlen((char *)seen.records[0].words), TRACE_TEXT_BYTES - 1);
	assert_int_equal(*(char *)seen.records[0].words, 'a');
	assert_int_equal(strlen((char *)seen.records[2].words), 300 - 2 * (TRACE_TEXT_BYTES - 1));
	assert_int_equal(strchr((char *)seen.records[2].words, '\0')[-1], 'z');
}

/* --- what is lost ---------------------------------------------------------- */

static void test_lost(void **state)
{
	struct kalloc_machine *m = *state;
	u64 slots = TRACE_RING_LEAST / RING_SLOT_BYTES;
	struct trace_counts counts;

	assert_int_equal(trace_resize(m, 1), 0);
	seen_begin(m, KMALLOC);
	use(slots);
	counts = trace_count(m);
	assert_int_equal(counts.in_buffer, slots);
	assert_int_equal(counts.lost, 0);
	use(5);
	counts = trace_count(m);
	assert_int_equal(counts.in_buffer, slots);
	assert_int_equal(counts.written, slots + 5);
	assert_int_equal(counts.lost, 5);

	/* Read and left there, read and taken: 5 were lost before the first. */
	for (int takes = 0; takes <= 1; takes++) {
		seen_read(m, takes);
		assert_int_equal(seen.nr, slots);
		assert_int_equal(seen.nr_lost, 5);
		assert_int_equal(trace_count(m).lost, 5);
	}
	assert_int_equal(trace_count(m).in_buffer, 0);
	use(slots + 2);
	seen_read(m, true);
	assert_int_equal(seen.nr, slots);
	assert_int_equal(trace_count(m).lost, 7);
	trace_clear(m);
	assert_int_equal(trace_count(m).lost, 0);
}

/* A reader that stops midway leaves the rest, and what was lost before it. */
static void test_taken_in_parts(void **state)
{
	struct kalloc_machine *m = *state;
	struct trace_reader reader;
	u64 lost;

	assert_int_equal(trace_resize(m, TRACE_RING_LEAST), 0);
	seen_begin(m, KMALLOC);
	use(40);
	assert_int_equal(trace_read_begin(m, &reader, true), 0);
	assert_non_null(trace_read_look(&reader, &lost));
	assert_int_equal(lost, 8);
	trace_read_end(&reader);
	assert_int_equal(trace_count(m).in_buffer, 32);
	assert_int_equal(trace_count(m).lost, 8);
	assert_int_equal(trace_read_begin(m, &reader, true), 0);
	assert_non_null(trace_read_look(&reader, &lost));
	assert_int_equal(lost, 8);
	trace_read_on(&reader);
	assert_non_null(trace_read_look(&reader, &lost));
	assert_int_equal(lost, 0);
	trace_read_end(&reader);
	assert_int_equal(trace_count(m).in_buffer, 31);
	assert_int_equal(trace_count(m).lost, 8);
}

static void test_resize(void **state)
{
	static const struct {
		u64 bytes, becomes;
	} sizes[] = { { 0, 4096 },
		      { 4096, 4096 },
		      { 4097, 8192 },
		      { 1 << 20, 1 << 20 },
		      { 3 << 20, 4 << 20 } };
	struct kalloc_machine *m = *state;

	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		use(3);
		assert_true(trace_count(m).in_buffer > 0);
		assert_int_equal(trace_resize(m, sizes[i].bytes), 0);
		assert_int_equal(m->tracer->ring_bytes, sizes[i].becomes);
		/* The second is as large as the first. */
		if (i != 1)
			assert_int_equal(trace_count(m).in_buffer, 0);
		use(3);
		assert_true(trace_count(m).in_buffer >= 3);
	}
}

/* Without address space for rings nothing changes, and recording can begin later. */
static void test_no_memory(void **state)
{
	struct kalloc_machine *m = *state;
	struct rlimit before, tight;

	if (getenv("KALLOC_UNDER_VALGRIND") || SANITIZED)
		skip();
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	tight = before;
	tight.rlim_cur = address_space_used() + (1 << 20);
	assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), -ENOMEM);
	assert_int_equal(m->traced, 0);
	assert_int_equal(m->tracer->wanted, 0);
	assert_int_equal(trace_mark(m, "x", 1), -ENOMEM);
	use(1);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	use(1);
	seen_read(m, true);
	assert_int_equal(seen_count(TRACE_ID_kmalloc), 1);

	/* Nor are rings replaced. */
	use(1);
	tight.rlim_cur = address_space_used() + (1 << 20);
	assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
	assert_int_equal(trace_resize(m, 64 << 20), -ENOMEM);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	seen_read(m, true);
	assert_int_equal(seen.nr, 1);
	assert_int_not_equal(m->tracer->ring_bytes, 64 << 20);
}

/* --- clocks ---------------------------------------------------------------- */

static void test_clocks(void **state)
{
	struct kalloc_machine *m = *state;
	u64 before;

	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	use(1);
	trace_set_clock(m, TRACE_CLOCK_COUNTER);
	seen_read(m, false);
	assert_int_equal(seen.nr, 0);
	use(3);
	seen_read(m, true);
	assert_int_equal(seen.nr, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(seen.records[i].stamp, i + 1);

	/* The same clock again: nothing is forgotten. */
	use(1);
	trace_set_clock(m, TRACE_CLOCK_COUNTER);
	seen_read(m, true);
	assert_int_equal(seen.nr, 1);

	trace_set_clock(m, TRACE_CLOCK_MONO);
	before = clock_ns();
	use(1);
	seen_read(m, true);
	assert_in_range(seen.records[0].stamp, before, clock_ns());
}

/* --- caches ---------------------------------------------------------------- */

static void test_cache_names(void **state)
{
	struct kalloc_machine *m = *state;
	u32 first = 0, second = 0, third = 0;
	char name[300];

	/* Before anybody traces, there is no table. */
	assert_int_equal(trace_cache_number(m, &first, "first", 64), 0);
	assert_string_equal(trace_cache_of(m, 1)->name, "");
	assert_int_equal(trace_mark(m, "x", 1), 0);

	assert_int_equal(trace_cache_number(m, &first, "first", 64), 1);
	assert_int_equal(trace_cache_number(m, &first, "first", 64), 1);
	assert_int_equal(trace_cache_number(m, &second, "second", 0), 2);
	assert_string_equal(trace_cache_of(m, 1)->name, "first");
	assert_string_equal(trace_cache_of(m, 2)->name, "second");
	assert_false(trace_cache_of(m, 1)->is_twin);

	/* Its size becomes known. */
	assert_int_equal(trace_cache_number(m, &second, "second", 64), 2);
	assert_true(trace_cache_of(m, 1)->is_twin);
	assert_true(trace_cache_of(m, 2)->is_twin);
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(trace_cache_number(m, &third, name, 72), 3);
	assert_false(trace_cache_of(m, 3)->is_twin);
	assert_int_equal(strlen(trace_cache_of(m, 3)->name), 247);
	assert_string_equal(trace_cache_of(m, TRACE_CACHES)->name, "");
}

static void test_too_many_caches(void **state)
{
	struct kalloc_machine *m = *state;
	u32 number = 0;

	assert_int_equal(trace_mark(m, "x", 1), 0);
	m->tracer->nr_caches = TRACE_CACHES - 2;
	assert_int_equal(trace_cache_number(m, &number, "last", 8), TRACE_CACHES - 1);
	number = 0;
	assert_int_equal(trace_cache_number(m, &number, "too many", 8), 0);
	assert_int_equal(number, 0);
}

/* --- who follows ----------------------------------------------------------- */

static int nr_followed;

static void follow(struct kalloc_machine *m)
{
	nr_followed++;
}

static void test_followers(void **state)
{
	struct kalloc_machine *m = *state;

	/* In place of one of the rooms', which is there once however often it asks. */
	assert_int_equal(m->tracer->nr_followers, TRACE_FOLLOWERS);
	trace_follow(m, m->tracer->followers[0]);
	assert_int_equal(m->tracer->nr_followers, TRACE_FOLLOWERS);
	m->tracer->followers[1] = follow;
	nr_followed = 0;
	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	assert_int_equal(nr_followed, 1);
	assert_int_equal(trace_want(m, TRACE_ALL, KMALLOC), 0);
	assert_int_equal(nr_followed, 1);
	trace_switch(m, false);
	assert_int_equal(nr_followed, 2);
	assert_int_equal(trace_want(m, TRACE_ALL, ALL), 0);
	assert_int_equal(nr_followed, 2);
}

#ifdef KALLOC_USDT
/* What a tracer does to a process that it attaches to. */
static void test_probes(void **state)
{
	struct kalloc_machine *m = *state;

	usdt_semaphore++;
	trace_poll(m);
	assert_true(m->traced & TRACE_PROBED);
	assert_int_equal(m->traced & ALL, ALL);
	use(3);
	seen_read(m, true);
	assert_int_equal(seen.nr, 0);

	/* Recorded all the same, if that is wanted. */
	seen_begin(m, KMALLOC);
	use(2);
	seen_read(m, true);
	assert_int_equal(seen.nr, 2);
	kalloc_atomic_enter();
	usdt_semaphore--;
	trace_poll(m);
	assert_true(m->traced & TRACE_PROBED);
	kalloc_atomic_leave();
	trace_poll(m);
	assert_false(m->traced & TRACE_PROBED);
	assert_int_equal(m->traced & ALL, KMALLOC);
}

/* As many frames as are more than one CPU's list has. */
static void use_frames(void)
{
	struct page *pages[512];

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		assert_non_null(pages[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		__free_page(pages[i]);
}

/* Requests that leave the hot path look by themselves. */
static void test_probes_are_seen(void **state)
{
	struct kalloc_machine *m = *state;

	usdt_semaphore++;
	use_frames();
	assert_true(m->traced & TRACE_PROBED);
	usdt_semaphore--;
	use_frames();
	assert_false(m->traced & TRACE_PROBED);
}
#endif

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

static int setup(void **state)
{
	*state = rig_boot("mem=64M nr_cpus=2");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		RIGGED(test_only_what_is_wanted),
		RIGGED(test_head),
		RIGGED(test_marks),
		RIGGED(test_lost),
		RIGGED(test_taken_in_parts),
		RIGGED(test_resize),
		RIGGED(test_no_memory),
		RIGGED(test_clocks),
		RIGGED(test_cache_names),
		RIGGED(test_too_many_caches),
		RIGGED(test_followers),
#ifdef KALLOC_USDT
		RIGGED(test_probes),
		RIGGED(test_probes_are_seen),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
