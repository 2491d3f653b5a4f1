/* SPDX-License-Identifier: MIT */
#include "soak.h"

#include "page/room.h"

/* Free frames as the marks see them, without the CPUs' lists. */
static unsigned long frames_free(const struct soak *soak)
{
	struct zone *zone;
	long nr = 0;

	for_each_zone(zone, soak->m->page)
		nr += READ_ONCE(zone->free_pages);
	return nr > 0 ? (unsigned long)nr : 0;
}

/* Fill memory with pages that can be had back, until so much is in use. */
static void fill(struct worker *worker)
{
	gfp_t gfp = GFP_HIGHUSER_MOVABLE | __GFP_NORETRY | __GFP_NOWARN;
	struct soak *soak = worker->soak;
	unsigned long most = soak->nr_frames * (100 - FULL_PERCENT) / 100, nr;

	while (frames_free(soak) > most && store_add(&worker->store, &worker->rand, gfp))
		;
	nr = frames_free(soak);
	worker->fullness.nr_steps++;
	worker->fullness.nr_full += nr <= most;
	worker->fullness.permille_sum += 1000 - nr * 1000 / soak->nr_frames;
}

static gfp_t draw_gfp(struct rand *rand)
{
	static const gfp_t gfps[] = {
		GFP_KERNEL,
		GFP_KERNEL,
		GFP_KERNEL | __GFP_NORETRY,
		GFP_KERNEL | __GFP_RETRY_MAYFAIL,
		GFP_KERNEL | __GFP_ZERO,
		GFP_KERNEL_ACCOUNT,
		GFP_NOFS,
		GFP_NOFS | __GFP_NORETRY,
		GFP_NOIO,
		GFP_NOIO | __GFP_RETRY_MAYFAIL,
		GFP_ATOMIC,
		GFP_ATOMIC | __GFP_NOMEMALLOC,
		GFP_NOWAIT,
	};
	gfp_t gfp = gfps[rand_below(rand, sizeof(gfps) / sizeof(gfps[0]))];

	/* Warnings are limited in rate; now and then one may be printed. */
	return rand_below(rand, 8) ? gfp | __GFP_NOWARN : gfp;
}

/* In an atomic section, in one of the scopes, with a memory policy, or plainly. */
static void step_in_scope(struct worker *worker, gfp_t gfp)
{
	static const unsigned int scopes[] = { PF_MEMALLOC_NOIO, PF_MEMALLOC_NOFS,
					       PF_MEMALLOC_PIN };
	unsigned int scope = scopes[rand_below(&worker->rand, 3)], saved;
	unsigned int how = rand_below(&worker->rand, 16);

	if (how == 0) {
		kalloc_atomic_enter();
		holding_step(worker, GFP_ATOMIC | __GFP_NOWARN);
		kalloc_atomic_leave();
	} else if (how < 4) {
		saved = kalloc_scope_enter(scope);
		holding_step(worker, gfp);
		kalloc_scope_leave(scope, saved);
	} else if (how == 4) {
		/* Refused where a node of the mask does not exist. */
		kalloc_set_mempolicy((int)rand_below(&worker->rand, MPOL_MAX),
				     1 + rand_below(&worker->rand, 7));
		holding_step(worker, gfp);
		kalloc_set_mempolicy(MPOL_DEFAULT, 0);
	} else {
		holding_step(worker, gfp);
	}
}

/* One page that the caller cannot do without, or from the reserves. */
static void step_deep(struct worker *worker)
{
	unsigned int saved;
	struct page *page;

	if (rand_below(&worker->rand, 2)) {
		page = alloc_page(GFP_KERNEL | __GFP_NOFAIL);
		SOAK_CHECK(page);
	} else {
		saved = memalloc_noreclaim_save();
		page = alloc_page(GFP_NOIO | __GFP_NOWARN);
		memalloc_noreclaim_restore(saved);
	}
	if (page)
		__free_page(page);
}

/* What happens seldom and takes long. */
static void step_rare(struct worker *worker)
{
	struct soak *soak = worker->soak;
	struct page *page;

	switch (rand_below(&worker->rand, 8)) {
	case 0:
		SOAK_CHECK(kalloc_write("/proc/sys/vm/compact_memory", "1") > 0);
		return;
	case 1:
		page = alloc_contig_pages(64, GFP_KERNEL | __GFP_NOWARN, 0, NULL);
		if (page)
			free_contig_range(page_to_pfn(page), 64);
		return;
	case 2:
		kmem_cache_shrink(soak->layers.cache[rand_below(&worker->rand, NR_CACHES)]);
		return;
	case 3:
		vm_unmap_aliases();
		return;
	case 4:
	case 5:
		kalloc_set_cpu((int)rand_below(&worker->rand, 64));
		return;
	default:
		hoard_step(&worker->hoard, soak->nr_frames / 4,
			   rand_below(&worker->rand, 2) ? GFP_KERNEL : GFP_KERNEL | __GFP_NOWARN);
	}
}

static void step(struct worker *worker)
{
	struct soak *soak = worker->soak;
	struct rand *rand = &worker->rand;
	gfp_t gfp = draw_gfp(rand);

	switch (rand_below(rand, 16)) {
	case 0:
		mover_step(&worker->mover, rand, gfp);
		return;
	case 1:
		shrinkable_step(&soak->shrinkable, gfp);
		return;
	case 2:
	case 3:
	case 4:
		store_use(&soak->workers[rand_below(rand, THREADS)].store, rand);
		return;
	case 5:
		if (rand_below(rand, 8) == 0)
			step_deep(worker);
		if (rand_below(rand, 16) == 0)
			kalloc_step();
		if (rand_below(rand, 16) == 0)
			store_forget_swapped(&worker->store);
		if (rand_below(rand, 64) == 0)
			step_rare(worker);
		return;
	default:
		step_in_scope(worker, gfp);
	}
}

void *worker_run(void *arg)
{
	struct worker *worker = arg;
	struct soak *soak = worker->soak;

	kalloc_enter(soak->m);
	for (unsigned long i = 0;
	     soak->nr_steps ? i < soak->nr_steps : !__atomic_load_n(&soak->stop, __ATOMIC_RELAXED);
	     i++) {
		fill(worker);
		step(worker);
	}
	holdings_fini(worker);
	kalloc_enter(NULL);
	return NULL;
}
