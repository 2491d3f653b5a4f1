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
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_defects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
