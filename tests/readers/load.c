/* SPDX-License-Identifier: MIT */
/*
 * A machine with something in it, for readers.py: boots one of two nodes, allocates
 * objects, pages, areas and simulated pages on both, writes its files under DIR and
 * then prints what it knows without them, a name and a number on each line:
 *
 *   frames.free ...    frames by state, from kalloc_inspect_frames()
 *   objects.NAME       objects in use of a checked cache, which is exact
 *   lru.file, lru.anon pages on the lists
 *   owner.blocks, owner.frames   what was taken under the name "reader_pages"
 *
 * usage: load DIR
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kalloc/context.h>
#include <kalloc/inspect.h>
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/reclaim.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "tree.h"

#define CMDLINE	   "mem=256M nr_cpus=2 numa=fake=2 kalloc.swap=16M page_owner=on"
#define NR_OBJECTS 1000
#define NR_FILE	   300
#define NR_ANON	   200

static void *must(void *got)
{
	if (!got) {
		fprintf(stderr, "load: the machine is too small\n");
		exit(1);
	}
	return got;
}

/* Half of the objects on each CPU, then every third free again. Return: how many are left. */
static unsigned int fill_cache(struct kmem_cache *cache)
{
	void *objects[NR_OBJECTS];
	unsigned int left = NR_OBJECTS;

	must(cache);
	for (unsigned int i = 0; i < NR_OBJECTS; i++) {
		kalloc_set_cpu(i >= NR_OBJECTS / 2);
		objects[i] = must(kmem_cache_alloc(cache, GFP_KERNEL));
	}
	for (unsigned int i = 0; i < NR_OBJECTS; i += 3) {
		kmem_cache_free(cache, objects[i]);
		left--;
	}
	return left;
}

static void fill_lru(struct kalloc_mapping *mapping)
{
	for (unsigned int i = 0; i < NR_FILE + NR_ANON; i++)
		kalloc_lru_add(must(alloc_page(GFP_HIGHUSER_MOVABLE)), mapping,
			       i < NR_FILE ? KALLOC_PAGE_CLEAN : KALLOC_PAGE_ANON);
}

static void fill_pages(void)
{
	unsigned long nr_blocks = 0, nr_frames = 0;

	strcpy(kalloc_task()->comm, "reader_pages");
	for (unsigned int order = 0; order <= 6; order++) {
		must(alloc_pages(GFP_KERNEL, order));
		must(alloc_pages(GFP_KERNEL | __GFP_COMP, order));
		nr_blocks += 2;
		nr_frames += 2UL << order;
	}
	kalloc_task()->comm[0] = '\0';
	printf("owner.blocks %lu\nowner.frames %lu\n", nr_blocks, nr_frames);
}

static void fill(struct kalloc_mapping *mapping)
{
	fill_cache(kmem_cache_create("reader_plain", 200, 0, SLAB_RECLAIM_ACCOUNT, NULL));
	fill_cache(kmem_cache_create("reader/slash", 72, 0, SLAB_HWCACHE_ALIGN, NULL));
	printf("objects.reader_checked %u\n",
	       fill_cache(kmem_cache_create("reader_checked", 100, 0,
					    SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL)));
	for (size_t size = 8; size <= 64 << 10; size *= 2) {
		kalloc_set_cpu(size & 0x5550 ? 1 : 0);
		must(kmalloc(size, GFP_KERNEL));
		must(kmalloc(size, GFP_KERNEL_ACCOUNT));
	}
	fill_pages();
	must(vmalloc(300 << 10));
	fill_lru(mapping);
}

struct tally {
	unsigned long frames[KALLOC_FRAMES_HOLE + 1];
};

static void count(void *ctx, const struct kalloc_block *block)
{
	struct tally *tally = ctx;

	tally->frames[block->state] += 1UL << block->order;
}

static void print_truth(void)
{
	static const char *const names[] = { "free", "used", "slab", "pcp", "hole" };
	struct tally tally = { { 0 } };

	kalloc_inspect_frames(count, &tally);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		printf("frames.%s %lu\n", names[i], tally.frames[i]);
	printf("lru.file %d\nlru.anon %d\n", NR_FILE, NR_ANON);
}

int main(int argc, char **argv)
{
	struct kalloc_mapping mapping = { .ops = NULL };
	struct kalloc_machine *machine = argc == 2 ? kalloc_boot(CMDLINE) : NULL;
	int err;

	if (!machine) {
		fprintf(stderr, "usage: load DIR\n");
		return 2;
	}
	kalloc_enter(machine);
	fill(&mapping);
	err = tree_write(argv[1], "load");
	print_truth();
	kalloc_enter(NULL);
	kalloc_halt(machine);
	return err != 0;
}
