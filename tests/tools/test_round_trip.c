/* SPDX-License-Identifier: MIT */
/*
 * Proves that a recording can be replayed: a program uses caches, kmalloc, pages and vmalloc
 * of a machine in an order drawn from a seed, and what /sys/kernel/tracing/trace then says is
 * played on another machine. Both end in the same state: free blocks by order and type, every
 * cache's objects and slabs, every zone's counts and CPU lists. And the pages that were asked
 * for are the same frames.
 */
#include <inttypes.h>

#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/trace.h>
#include <kalloc/vmalloc.h>

#include "replaying.h"
#include "text_file.h"

#define OPS    6000
#define SLOTS  400
#define CACHES 12
#define BULK   40

enum kind {
	EMPTY,
	OBJECT, /* of a cache */
	KMALLOC,
	BLOCK,	 /* of pages, extra: its order */
	SINGLES, /* one block, split */
	AREA,
	EXACT, /* extra: bytes */
};

struct slot {
	enum kind kind;
	void *p;
	unsigned long extra; /* of an object: the cache */
};

static struct slot slots[SLOTS];
static struct kmem_cache *caches[CACHES];
static unsigned int in_use[CACHES];
static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (random_state >> 33) % below;
}

static void construct(void *object)
{
	*(long *)object = 1;
}

static void cache_make(unsigned int i)
{
	static const slab_flags_t flags[] = { 0, SLAB_HWCACHE_ALIGN, SLAB_RECLAIM_ACCOUNT,
					      SLAB_ACCOUNT, SLAB_PANIC };
	char name[16];

	/* Of few sizes, so that several are alike, and shared where they may be. */
	snprintf(name, sizeof(name), "cache%u", i);
	caches[i] = kmem_cache_create(name, 40 + 100 * (unsigned int)draw(4), 8u << draw(3),
				      flags[draw(5)], draw(4) ? NULL : construct);
	assert_non_null(caches[i]);
}

static gfp_t any_gfp(void)
{
	static const gfp_t gfps[] = { GFP_KERNEL,	  GFP_KERNEL | __GFP_ZERO,
				      GFP_ATOMIC,	  GFP_NOWAIT,
				      GFP_KERNEL_ACCOUNT, GFP_KERNEL | __GFP_RECLAIMABLE };

	return gfps[draw(sizeof(gfps) / sizeof(gfps[0]))];
}

static void fill(struct slot *slot)
{
	unsigned int cache = (unsigned int)draw(CACHES);

	switch (draw(7)) {
	case 0:
		if (!caches[cache])
			cache_make(cache);
		*slot = (struct slot){ OBJECT,
				       kmem_cache_alloc(caches[cache], any_gfp() & ~__GFP_ZERO),
				       cache };
		in_use[cache] += slot->p != NULL;
		break;
	case 1:
		*slot = (struct slot){ KMALLOC, kmalloc(1 + draw(9000), any_gfp()), 0 };
		break;
	case 2:
		*slot = (struct slot){ KMALLOC, kmalloc_node(100, GFP_KERNEL, (int)draw(2)), 0 };
		break;
	case 3:
		*slot = (struct slot){ BLOCK, NULL, draw(6) };
		slot->p = alloc_pages(draw(2) ? GFP_KERNEL : GFP_HIGHUSER_MOVABLE,
				      (unsigned int)slot->extra);
		break;
	case 4:
		*slot = (struct slot){ SINGLES, NULL, draw(4) };
		slot->p = alloc_pages(GFP_KERNEL, (unsigned int)slot->extra);
		if (slot->p)
			split_page(slot->p, (unsigned int)slot->extra);
		break;
	case 5:
		*slot = (struct slot){ AREA, vmalloc(1 + draw(300000)), 0 };
		break;
	default:
		*slot = (struct slot){ EXACT, NULL, 1 + draw(50000) };
		slot->p = alloc_pages_exact(slot->extra, GFP_KERNEL);
		break;
	}
	if (!slot->p)
		slot->kind = EMPTY;
}

static void empty(struct slot *slot)
{
	struct page *page = slot->p;

	switch (slot->kind) {
	case OBJECT:
		kmem_cache_free(caches[slot->extra], slot->p);
		in_use[slot->extra]--;
		break;
	case KMALLOC:
		kfree(slot->p);
		break;
	case BLOCK:
		__free_pages(page, (unsigned int)slot->extra);
		break;
	case SINGLES:
		for (unsigned long i = 0; i < 1ul << slot->extra; i++)
			__free_page(page + i);
		break;
	case AREA:
		vfree(slot->p);
		break;
	case EXACT:
		free_pages_exact(slot->p, slot->extra);
		break;
	case EMPTY:
		break;
	}
	slot->kind = EMPTY;
}

/* Objects of a cache, many at once, there and back. */
static void use_bulk(unsigned int cache)
{
	void *objects[BULK];
	size_t nr = 1 + draw(BULK);

	if (!caches[cache] || kmem_cache_alloc_bulk(caches[cache], GFP_KERNEL, nr, objects) == 0)
		return;
	kmem_cache_free_bulk(caches[cache], nr, objects);
}

