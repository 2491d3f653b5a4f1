/* SPDX-License-Identifier: MIT */
/*
 * Memory that can be taken back: shrinkers, simulated page-cache and anonymous
 * pages, movable pages of other owners, and the OOM notifiers and tasks.
 *
 * All callbacks are made with no lock of the library held, on the thread that needs
 * the memory, with PF_MEMALLOC set: what they allocate comes from the reserves and
 * never reclaims again.
 */
#ifndef KALLOC_RECLAIM_H
#define KALLOC_RECLAIM_H

#include <kalloc/page.h>

KALLOC_BEGIN_DECLS

/* --- shrinkers --------------------------------------------------------- */

#ifndef SHRINK_STOP
#define SHRINK_STOP  (~0UL)	/* scan_objects: cannot go on now, e.g. would deadlock */
#define SHRINK_EMPTY (~0UL - 1) /* count_objects: there is nothing at all */
#endif
#define DEFAULT_SEEKS	    2
#define SHRINKER_NUMA_AWARE 1u

struct mem_cgroup;

struct shrink_control {
	gfp_t gfp_mask; /* of the request that needs memory */
	int nid;
	unsigned long nr_to_scan;
	unsigned long nr_scanned; /* preset to nr_to_scan; scan_objects may correct it */
	struct mem_cgroup *memcg; /* NULL */
};

struct kalloc_machine;
struct shrinker;

/*
 * A cache of objects that can be freed. Eras of registering it, by KALLOC_LINUX_VERSION
 * where the names clash:
 *   6.7 on          s = shrinker_alloc(flags, fmt, ...); fill it; shrinker_register(s);
 *                   shrinker_free(s)
 *   6.0–6.6         register_shrinker(&s, fmt, ...); unregister_shrinker(&s)
 *   2.6.23–5.19     register_shrinker(&s); unregister_shrinker(&s)
 *   before          s = set_shrinker(seeks, function); remove_shrinker(s)
 * Before 3.12 one function, shrink, did both: with nr_to_scan 0 it returns how many
 * objects there are, else it frees some and returns what is left, or -1 if it cannot.
 */
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 35)
typedef int (*kalloc_shrink_t)(int nr_to_scan, gfp_t gfp_mask);
#define KALLOC_SHRINK_FORM 1
#elif KALLOC_LINUX_VERSION < KERNEL_VERSION(3, 0, 0)
typedef int (*kalloc_shrink_t)(struct shrinker *, int nr_to_scan, gfp_t gfp_mask);
#define KALLOC_SHRINK_FORM 2
#else
typedef int (*kalloc_shrink_t)(struct shrinker *, struct shrink_control *sc);
#define KALLOC_SHRINK_FORM 3
#endif

struct shrinker {
	unsigned long (*count_objects)(struct shrinker *, struct shrink_control *sc);
	unsigned long (*scan_objects)(struct shrinker *, struct shrink_control *sc);
	long batch; /* objects a call; 0: 128 */
	int seeks;  /* cost of making an object anew; 0: they cost nothing, free half */
	unsigned int flags;
	void *private_data;

	/* the library's own */
	struct list_head list;
	struct kalloc_machine *machine;
	long nr_deferred;
	unsigned int calls;
	kalloc_shrink_t shrink; /* before 3.12 */
	int form;		/* KALLOC_SHRINK_FORM of the source that set it */
};

/**
 * register_shrinker() - offer a cache of the current machine for shrinking
 * @shrinker: filled by the caller; stays valid until unregister_shrinker()
 * @fmt: its name, for reports (6.0 on)
 *
 * Return: 0 or -ENOMEM.
 */
KALLOC_API int kalloc_register_shrinker(struct shrinker *shrinker, int form);
#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 0, 0)
KALLOC_API int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
#else
#define register_shrinker(shrinker) kalloc_register_shrinker(shrinker, KALLOC_SHRINK_FORM)
#endif

/**
 * unregister_shrinker() - take it back; returns when no call into it is under way
 *
 * Not from within its own call: that is reported, and it stays registered.
 */
KALLOC_API void unregister_shrinker(struct shrinker *shrinker);

