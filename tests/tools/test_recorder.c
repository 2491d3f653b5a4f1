/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/recorder: JSON that may stand in a page, reports that appear whole or not
 * at all, rings and limits, and that a machine that is watched does the same as one that
 * is not. What stands in a document is proven by tests/report/document.py.
 */
#include "files.h"

#include <errno.h>
#include <sys/stat.h>

#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>

#include "events.h"
#include "json.h"
#include "pack.h"
#include "recorder.h"

static void test_json(void **state)
{
	struct json_piece piece;
	struct json *json = &piece.json;

	(void)state;
	json_piece_begin(&piece);
	json_begin(json, NULL, '{');
	json_string(json, "a \"b\"", "</script>\\\n\x7f\xff");
	json_begin(json, "list", '[');
	json_number(json, NULL, -1);
	json_begin(json, NULL, '[');
	json_end(json, ']');
	json_number(json, NULL, 2);
	json_end(json, ']');
	json_address(json, "at", (void *)0x1234);
	json_raw(json, "raw", "7", 1);
	json_end(json, '}');
	json_piece_end(&piece);
	assert_string_equal(
		piece.text,
		"{\"a \\u0022b\\u0022\":\"\\u003c/script>\\u005c\\u000a\\u007f\\u00ff\","
		"\"list\":[-1,[],2],\"at\":\"0x1234\",\"raw\":7}");
	free(piece.text);
}

/* With zlib it is base64 of whole fours; without, the text. */
static void test_pack(void **state)
{
	static const char text[] = "packed packed packed packed packed";

	(void)state;
	for (size_t len = 30; len < 34; len++) {
		char *packed = NULL;
		size_t packed_len;
		FILE *out = open_memstream(&packed, &packed_len);

		assert_non_null(out);
		assert_int_equal(pack(text, len, out), 0);
		fclose(out);
		if (HAVE_GZ) {
			assert_int_equal(packed_len % 4, 0);
			assert_memory_equal(packed, "eN", 2); /* zlib's header, level 9 */
		} else {
			assert_int_equal(packed_len, len);
			assert_memory_equal(packed, text, len);
		}
		free(packed);
	}
}

static struct kalloc_machine *boot(const char *cmdline)
{
	struct kalloc_machine *machine;

	kalloc_set_cpu(0);
	machine = kalloc_boot(cmdline);
	assert_non_null(machine);
	kalloc_enter(machine);
	return machine;
}

static void halt(struct kalloc_machine *machine)
{
	kalloc_enter(NULL);
	kalloc_halt(machine);
}

