/* SPDX-License-Identifier: MIT */
/*
 * Proves that an event line of either form gives its fields, that lines that are
 * no events are known as such, and that each defect of an event is named.
 */
#include "files.h"
#include "trace.h"

#define FTRACE "  init-1       [003] ..s1.     0.324896: "
#define PERF   "my [1] 2.5: task  77 [003]   100.100002: kmem:"

static void parse_ok(const char *line, struct trace_event *event)
{
	const char *wrong = trace_parse(line, event);

	if (wrong)
		fail_msg("%s: %s", line, wrong);
}

static void assert_span(struct trace_span span, const char *text)
{
	assert_int_equal(span.len, strlen(text));
	assert_memory_equal(span.text, text, span.len);
}

static void test_objects(void **state)
{
	static const char *const heads[] = { FTRACE, "x 1 [003] 1.0: kmem:" };
	char line[512];
	struct trace_event event;

	for (size_t i = 0; i < 2; i++) {
		snprintf(
			line, sizeof(line),
			"%skmalloc: call_site=f.isra.0+0x1/0x2 ptr=%sff21809205284a00 bytes_req=50 "
			"bytes_alloc=64 gfp_flags=GFP_KERNEL|__GFP_ZERO node=-1 accounted=false",
			heads[i], i ? "0x" : "");
		parse_ok(line, &event);
		assert_int_equal(event.kind, TRACE_KMALLOC);
		assert_int_equal(event.cpu, 3);
		assert_span(event.name, "kmalloc");
		assert_span(event.call_site, "f.isra.0+0x1/0x2");
		assert_int_equal(event.ptr, 0xff21809205284a00);
		assert_int_equal(event.bytes_req, 50);
		assert_int_equal(event.bytes_alloc, 64);
		assert_int_equal(event.gfp, GFP_KERNEL | __GFP_ZERO);
	}
	parse_ok(FTRACE "kmem_cache_free: call_site=f+0x1 ptr=ff00 name=dentry", &event);
	assert_int_equal(event.kind, TRACE_FREE);
	assert_span(event.cache, "dentry");
	parse_ok(FTRACE "kmem_cache_free: call_site=f+0x1 ptr=ff00", &event);
	assert_int_equal(event.cache.len, 0);
	parse_ok(FTRACE "kfree: call_site=f+0x1 ptr=(null)", &event);
	assert_int_equal(event.ptr, 0);
}

static void test_pages(void **state)
{
	struct trace_event event;

	parse_ok(FTRACE "mm_page_alloc: page=ff8 pfn=0x52dc order=3 migratetype=0 gfp_flags=none",
		 &event);
	assert_int_equal(event.kind, TRACE_PAGE_ALLOC);
	assert_int_equal(event.pfn, 0x52dc);
	assert_int_equal(event.order, 3);
	assert_int_equal(event.gfp, 0);
	parse_ok(FTRACE "mm_page_free: page=ff8 pfn=21212 order=0", &event);
	assert_int_equal(event.kind, TRACE_PAGE_FREE);
	assert_int_equal(event.pfn, 21212);
	parse_ok(FTRACE "mm_page_free_batched: page=ff8 pfn=0x1 order=0", &event);
	assert_int_equal(event.kind, TRACE_BATCHED);
}

static void test_columns(void **state)
{
	static const struct {
		const char *line;
		int pid, cpu;
	} rows[] = {
		{ "  init-1       [003] ..s1.     0.324896: kfree: call_site=f ptr=ff", 1, 3 },
		{ " a b-77-12345   [010] .....     0.1: kfree: call_site=f ptr=ff", 12345, 10 },
		{ "my [1] 2.5: task  77 [003]   100.100002: kmem:kfree: call_site=f ptr=ff", 77,
		  3 },
		/* A clock that counts. */
		{ "  init-1       [003] .....      324896: kfree: call_site=f ptr=ff", 1, 3 },
	};
	struct trace_event event;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse_ok(rows[i].line, &event);
		assert_int_equal(event.kind, TRACE_KFREE);
		assert_int_equal(event.pid, rows[i].pid);
		assert_int_equal(event.cpu, rows[i].cpu);
	}
	/* A number with a colon is no stamp where no CPU stands before it. */
	parse_ok("  init-1  324896: kfree: call_site=f ptr=ff", &event);
	assert_int_equal(event.kind, TRACE_TEXT);
}

static void test_node(void **state)
{
	struct trace_event event;

	parse_ok(FTRACE "kmalloc: call_site=f ptr=f0 bytes_req=50 bytes_alloc=64 gfp_flags=none "
			"node=1 accounted=false",
		 &event);
	assert_int_equal(event.node, 1);
	parse_ok(FTRACE "kmalloc: call_site=f ptr=f0 bytes_req=50 bytes_alloc=64 gfp_flags=none",
		 &event);
	assert_int_equal(event.node, -1);
}

#define MARK FTRACE "tracing_mark_write: "