/** shrinker_alloc(), shrinker_register(), shrinker_free() - the forms since 6.7 */
KALLOC_API struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
KALLOC_API void shrinker_register(struct shrinker *shrinker);
KALLOC_API void shrinker_free(struct shrinker *shrinker);

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 23)
/** set_shrinker(), remove_shrinker() - the forms before 2.6.23; NULL if out of memory */
static inline struct shrinker *set_shrinker(int seeks, kalloc_shrink_t shrink)
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", "");

	if (shrinker) {
		shrinker->seeks = seeks;
		shrinker->shrink = shrink;
		kalloc_register_shrinker(shrinker, KALLOC_SHRINK_FORM);
	}
	return shrinker;
}

#define remove_shrinker(shrinker) shrinker_free(shrinker)
#endif

/* --- simulated page-cache and anonymous pages --------------------------- */

enum kalloc_page_kind {
	KALLOC_PAGE_CLEAN, /* of a file, unchanged: may always go */
	KALLOC_PAGE_DIRTY, /* of a file, changed: must be written first, needs __GFP_FS */
	KALLOC_PAGE_ANON,  /* of a process: must be swapped out, needs __GFP_IO and swap= */
};

struct kalloc_mapping;

/* What the owner of simulated pages is told. Any of them may be NULL. */
struct kalloc_mapping_ops {
	/* Write @page out. Return: 0, or -EIO to keep it. NULL: always succeeds. */
	int (*writeback)(struct kalloc_mapping *mapping, struct page *page);
	/* @page is about to be freed: the owner must forget it. */
	void (*evicted)(struct kalloc_mapping *mapping, struct page *page);
	/* Compaction moves the contents of @from to @to: the owner must follow. */
	void (*moved)(struct kalloc_mapping *mapping, struct page *from, struct page *to);
	/*
	 * Held from before the contents are copied until moved() has returned. An owner
	 * that writes to pages, or takes references to them, while they are on the lists
	 * gives both and does so under the same lock; its moved() then does not take it.
	 * Whoever holds that lock makes no request that could compact (with __GFP_IO and
	 * __GFP_DIRECT_RECLAIM). Without the two such a page is changed only after
	 * kalloc_lru_remove().
	 */
	void (*lock)(struct kalloc_mapping *mapping);
	void (*unlock)(struct kalloc_mapping *mapping);
};

/* A file or a process's memory, as far as reclaim knows it. */
struct kalloc_mapping {
	const struct kalloc_mapping_ops *ops;
	void *ctx;
};

/**
 * kalloc_lru_add() - put a page on the LRU lists of its node
 * @page: order 0, one reference, which now belongs to the lists
 * @mapping: its owner; stays valid while any of its pages is on the lists
 * @kind: what reclaim may do with it
 *
 * From here on reclaim may free the page and compaction may move it, each time
 * telling the mapping.
 */
KALLOC_API void kalloc_lru_add(struct page *page, struct kalloc_mapping *mapping,
			       enum kalloc_page_kind kind);

/**
 * kalloc_lru_remove() - take a page off the lists
 * @page: a page that was put on them
 *
 * Return: true, and the caller has its reference again; false if it is on no list just
 * now: another thread is reclaiming or moving it and tells the owner, or puts it back.
 *
 * Whoever removes pages that may be reclaimed at the same time holds a lock of its own
 * that its evicted() and moved() take, too: then the page is there for the call, and
 * after false one drops the lock and looks again whether the page is still one's own.
 * A callback does not wait so: it leaves the page where it is.
 */
KALLOC_API bool kalloc_lru_remove(struct page *page);

/** kalloc_lru_touch() - the page was used: keeps it longer, as mark_page_accessed() does */
KALLOC_API void kalloc_lru_touch(struct page *page);

/** kalloc_swap_drop() - the contents of @nr pages that were swapped out are needed no more */
KALLOC_API void kalloc_swap_drop(unsigned long nr);

/**
 * kalloc_lru_dirty() - a clean page was changed
 *
 * Return: true; false if the page is being evicted: its owner is about to be told, and
 * the change is lost.
 */
KALLOC_API bool kalloc_lru_dirty(struct page *page);

/* --- pages that their owner can move ------------------------------------ */

enum migrate_mode {
	MIGRATE_ASYNC,
	MIGRATE_SYNC_LIGHT,
	MIGRATE_SYNC,
	MIGRATE_SYNC_NO_COPY,
};

#define MIGRATEPAGE_SUCCESS 0

typedef unsigned int isolate_mode_t;