static void use_cache(unsigned int cache)
{
	if (!caches[cache])
		return;
	if (draw(2)) {
		kmem_cache_shrink(caches[cache]);
	} else if (!in_use[cache]) {
		kmem_cache_destroy(caches[cache]);
		caches[cache] = NULL;
	}
}

static void program(bool has_bulk)
{
	memset(slots, 0, sizeof(slots));
	memset(caches, 0, sizeof(caches));
	memset(in_use, 0, sizeof(in_use));
	for (int i = 0; i < OPS; i++) {
		struct slot *slot = &slots[draw(SLOTS)];
		uint64_t what = draw(40);

		if (what == 0)
			use_cache((unsigned int)draw(CACHES));
		else if (what == 1 && has_bulk)
			use_bulk((unsigned int)draw(CACHES));
		else if (what == 2 && slot->kind == KMALLOC)
			slot->p = krealloc(slot->p, 1 + draw(9000), GFP_KERNEL);
		else if (slot->kind == EMPTY)
			fill(slot);
		else
			empty(slot);
	}
}

static const char *const files[] = { "/proc/buddyinfo", "/proc/pagetypeinfo", "/proc/slabinfo",
				     "/proc/zoneinfo" };
#define NR_FILES (sizeof(files) / sizeof(files[0]))

static void read_all(char *texts[NR_FILES])
{
	for (size_t i = 0; i < NR_FILES; i++) {
		texts[i] = text_file_read(files[i]);
		assert_non_null(texts[i]);
	}
}

/* Frames that were asked for, in order. */
struct frames {
	unsigned long pfn[65536];
	size_t nr;
};

static void note_frame(void *ctx, const struct kalloc_trace_event *event)
{
	struct frames *frames = ctx;

	if (strcmp(event->name, "mm_page_alloc") != 0)
		return;
	assert_true(frames->nr < sizeof(frames->pfn) / sizeof(frames->pfn[0]));
	frames->pfn[frames->nr++] = (unsigned long)event->fields[0].value;
}

static struct frames *frames_of_machine(void)
{
	struct frames *frames = test_calloc(1, sizeof(*frames));

	assert_true(kalloc_trace_drain(note_frame, frames) > 0);
	assert_int_equal(kalloc_trace_lost(), 0);
	return frames;
}

/* Run the program on a machine and record it. Return: the recording's path. */
static char *record(const char *cmdline, uint64_t seed, char *texts[NR_FILES],
		    struct frames **frames, bool has_bulk)
{
	struct kalloc_machine *machine = kalloc_boot(cmdline);
	char *trace, *path;

	assert_non_null(machine);
	kalloc_enter(machine);
	random_state = seed;
	program(has_bulk);
	read_all(texts);
	trace = text_file_read("/sys/kernel/tracing/trace");
	assert_non_null(trace);
	path = files_make(trace, strlen(trace));
	free(trace);
	*frames = frames_of_machine();
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return path;
}

static void assert_same(const char *what, const char *ours, const char *theirs)
{
	if (strcmp(ours, theirs) != 0)
		fail_msg("%s differs. Recorded:\n%s\nReplayed:\n%s", what, theirs, ours);
}

static void assert_same_frames(const struct frames *ours, const struct frames *theirs)
{
	assert_int_equal(ours->nr, theirs->nr);
	for (size_t i = 0; i < ours->nr; i++) {
		if (ours->pfn[i] != theirs->pfn[i])
			fail_msg("mm_page_alloc %zu: frame %lx, recorded %lx", i, ours->pfn[i],
				 theirs->pfn[i]);
	}
}

static const struct {
	const char *cmdline;
	bool has_bulk;
} rows[] = {
	{ "mem=64M nr_cpus=1", true },
	{ "mem=64M nr_cpus=1 slab_nomerge", true },
	{ "mem=64M nr_cpus=1 kalloc.sheaves=off", false },
	{ "mem=128M nr_cpus=2 numa=fake=2", false },
	{ "mem=64M nr_cpus=3 page_owner=on init_on_alloc=1 init_on_free=1", false },
	{ "mem=64M nr_cpus=1 slub_debug=ZP movablecore=16M highmem=16M", false },
};

#define RECORDING " trace_event=*:* trace_buf_size=64M"

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char cmdline[256], *texts[NR_FILES], *again[NR_FILES], *path, *message;
		struct frames *frames, *replayed;
		struct replaying run = { .is_recorded = true };

		snprintf(cmdline, sizeof(cmdline), "%s" RECORDING, rows[i].cmdline);
		path = record(cmdline, 12345 + i, texts, &frames, rows[i].has_bulk);
		message = replaying_begin(&run, path, false);
		if (message)
			fail_msg("%s: %s", rows[i].cmdline, message);
		read_all(again);
		replayed = frames_of_machine();
		assert_same_frames(replayed, frames);
		for (size_t file = 0; file < NR_FILES; file++) {
			assert_same(files[file], again[file], texts[file]);
			free(texts[file]);
			free(again[file]);
		}
		assert_int_equal(tally_sum(&run.player.tally, TALLY_BORN, TALLY_UNEXPLAINED), 0);
		test_free(frames);
		test_free(replayed);
		replaying_end(&run);
		files_drop(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