static void test_marks(void **state)
{
	struct trace_event event;

	parse_ok(MARK "kmem_cache_create: id=7 size=100 align=8 flags=0x2000 useroffset=4 "
		      "usersize=16 ctor=1 name=a cache: id=3",
		 &event);
	assert_int_equal(event.kind, TRACE_CALL);
	assert_int_equal(event.call.verb, TRACE_CREATE);
	assert_false(event.call.is_end);
	assert_int_equal(event.call.id, 7);
	assert_int_equal(event.call.size, 100);
	assert_int_equal(event.call.align, 8);
	assert_int_equal(event.call.flags, 0x2000);
	assert_int_equal(event.call.useroffset, 4);
	assert_int_equal(event.call.usersize, 16);
	assert_int_equal(event.call.ctor, 1);
	assert_int_equal(event.call.slab_size, 0);
	assert_span(event.call.name, "a cache: id=3");
	parse_ok(MARK "kmem_cache_create: end id=7 slab_size=104 name=a", &event);
	assert_true(event.call.is_end);
	assert_int_equal(event.call.slab_size, 104);
	parse_ok(MARK "kmem_cache_exists: id=1 size=8 align=8 flags=0x0 useroffset=0 usersize=0 "
		      "ctor=0 slab_size=8 users=3 name=b",
		 &event);
	assert_int_equal(event.call.verb, TRACE_EXISTS);
	assert_int_equal(event.call.users, 3);
	parse_ok(MARK "kmem_cache_shrink: id=1 name=b", &event);
	assert_int_equal(event.call.verb, TRACE_SHRINK);
	parse_ok(MARK "kmem_cache_destroy: end id=1 name=b", &event);
	assert_int_equal(event.call.verb, TRACE_DESTROY);
	assert_true(event.call.is_end);
	parse_ok(MARK "kmem_cache_alloc: ptr=ff00 id=2 name=c", &event);
	assert_int_equal(event.kind, TRACE_NAME);
	assert_int_equal(event.ptr, 0xff00);
	assert_int_equal(event.call.id, 2);

	/* What people write into a trace, and perf's form of marks, are others' business. */
	parse_ok(MARK "here it begins: id=1 name=x", &event);
	assert_int_equal(event.kind, TRACE_UNKNOWN);
	parse_ok(MARK "kmem_cache_created", &event);
	assert_int_equal(event.kind, TRACE_UNKNOWN);
}

static void test_other_lines(void **state)
{
	static const struct {
		const char *line;
		enum trace_kind kind;
	} rows[] = {
		{ "", TRACE_TEXT },
		{ "# tracer: nop", TRACE_TEXT },
		{ "\tffffffff81234567 kmalloc ([kernel.kallsyms])", TRACE_TEXT },
		{ "[    0.000000] Linux version 6.1", TRACE_TEXT },
		{ "CPU:1 [LOST 20 EVENTS]", TRACE_LOST },
		{ FTRACE "rss_stat: mm_id=1 curr=0", TRACE_INNER },
		{ FTRACE "sched_switch: prev_comm=x", TRACE_UNKNOWN },
		{ FTRACE "kmall", TRACE_TEXT },
		{ PERF "new_event: whatever", TRACE_UNKNOWN },
	};
	struct trace_event event;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse_ok(rows[i].line, &event);
		assert_int_equal(event.kind, rows[i].kind);
	}
	trace_parse("CPU:1 [LOST 20 EVENTS]", &event);
	assert_int_equal(event.lost, 20);
}

static void test_defects(void **state)
{
	static const struct {
		const char *line, *wrong;
	} rows[] = {
		{ FTRACE "kmalloc: call_site=f bytes_req=1 bytes_alloc=8 gfp_flags=none", "ptr" },
		{ FTRACE "kfree: call_site=f ptr=fg00", "ptr" },
		{ FTRACE "kfree: call_site=f ptr=-1", "ptr" },
		{ FTRACE "kfree: call_site=f ptr=123456789abcdef01", "ptr" },
		{ FTRACE "kmalloc: ptr=ff00 bytes_req=1 bytes_alloc=8 gfp_flags=none",
		  "call_site" },
		{ FTRACE "kmalloc: call_site=f ptr=ff00 bytes_alloc=8 gfp_flags=none",
		  "bytes_req" },
		{ FTRACE "kmalloc: call_site=f ptr=ff00 bytes_req=9 gfp_flags=none",
		  "bytes_alloc" },
		{ FTRACE "kmalloc: call_site=f ptr=ff00 bytes_req=9 bytes_alloc=8 gfp_flags=none",
		  "less" },
		{ FTRACE "kmalloc: call_site=f ptr=ff00 bytes_req=9 bytes_alloc=16", "gfp_flags" },
		{ FTRACE
		  "kmalloc: call_site=f ptr=ff00 bytes_req=9 bytes_alloc=16 gfp_flags=GFP_NOPE",
		  "unknown flag" },
		{ FTRACE "mm_page_free: pfn=0x1 order=0", "page" },
		{ FTRACE "mm_page_free: page=ff8 order=0", "pfn" },
		{ FTRACE "mm_page_free: page=ff8 pfn=0x1", "order" },
		{ FTRACE "mm_page_free: page=ff8 pfn=0x1 order=40", "order" },
		{ FTRACE "mm_page_free: page=ff8 pfn=0x10000000000000 order=0", "pfn" },
		{ FTRACE "mm_page_alloc: page=ff8 pfn=0x1 order=0", "gfp_flags" },
		{ "x 1 [003] 1.0: kmem:kmall", "no colon" },
		{ MARK "kmem_cache_create: size=8 name=x", "id" },
		{ MARK "kmem_cache_create: id=0 name=x", "id" },
		{ MARK "kmem_cache_shrink: id=1", "name" },
		{ MARK "kmem_cache_destroy: end id=1 name=", "name" },
		{ MARK "kmem_cache_alloc: id=1 name=x", "ptr" },
	};
	struct trace_event event;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *wrong = trace_parse(rows[i].line, &event);

		if (!wrong || !strstr(wrong, rows[i].wrong))
			fail_msg("'%s' gives '%s'", rows[i].line, wrong ? wrong : "nothing");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects), cmocka_unit_test(test_pages),
		cmocka_unit_test(test_columns), cmocka_unit_test(test_node),
		cmocka_unit_test(test_marks),	cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_defects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