/*
 * As in Linux 6.1 (include/linux/migrate.h). The library holds a reference to a page
 * from isolate_page on.
 */
struct movable_operations {
	/* Take @page out of use, so that it stays as it is. Return: false to refuse. */
	bool (*isolate_page)(struct page *page, isolate_mode_t mode);
	/*
	 * Move the contents: take a reference to @dst and call __SetPageMovable() for it,
	 * drop the owner's to @src. Return: MIGRATEPAGE_SUCCESS; -EAGAIN to be asked
	 * again; another error to keep @src, which is then put back.
	 */
	int (*migrate_page)(struct page *dst, struct page *src, enum migrate_mode mode);
	/* It was not moved: take it back into use. */
	void (*putback_page)(struct page *page);
};

/** __SetPageMovable() - @page (order 0, in use) may be moved through @ops */
KALLOC_API void __SetPageMovable(struct page *page, const struct movable_operations *ops);

/** __ClearPageMovable() - no longer; to be called before @page is freed */
KALLOC_API void __ClearPageMovable(struct page *page);

/**
 * alloc_contig_range() - allocate the frames [start, end), moving what is in the way
 * @start: first pfn
 * @end: one past the last pfn
 * @migratetype: type of the pageblocks afterwards, MIGRATE_MOVABLE
 * @gfp_mask: for the frames that contents move to
 *
 * Return: 0; -EBUSY (something there cannot move), -EINVAL, -ENOMEM. The frames are
 * single pages with a reference each; free_contig_range() gives them back.
 */
KALLOC_API int alloc_contig_range(unsigned long start, unsigned long end, unsigned int migratetype,
				  gfp_t gfp_mask);

/** alloc_contig_pages() - the same for any aligned range of @nr_pages near node @nid */
KALLOC_API struct page *alloc_contig_pages(unsigned long nr_pages, gfp_t gfp_mask, int nid,
					   const unsigned long *nodemask);
KALLOC_API void free_contig_range(unsigned long pfn, unsigned long nr_pages);

/* --- out of memory ------------------------------------------------------- */

struct notifier_block;
#ifndef __KERNEL__
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};
#endif

/**
 * register_oom_notifier() - be asked to free something before anybody is killed
 * @nb: called with @data pointing at an unsigned long, to be raised by the number of
 *	frames freed
 *
 * Notifiers are called in the order of their priority, the highest first; those of one
 * priority in the order of registration.
 *
 * Return: 0; -EEXIST (already registered), after a warning.
 */
KALLOC_API int register_oom_notifier(struct notifier_block *nb);

/**
 * unregister_oom_notifier() - take it back
 * @nb: a notifier of the current machine
 *
 * Returns when no call into it is under way, unless it is called from within.
 *
 * Return: 0; -ENOENT (not registered).
 */
KALLOC_API int unregister_oom_notifier(struct notifier_block *nb);

/* A process that the policy kalloc.oom=kill may end. */
struct kalloc_oom_task {
	int pid;
	char comm[16];
	short oom_score_adj;	/* -1000 (never) .. 1000 */
	unsigned long nr_pages; /* its memory: what its badness is measured by */
	void (*kill)(struct kalloc_oom_task *task); /* frees all of it */

	/* the library's own */
	struct list_head list;
	int is_victim; /* has been chosen */
};

/**
 * kalloc_oom_add() - make a task known to the current machine
 * @task: filled by the caller; stays valid until kalloc_oom_del()
 *
 * Its numbers may change while it is known. A task is killed once: after that it stays
 * known, and is not chosen again.
 */
KALLOC_API void kalloc_oom_add(struct kalloc_oom_task *task);

/**
 * kalloc_oom_del() - the task is gone
 * @task: of the current machine
 *
 * Returns when its kill() is not under way, unless it is called from within.
 */
KALLOC_API void kalloc_oom_del(struct kalloc_oom_task *task);

/* --- daemons -------------------------------------------------------------- */

/**
 * kalloc_step() - let the daemons of the current machine that were woken work
 *
 * kswapd and kcompactd run inline, at the point where they are woken, if that
 * request may sleep; else they stay woken until the next request that may, or this
 * call. With kalloc.daemons=step only this call runs them.
 *
 * Return: the number of daemons that had work.
 */
KALLOC_API unsigned int kalloc_step(void);

KALLOC_END_DECLS

#endif