static bool is_there(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

static struct recorder_event event_of(const struct page *page)
{
	return (struct recorder_event){
		.what = { "take", 4 },
		.pfn = page ? page_to_pfn(page) : RECORDER_NO_PFN,
		.bytes = PAGE_SIZE,
		.gfp = GFP_KERNEL,
		.has_gfp = true,
		.failed = !page,
	};
}

/* Old contents stay until the new ones are whole; forgetting leaves no trace. */
static void test_in_place(void **state)
{
	struct kalloc_machine *machine = boot("mem=16M nr_cpus=1");
	char *path = files_make("old", 3), beside[64], *bytes;
	struct recorder_setup setup = { .path = path, .command = "test", .title = "<title>" };
	struct recorder *recorder;
	size_t len;

	(void)state;
	snprintf(beside, sizeof(beside), "%s.new", path);
	assert_int_equal(recorder_open(&recorder, &setup), 0);
	recorder_step(recorder, "label");
	assert_int_equal(recorder_close(recorder, false), 0);
	assert_false(is_there(beside));
	bytes = files_read(path, &len);
	assert_string_equal(bytes, "old");
	free(bytes);

	assert_int_equal(recorder_open(&recorder, &setup), 0);
	assert_true(is_there(beside));
	assert_int_equal(recorder_close(recorder, true), 0);
	assert_false(is_there(beside));
	bytes = files_read(path, &len);
	assert_memory_equal(bytes, "<!doctype html>", 15);
	assert_null(strstr(bytes, "@DOCUMENT@"));
	free(bytes);
	files_drop(path);
	halt(machine);
}

static void test_refused(void **state)
{
	struct kalloc_machine *machine = boot("mem=16M nr_cpus=1");
	struct recorder_setup setup = { .path = "/nonexistent/r.html", .command = "test" };
	struct recorder *recorder = (void *)state;

	assert_int_equal(recorder_open(&recorder, &setup), -1);
	assert_null(recorder);
	halt(machine);
}

/* Nobody wants a report: everything may be called. */
static void test_none(void **state)
{
	const struct recorder_event event = event_of(NULL);
	struct recorder *recorder = (void *)state;

	assert_int_equal(recorder_open(&recorder, &(struct recorder_setup){ 0 }), 0);
	assert_null(recorder);
	recorder_event(recorder, &event);
	recorder_failure(recorder, &(struct recorder_failure){ .event = &event });
	recorder_step(recorder, "label");
	assert_int_equal(recorder_close(recorder, true), 0);
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int nr = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		nr++;
	return nr;
}

/* What is written of @events. */
static char *text_of(struct events *events)
{
	struct json_piece piece;

	json_piece_begin(&piece);
	json_begin(&piece.json, NULL, '{');
	events_write(events, &piece.json);
	json_end(&piece.json, '}');
	json_piece_end(&piece);
	return piece.text;
}

/* More events than are kept and more failures than are told: the last, the first, and counts. */
static void test_many(void **state)
{
	struct recorder_event event = event_of(NULL);
	struct events events;
	char *text;

	(void)state;
	events_init(&events);
	for (unsigned int i = 1; i <= 2 * RECORDER_EVENTS; i++) {
		event.bytes = i;
		events_add(&events, &event);
		events_fail(&events, &(struct recorder_failure){ .event = &event, .order = 3 }, i,
			    "why");
	}
	text = text_of(&events);
	assert_non_null(strstr(text, "{\"nr_ops\":8192,\"events\":[[4097,0,0,-1,0,4097,0,"));
	assert_non_null(strstr(
		text, "[8192,0,0,-1,0,8192,0,-1,-1,1,\"\"]],\"traced\":[],\"nr_failures\":8192,"));
	assert_int_equal(count_of(text, "\"step\":"), RECORDER_FAILURES);
	assert_non_null(strstr(text, "\"failures\":[{\"step\":1,\"order\":3,"));
	assert_int_equal(count_of(text, "\"why\":\"why\""), RECORDER_FAILURES);
	assert_non_null(strstr(text, "\"gfp\":[\"0xcc0 GFP_KERNEL\"]"));
	free(text);
	events_fini(&events);
}

/* A request for pages that got frame @pfn, or nothing: -1. */
static struct kalloc_trace_event taken(long long pfn)
{
	return (struct kalloc_trace_event){
		.name = "mm_page_alloc",
		.cpu = 1,
		.nr_fields = 3,
		.fields = { { "pfn", KALLOC_TRACE_WORD, pfn },
			    { "order", KALLOC_TRACE_NUMBER, 3 },
			    { "gfp_flags", KALLOC_TRACE_WORD, GFP_KERNEL } },
	};
}

/* Of the machine's own events those are written whose operations are. */
static void test_traced(void **state)
{
	const struct kalloc_trace_event one = taken(7), none = taken(-1);
	struct recorder_event event = event_of(NULL);
	struct events events;
	char *text;

	(void)state;
	events_init(&events);
	events_trace(&events, &none);
	for (unsigned int i = 1; i <= RECORDER_EVENTS; i++)
		events_add(&events, &event);
	events_trace(&events, &none);
	events_trace(&events, &one);
	events_add(&events, &event);
	text = text_of(&events);
	assert_non_null(strstr(text, "\"traced\":[[4097,0,1,-1,3,0,0,-1,-1,1,\"\",\"\"],"
				     "[4097,0,1,7,3,32768,0,-1,-1,0,\"\",\"\"]],"));
	free(text);
	events_fini(&events);
}

static void test_many_traced(void **state)
{
	struct events events;
	char *text;

	(void)state;
	events_init(&events);
	for (long long i = 0; i < RECORDER_TRACED + 5; i++) {
		const struct kalloc_trace_event one = taken(100000 + i);

		events_trace(&events, &one);
	}
	text = text_of(&events);
	assert_int_equal(count_of(text, "[1,0,1,"), RECORDER_TRACED);
	assert_non_null(strstr(text, "\"traced\":[[1,0,1,100005,3,"));
	free(text);
	events_fini(&events);
}

/* The frames and objects of a seeded run. */
static unsigned long run(const char *cmdline, const char *path)
{
	struct kalloc_machine *machine = boot(cmdline);
	struct recorder_setup setup = { .path = path, .command = "test", .title = "", .every = 50 };
	struct kmem_cache *cache = kmem_cache_create("run", 200, 0, 0, NULL);
	const char *start = page_address(pfn_to_page(0));
	struct page *pages[64] = { NULL };
	void *objects[64] = { NULL };
	unsigned long random = 1, sum = 0;
	struct recorder *recorder;

	assert_int_equal(recorder_open(&recorder, &setup), 0);
	for (int step = 0; step < 3000; step++) {
		unsigned int i, order;
		struct recorder_event event;

		random = random * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned int)(random >> 33) % 64;
		order = i % 5;
		if (pages[i]) {
			__free_pages(pages[i], order);
			kmem_cache_free(cache, objects[i]);
			pages[i] = NULL;
			continue;
		}
		pages[i] = alloc_pages(GFP_KERNEL | (i % 2 ? __GFP_MOVABLE : 0), order);
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		sum = sum * 31 + page_to_pfn(pages[i]);
		sum = sum * 31 + (unsigned long)((char *)objects[i] - start);
		event = event_of(pages[i]);
		recorder_event(recorder, &event);
	}
	assert_int_equal(recorder_close(recorder, true), 0);
	halt(machine);
	return sum;
}

static void test_changes_nothing(void **state)
{
	static const char *const cmdlines[] = {
		"mem=32M nr_cpus=2 slab_nomerge",
		"mem=32M nr_cpus=1 slab_nomerge kalloc.sheaves=off page_owner=on",
		"mem=64M nr_cpus=1 numa=fake=2 movablecore=8M slub_debug=FZPU",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cmdlines) / sizeof(cmdlines[0]); i++) {
		char *path = files_make("", 0);

		assert_int_equal(run(cmdlines[i], NULL), run(cmdlines[i], path));
		files_drop(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_traced),
		cmocka_unit_test(test_many_traced),
		cmocka_unit_test(test_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
