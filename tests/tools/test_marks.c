/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/marks.c: of which cache an object is follows from its size as long as only one
 * cache has it, else from the mark before it; which of a thread's events are part of a call;
 * and that a recording without marks is left as it is.
 */
#include "caches.h"
#include "files.h"
#include "marks.h"

/* A line: who, what, and what the cache of the event has to be. */
struct row {
	int pid;
	const char *text;
	const char *cache; /* NULL: the event's own, or none */
	bool in_call;
};

#define CREATE(id, slab_size, name)                                                                \
	{ 1, "tracing_mark_write: kmem_cache_create: id=" #id " size=8 name=" name, name, false }, \
	{                                                                                          \
		1,                                                                                 \
			"tracing_mark_write: kmem_cache_create: end id=" #id                       \
			" slab_size=" #slab_size " name=" name,                                    \
			name, false                                                                \
	}
#define ALLOC(ptr, bytes)                                                            \
	"kmem_cache_alloc: call_site=f ptr=" #ptr " bytes_req=8 bytes_alloc=" #bytes \
	" gfp_flags=none"

static void play(const struct row *rows, size_t nr)
{
	struct marks marks = { 0 };

	for (size_t i = 0; i < nr; i++) {
		struct trace_event event;
		const char *cache = rows[i].cache ? rows[i].cache : "";
		char line[512];

		snprintf(line, sizeof(line), "  x-%d  [000] .....     0.1: %s", rows[i].pid,
			 rows[i].text);
		assert_null(trace_parse(line, &event));
		marks_take(&marks, &event);
		if (event.cache.len != strlen(cache) ||
		    memcmp(event.cache.text ? event.cache.text : "", cache, event.cache.len) != 0)
			fail_msg("%zu: %s: of '%.*s'", i, rows[i].text, (int)event.cache.len,
				 event.cache.text);
		if (event.in_call != rows[i].in_call)
			fail_msg("%zu: %s: in a call: %d", i, rows[i].text, event.in_call);
	}
	marks_fini(&marks);
}

#define PLAY(rows) play(rows, sizeof(rows) / sizeof(rows[0]))

static void test_sizes(void **state)
{
	static const struct row rows[] = {
		{ 1, ALLOC(ff00, 104), NULL, false },
		CREATE(1, 104, "first"),
		{ 1, ALLOC(ff00, 104), "first", false },
		CREATE(2, 112, "second"),
		{ 1, ALLOC(ff10, 112), "second", false },
		{ 1, ALLOC(ff20, 104), "first", false },
		/* Now two have that size. */
		CREATE(3, 104, "third"),
		{ 1, ALLOC(ff30, 104), NULL, false },
		{ 1, "tracing_mark_write: kmem_cache_alloc: ptr=ff40 id=3 name=third", NULL,
		  false },
		{ 1, ALLOC(ff40, 104), "third", false },
		/* It says so of the next event, and of that object only. */
		{ 1, ALLOC(ff40, 104), NULL, false },
		{ 1, "tracing_mark_write: kmem_cache_alloc: ptr=ff50 id=3 name=third", NULL,
		  false },
		{ 1, ALLOC(ff60, 104), NULL, false },
	};

	PLAY(rows);
}

/* Two caches with one name are two. */
static void test_names(void **state)
{
	static const struct row rows[] = {
		CREATE(1, 104, "same"),
		{ 1, "tracing_mark_write: kmem_cache_create: id=2 size=8 name=same", "same#2",
		  false },
		{ 1, "tracing_mark_write: kmem_cache_create: end id=2 slab_size=64 name=same",
		  "same#2", false },
		{ 1, ALLOC(ff00, 64), "same#2", false },
		{ 1, ALLOC(ff00, 104), "same", false },
	};

	PLAY(rows);
}

static void test_calls(void **state)
{
	static const struct row rows[] = {
		CREATE(1, 104, "first"),
		{ 1, "tracing_mark_write: kmem_cache_create: id=2 size=8 name=second", "second",
		  false },
		{ 1, ALLOC(ff00, 104), CACHES_CALL, true },
		{ 1, "kmem_cache_free: call_site=f ptr=ff00 name=first", CACHES_CALL, true },
		{ 1, "mm_page_alloc: page=ff8 pfn=0x1 order=0 gfp_flags=none", NULL, true },
		/* Of other threads' events none are. */
		{ 2, ALLOC(ff20, 104), "first", false },
		{ 2, "tracing_mark_write: kmem_cache_shrink: id=1 name=first", "first", false },
		{ 2, "mm_page_free: page=ff8 pfn=0x1 order=0", NULL, true },
		{ 1, "tracing_mark_write: kmem_cache_create: end id=2 slab_size=200 name=second",
		  "second", false },
		{ 1, ALLOC(ff30, 104), "first", false },
		{ 2, ALLOC(ff40, 104), CACHES_CALL, true },
		{ 2, "tracing_mark_write: kmem_cache_shrink: end id=1 name=first", "first", false },
		{ 2, ALLOC(ff50, 104), "first", false },
		/* That a cache exists is no call; an end without a beginning is none either. */
		{ 1, "tracing_mark_write: kmem_cache_exists: id=3 slab_size=16 name=third", "third",
		  false },
		{ 1, ALLOC(ff60, 16), "third", false },
		{ 1, "tracing_mark_write: kmem_cache_destroy: end id=3 name=third", "third",
		  false },
		{ 1, ALLOC(ff70, 16), "third", false },
	};

	PLAY(rows);
}

/* A kernel's own text. */
static void test_no_marks(void **state)
{
	static const struct row rows[] = {
		{ 1, ALLOC(ff00, 104), NULL, false },
		{ 1, "kmem_cache_free: call_site=f ptr=ff00 name=first", "first", false },
		{ 1, "kfree: call_site=f ptr=ff00", NULL, false },
	};

	PLAY(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_no_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
