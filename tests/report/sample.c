/* SPDX-License-Identifier: MIT */
/*
 * Makes a report in which everything that a report can show occurs: a machine of 1 GiB
 * with two CPUs and three zones, filled and fragmented by a seeded pattern; ordinary and
 * checked caches, one object of which is written past its end; areas of vmalloc and vmap;
 * file and anonymous pages, reclaim and compaction; requests that fail.
 *
 * Beside it goes what the library says of the last step, for the tests to compare with.
 *
 * usage: sample REPORT.html FACTS.json
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/fragment.h>
#include <kalloc/inspect.h>
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "recorder.h"
#include "tracing.h"

#define CMDLINE                                                                      \
	"mem=1026M nr_cpus=2 movablecore=128M slub_debug=FZPU,guarded slab_nomerge " \
	"kalloc.swap=64M"
#define BLOCKS	  20000
#define LRU	  150000
#define PRESSED	  120000
#define LARGE	  300
#define EXHAUSTED 120000
#define OBJECTS	  6000

struct held {
	struct page *page;
	unsigned int order;
};

struct sample {
	struct recorder *recorder;
	struct tracing tracing;
	unsigned long random;
	struct held held[BLOCKS];
	struct page *pressed[PRESSED], *exhausted[EXHAUSTED], *large[LARGE];
	void *objects[OBJECTS];
	struct kmem_cache *caches[3];
	struct kalloc_mapping mapping;
};

static unsigned long next(struct sample *sample, unsigned long below)
{
	sample->random = sample->random * 6364136223846793005u + 1442695040888963407u;
	return (sample->random >> 33) % below;
}

static struct recorder_text text(const char *t)
{
	return (struct recorder_text){ t, strlen(t) };
}

static struct recorder_event event(const char *what, const struct page *page, unsigned int order)
{
	return (struct recorder_event){
		.what = text(what),
		.pfn = page ? page_to_pfn(page) : RECORDER_NO_PFN,
		.order = (int)order,
		.bytes = PAGE_SIZE << order,
		.site = text("sample"),
	};
}

/* What the machine recorded meanwhile is part of it. */
static void tell(struct sample *sample, const struct recorder_event *told)
{
	tracing_poll(&sample->tracing);
	recorder_event(sample->recorder, told);
}

/* --- frames ---------------------------------------------------------------- */

static struct page *take_pages(struct sample *sample, gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp | __GFP_NOWARN, order);
	struct recorder_event told = event("mm_page_alloc", page, order);

	told.gfp = gfp;
	told.has_gfp = true;
	told.failed = !page;
	tell(sample, &told);
	if (!page)
		recorder_failure(sample->recorder,
				 &(struct recorder_failure){ .event = &told, .order = order });
	return page;
}

static void give_pages(struct sample *sample, struct page *page, unsigned int order)
{
	struct recorder_event told = event("mm_page_free", page, order);

	__free_pages(page, order);
	tell(sample, &told);
}

static void fill(struct sample *sample)
{
	static const gfp_t types[] = { GFP_KERNEL, GFP_KERNEL | __GFP_MOVABLE,
				       GFP_KERNEL | __GFP_RECLAIMABLE, GFP_HIGHUSER_MOVABLE };

	for (int i = 0; i < BLOCKS; i++) {
		struct held *held = &sample->held[i];

		kalloc_set_cpu(i / 64 % 2);
		held->order = (unsigned int)(next(sample, 100) < 70 ? 0 : next(sample, 5));
		held->page = take_pages(sample, types[next(sample, 4)], held->order);
	}
	for (int i = 0; i < BLOCKS; i++) {
		struct held *held = &sample->held[i];

		if (!held->page || next(sample, 100) < 45)
			continue;
		give_pages(sample, held->page, held->order);
		held->page = NULL;
	}
}

/* Simulated page cache, of which a part is touched again. */
static void read_files(struct sample *sample)
{
	for (int i = 0; i < LRU; i++) {
		struct page *page = take_pages(sample, GFP_HIGHUSER_MOVABLE, 0);

		if (!page)
			break;
		kalloc_lru_add(page, &sample->mapping,
			       next(sample, 4) ? KALLOC_PAGE_CLEAN : KALLOC_PAGE_ANON);
		if (next(sample, 3) == 0)
			kalloc_lru_touch(page);
	}
}

/* --- objects --------------------------------------------------------------- */

static void tell_object(struct sample *sample, const char *what, struct kmem_cache *cache,
			const void *object)
{
	struct recorder_event told = event(what, virt_to_page(object), 0);

	told.order = -1;
	told.object = object;
	told.owner = text(kmem_cache_name(cache));
	told.bytes = kmem_cache_size(cache);
	told.gfp = GFP_KERNEL;
	told.has_gfp = strcmp(what, "kmem_cache_alloc") == 0;
	tell(sample, &told);
}

static void use_objects(struct sample *sample)
{
	sample->caches[0] = kmem_cache_create("inode_like", 608, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	sample->caches[1] = kmem_cache_create("dentry_like", 192, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	sample->caches[2] = kmem_cache_create("guarded", 72, 0, 0, NULL);
	for (int i = 0; i < OBJECTS; i++) {
		struct kmem_cache *cache = sample->caches[i % 3];

		sample->objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		tell_object(sample, "kmem_cache_alloc", cache, sample->objects[i]);
	}
	/* One byte too many, as programs do it. */
	((char *)sample->objects[2])[72] = 'x';
	for (int i = 3; i < OBJECTS; i++) {
		struct kmem_cache *cache = sample->caches[i % 3];

		if (next(sample, 100) < 40)
			continue;
		kmem_cache_free(cache, sample->objects[i]);
		tell_object(sample, "kmem_cache_free", cache, sample->objects[i]);
		sample->objects[i] = NULL;
	}
}

/* --- the rest -------------------------------------------------------------- */

static void map_areas(struct sample *sample)
{
	struct page *pages[8];
	int nr = 0;

	for (unsigned long pages_wanted = 1; pages_wanted <= 512; pages_wanted *= 2)
		(void)!vmalloc(pages_wanted * PAGE_SIZE);
	for (int i = 0; i < BLOCKS && nr < 8; i += 97) {
		if (sample->held[i].page)
			pages[nr++] = sample->held[i].page;
	}
	(void)!vmap(pages, (unsigned int)nr, VM_MAP, PAGE_KERNEL);
	vfree(vmalloc(20 * PAGE_SIZE));
	recorder_step(sample->recorder, "areas");
}

/* More than is free: file pages go. */
static void press(struct sample *sample)
{
	for (int i = 0; i < PRESSED; i++)
		sample->pressed[i] = take_pages(sample, GFP_KERNEL | __GFP_NORETRY, 0);
	recorder_step(sample->recorder, "reclaimed");
}

/* Blocks of a pageblock, for which pages are moved out of the way. */
static void ask_for_large(struct sample *sample)
{
	for (int i = 0; i < PRESSED; i += 2)
		if (sample->pressed[i])
			give_pages(sample, sample->pressed[i], 0);
	for (int i = 0; i < LARGE; i++)
		sample->large[i] =
			take_pages(sample, GFP_KERNEL | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL, 6);
	recorder_step(sample->recorder, "compacted");
}

/* First there are only small blocks, then there is nothing. */
static void fail(struct sample *sample)
{
	kalloc_fragment(4, 1.0, 7);
	recorder_step(sample->recorder, "in pieces");
	while (take_pages(sample, GFP_ATOMIC, 10))
		;
	take_pages(sample, GFP_HIGHUSER_MOVABLE | __GFP_NORETRY, 9);
	for (int i = 0, failures = 0; failures < 2 && i < EXHAUSTED; i++) {
		sample->exhausted[i] = take_pages(sample, GFP_NOWAIT, 0);
		failures += !sample->exhausted[i];
	}
	/* From the reserves; pageblocks are kept for the next ones. */
	for (int i = 0; i < 4; i++)
		take_pages(sample, GFP_ATOMIC, 0);
	for (int i = 0; i < 4; i++)
		take_pages(sample, GFP_ATOMIC, 1);
	recorder_step(sample->recorder, "nothing left");
}

static void give_back(struct sample *sample)
{
	kalloc_defragment();
	for (int i = 0; i < EXHAUSTED; i++)
		if (sample->exhausted[i])
			give_pages(sample, sample->exhausted[i], 0);
	for (int i = 0; i < LARGE; i++)
		if (sample->large[i])
			give_pages(sample, sample->large[i], 6);
	for (int i = 1; i < PRESSED; i += 2)
		if (sample->pressed[i])
			give_pages(sample, sample->pressed[i], 0);
}

/* Ordinary requests, the last of which are in the table of operations. */
static void go_on(struct sample *sample)
{
	static const gfp_t flags[] = { GFP_KERNEL, GFP_ATOMIC, GFP_KERNEL | __GFP_ZERO, GFP_NOFS };

	for (int i = 0; i < 1500; i++) {
		unsigned long size = 8 + next(sample, 2000);
		gfp_t gfp = flags[next(sample, 4)];
		void *object = kmalloc(size, gfp);
		struct recorder_event told = event("kmalloc", virt_to_page(object), 0);

		told.order = -1;
		told.object = object;
		told.bytes = size;
		told.gfp = gfp;
		told.has_gfp = true;
		tell(sample, &told);
		if (i % 3) {
			told.what = text("kfree");
			told.has_gfp = false;
			kfree(object);
			tell(sample, &told);
		}
	}
}

/* --- what the library says ------------------------------------------------- */

static void count(void *ctx, const struct kalloc_block *block)
{
	((unsigned long *)ctx)[block->state] += 1ul << block->order;
}

static void write_used(const struct sample *sample, FILE *out)
{
	for (int cache = 0; cache < 3; cache++) {
		int nr = 0;

		for (int i = cache; i < OBJECTS; i += 3)
			nr += sample->objects[i] != NULL;
		fprintf(out, "%s\"%s\":%d", cache ? "," : "",
			kmem_cache_name(sample->caches[cache]), nr);
	}
}

static void write_facts(const struct sample *sample, FILE *out)
{
	unsigned long frames[5] = { 0 };

	kalloc_inspect_frames(count, frames);
	fprintf(out, "{\"frames\":[%lu,%lu,%lu,%lu,%lu],\"unusable\":[", frames[0], frames[1],
		frames[2], frames[3], frames[4]);
	for (unsigned int order = 0; order < MAX_ORDER; order++)
		fprintf(out, "%s%.6f", order ? "," : "", kalloc_unusable_index(order));
	fputs("],\"used\":{", out);
	write_used(sample, out);
	fputs("}}\n", out);
}

int main(int argc, char **argv)
{
	static const struct kalloc_mapping_ops ops = { 0 };
	static struct sample sample = { .random = 1, .mapping.ops = &ops };
	struct recorder_setup setup = {
		.path = argc == 3 ? argv[1] : NULL,
		.command = "sample",
		.title = "everything that a report can show",
		.every = 2500,
	};
	FILE *facts = argc == 3 ? fopen(argv[2], "w") : NULL;

	if (!facts) {
		fputs("usage: sample REPORT.html FACTS.json\n", stderr);
		return 2;
	}
	kalloc_set_cpu(0);
	kalloc_enter(kalloc_boot(CMDLINE));
	if (recorder_open(&sample.recorder, &setup))
		return 1;
	sample.tracing.recorder = sample.recorder;
	if (tracing_begin(&sample.tracing, "sample"))
		return 1;
	use_objects(&sample);
	fill(&sample);
	map_areas(&sample);
	read_files(&sample);
	press(&sample);
	ask_for_large(&sample);
	fail(&sample);
	give_back(&sample);
	go_on(&sample);
	if (tracing_end(&sample.tracing) || recorder_close(sample.recorder, true))
		return 1;
	write_facts(&sample, facts);
	return fclose(facts) != 0;
}
