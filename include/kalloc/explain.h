/* SPDX-License-Identifier: MIT */
/*
 * Explaining: what the calling thread's last request for memory met on its way, and why it
 * ended as it did. Which zones were looked at, with which marks and how much was free; what
 * a block was split from; which pageblock was stolen; what the slow path tried, in turn, and
 * what came of it; where an object, an area's frames or a pool's element came from.
 *
 * A thread gives a record, and from then on its requests leave notes there: numbers, and
 * names that live as long as the machine. kalloc_explain_text() makes words of them. Of
 * several requests one after the other the record has the last; those that a request makes
 * itself (a cache for a slab, vmalloc for its records) are part of it. What daemons and
 * other threads do is noted as far as the thread's own request waited for it. A call that
 * asks for no memory leaves the record as it is.
 *
 * A thread that has given no record pays nothing on the paths that most requests take, and
 * the test of a word or two on the others. With one it takes longer, and gets just the same
 * frames and objects.
 */
#ifndef KALLOC_EXPLAIN_H
#define KALLOC_EXPLAIN_H

#include <kalloc/gfp.h>

enum kalloc_note_kind {
	/* Requests. Up to its END, the next one of the same level, all belongs to it. */
	KALLOC_NOTE_PAGES, /* a block of pages, or single ones in bulk; `pages` */
	KALLOC_NOTE_PAGES_END,
	KALLOC_NOTE_OBJECT, /* an object of a cache; `object` */
	KALLOC_NOTE_OBJECT_END,
	KALLOC_NOTE_AREA, /* an area of the vmalloc space; `area` */
	KALLOC_NOTE_AREA_END,
	KALLOC_NOTE_CACHE, /* kmem_cache_create(); `cache` */
	KALLOC_NOTE_CACHE_END,

	/* On the way of PAGES. */
	KALLOC_NOTE_STEP,    /* an attempt begins; `step` */
	KALLOC_NOTE_ZONE,    /* a zone is looked at; `zone` */
	KALLOC_NOTE_STEAL,   /* the type's own lists were empty: another's; `steal` */
	KALLOC_NOTE_REFILL,  /* a CPU's empty list is refilled from its zone; `refill` */
	KALLOC_NOTE_TAKEN,   /* the block; `taken` */
	KALLOC_NOTE_KSWAPD,  /* it was woken; `kswapd` */
	KALLOC_NOTE_ROUND,   /* a round of the slow path begins; `number` is which, from 1 */
	KALLOC_NOTE_RECLAIM, /* direct reclaim; `reclaim` */
	KALLOC_NOTE_COMPACT, /* of a zone; `compact` */
	KALLOC_NOTE_OOM,     /* out of memory; `oom` */
	KALLOC_NOTE_GIVE_UP, /* `number` is the reason, an enum kalloc_give_up */

	/* On the way of the others. */
	KALLOC_NOTE_FROM,   /* of OBJECT: where it was; `from` */
	KALLOC_NOTE_SLAB,   /* of OBJECT: a new slab; `slab` */
	KALLOC_NOTE_SHARED, /* of CACHE: whether it is another; `shared` */
	KALLOC_NOTE_BLOCKS, /* of AREA: its pages, by the blocks they came in; `blocks` */
	KALLOC_NOTE_LACK,   /* of AREA: what there was not; `number` is an enum kalloc_lack */

	/* Behind a request that failed, which then goes on another way. */
	KALLOC_NOTE_SECOND,  /* kvmalloc(): `second` */
	KALLOC_NOTE_RESERVE, /* mempool_alloc(): `reserve` */

	KALLOC_NOTE_FAULT, /* it failed because /proc/thread-self/fail-nth said so */
};

/* Why an attempt is made. */
enum kalloc_step {
	KALLOC_STEP_FIRST,     /* at the low mark */
	KALLOC_STEP_BULK,      /* the same, for several single pages at once */
	KALLOC_STEP_RUN,       /* the same, of the node alone: a run of pages for vmalloc */
	KALLOC_STEP_MIXING,    /* once more, and pageblocks may be mixed */
	KALLOC_STEP_MIN,       /* the slow path begins, at the min mark */
	KALLOC_STEP_COMPACTED, /* after compaction */
	KALLOC_STEP_RESERVES,  /* with all that this caller may use */
	KALLOC_STEP_RECLAIMED, /* after reclaim */
	KALLOC_STEP_DRAINED,   /* after the CPUs' lists were given back */
	KALLOC_STEP_HIGH,      /* before the OOM policy, at the high mark */
	KALLOC_STEP_NO_MARK,   /* __GFP_NOFAIL, after the OOM policy */
	KALLOC_STEP_LAST,      /* __GFP_NOFAIL, at half the min mark */
};

enum kalloc_mark {
	KALLOC_MARK_MIN,
	KALLOC_MARK_LOW,
	KALLOC_MARK_HIGH,
	KALLOC_MARK_NONE, /* the request may take all there is */
};

/* What became of a zone that was looked at. */
enum kalloc_verdict {
	KALLOC_ZONE_ALLOWS, /* its mark lets the request have a block */
	KALLOC_ZONE_MARK,   /* too few pages are free */
	KALLOC_ZONE_PIECES, /* enough, but in blocks that are too small */
	KALLOC_ZONE_DIRTY,  /* __GFP_WRITE: its node has its share of dirty pages */
	KALLOC_ZONE_REMOTE, /* of another node, and pageblocks are not to be mixed: ends the walk */
};

enum kalloc_give_up {
	KALLOC_GIVE_UP_ORDER,	/* the machine has no block so large */
	KALLOC_GIVE_UP_ZONE,	/* none that the flags allow has memory */
	KALLOC_GIVE_UP_SLEEP,	/* no __GFP_DIRECT_RECLAIM: it may not wait for anything */
	KALLOC_GIVE_UP_RECLAIM, /* the thread is reclaiming already (PF_MEMALLOC) */
	KALLOC_GIVE_UP_NORETRY, /* __GFP_NORETRY: one round only */
	KALLOC_GIVE_UP_COSTLY,	/* an order above 3 without __GFP_RETRY_MAYFAIL: the same */
	KALLOC_GIVE_UP_COMPACT, /* __GFP_NORETRY, and compaction was skipped or deferred */
	KALLOC_GIVE_UP_NO_OOM,	/* the OOM policy does not help such a request */
	KALLOC_GIVE_UP_OOM,	/* nor did it help */
};

/* How compaction of a zone ended. */
enum kalloc_compacted {
	KALLOC_COMPACT_SKIPPED,	 /* too few free pages, or it is not for lack of wholeness */
	KALLOC_COMPACT_DEFERRED, /* it failed lately at this order */
	KALLOC_COMPACT_PARTIAL,	 /* the scanners met, after a part of the zone */
	KALLOC_COMPACT_COMPLETE, /* the same, after all of it */
	KALLOC_COMPACT_STOPPED,	 /* no free page was left to move anything to */
	KALLOC_COMPACT_SUCCESS,	 /* such a block is free now */
};

enum kalloc_oom {
	KALLOC_OOM_NOTIFIED, /* notifiers freed `pages` */
	KALLOC_OOM_NO_FS,    /* no __GFP_FS: nothing is done */
	KALLOC_OOM_KILLED,   /* task `name`, `pid` was killed */
	KALLOC_OOM_FAILED,   /* the policy is to let the request fail */
	KALLOC_OOM_BUSY,     /* another thread was at it: waited for */
};

enum kalloc_from {
	KALLOC_FROM_SHEAF,	  /* the sheaf of the host CPU */
	KALLOC_FROM_SPARE,	  /* its spare one */
	KALLOC_FROM_BARN,	  /* a full one that the cache had */
	KALLOC_FROM_CPU,	  /* the free list of the CPU's slab */
	KALLOC_FROM_GIVEN_BACK,	  /* what others have freed to the CPU's slab */
	KALLOC_FROM_CPU_PARTIAL,  /* a slab in the CPU's reserve */
	KALLOC_FROM_NODE_PARTIAL, /* a partial slab of a node */
};

enum kalloc_shared {
	KALLOC_SHARED_WITH,    /* one that was there is shared */
	KALLOC_SHARED_NOMERGE, /* slab_nomerge */
	KALLOC_SHARED_CTOR,    /* it has a constructor or a region for users */
	KALLOC_SHARED_FLAGS,   /* its flags forbid it */
	KALLOC_SHARED_NONE,    /* no other is of this size and kind */
};

enum kalloc_lack {
	KALLOC_LACK_TOTAL,     /* more than the machine has */
	KALLOC_LACK_RECORD,    /* no memory for the area's record */
	KALLOC_LACK_ARRAY,     /* or for the array of its pages */
	KALLOC_LACK_PAGES,     /* too few pages */
	KALLOC_LACK_ADDRESSES, /* the vmalloc space is full */
	KALLOC_LACK_MAPPINGS,  /* the host grants no more mappings */
};

struct kalloc_note {
	unsigned char kind;  /* enum kalloc_note_kind */
	unsigned char level; /* how many requests it is inside of */
	union {
		struct {
			gfp_t gfp; /* as the thread's scopes narrow it */
			unsigned int order;
			unsigned long nr; /* pages asked for in bulk, else 0 */
			const char *type; /* migratetype; "Unmovable" */
			int nid;	  /* asked for; NUMA_NO_NODE: any */
		} pages;
		struct {
			unsigned long nr;    /* how many in bulk; else 1, or 0: it failed */
			unsigned long pfn;   /* of the block, or of the first */
			const void *address; /* of the object or area; NULL: it failed */
		} end;
		struct {
			char name[24]; /* of the cache, cut */
			unsigned int size;
			gfp_t gfp;
			unsigned long nr; /* asked for in bulk, else 0 */
		} object;
		struct {
			unsigned long bytes;
			unsigned int order; /* of its blocks: 9 for those of 2 MiB, else 0 */
			gfp_t gfp;
		} area;
		struct {
			char name[24];
			unsigned int size, align;
		} cache;
		struct {
			unsigned char step; /* enum kalloc_step */
			unsigned char mark; /* enum kalloc_mark */
			bool high;	    /* __GFP_HIGH: half of it is enough */
			bool atomic;	    /* cannot sleep: with that, a quarter less again */
			bool no_mixing;	    /* whole pageblocks of other types only */
		} step;
		struct {
			const char *name;
			int nid;
			unsigned char verdict; /* enum kalloc_verdict */
			unsigned char mark;    /* enum kalloc_mark */
			int largest;	       /* order of the largest free block; -1: none */
			long free;	       /* free pages, as marks count them: the */
					       /* CPUs' last few are not added yet */
			long exact;	       /* free pages, as /proc/zoneinfo shows them */
			long block;	       /* 2^order - 1, which count as taken */
			long kept;	       /* in high-atomic pageblocks, not for this request */
			long full;	       /* the mark, a boost included */
			long boost;
			long least;	 /* what it comes to for this request */
			long protection; /* lowmem reserve against it */
		} zone; /* it allows the request if free - block - kept > least + protection */
		struct {
			const char *zone, *from, *to; /* types */
			int nid;
			unsigned int order;   /* of the block that was found */
			unsigned long pfn;    /* of it */
			unsigned long moved;  /* free pages of its pageblock that changed lists */
			unsigned long alike;  /* used ones that count as of the new type */
			unsigned int retyped; /* pageblocks that changed type */
			bool claimed;	      /* more than the block itself was moved */
			unsigned long boost;  /* on the zone's marks afterwards */
		} steal;
		struct {
			const char *zone, *type;
			int nid;
			unsigned int cpu, order;
			int split;	     /* order of the first block taken; -1: none was */
			unsigned long pages; /* moved to the CPU's list */
		} refill;
		struct {
			const char *zone;
			int nid;
			bool from_cpu; /* from the CPU's list, else from the zone's */
			unsigned int cpu, order;
			int split; /* zone: order of the block that was split; -1: stolen */
			unsigned int count; /* CPU: pages left on all its lists of the zone */
			unsigned long pfn;
		} taken;
		struct {
			bool ran;	     /* it worked at once */
			bool may_run;	     /* it may in this request */
			unsigned long pages; /* reclaimed */
			unsigned long moved; /* by kcompactd */
		} kswapd;
		struct {
			unsigned long scanned, pages;
			bool ready; /* compaction can begin instead */
		} reclaim;
		struct {
			const char *zone;
			int nid;
			unsigned char result; /* enum kalloc_compacted */
			bool async;
			int index;	     /* fragmentation index in thousandths, as before it */
			unsigned long moved; /* pages */
		} compact;
		struct {
			unsigned char what; /* enum kalloc_oom */
			int pid;
			char name[16];
			unsigned long pages; /* freed */
		} oom;
		struct {
			unsigned char where; /* enum kalloc_from */
			unsigned int cpu;    /* the thread's */
			int nid;	     /* of NODE_PARTIAL */
		} from;
		struct {
			unsigned int order, objects;
			unsigned int wanted; /* the order that was tried first */
			unsigned long pfn;
		} slab;
		struct {
			unsigned int nr[10]; /* blocks of each order */
		} blocks;
		struct {
			unsigned char how; /* enum kalloc_shared */
			char name[24];	   /* of the other */
		} shared;
		struct {
			unsigned long bytes;
			bool may; /* vmalloc is tried: more than a page, and it may sleep */
		} second;
		struct {
			bool taken; /* an element of the reserve */
			bool waits; /* there was none: until one comes back */
			int left, min_nr;
		} reserve;
		unsigned int number;
	};
};

#define KALLOC_EXPLAIN_NOTES 500

/* A thread's record. Its owner may set nr_notes to 0, to forget what is noted. */
struct kalloc_explain {
	unsigned int nr_notes; /* that are there */
	unsigned int nr_lost;  /* for which there was no room */
	unsigned int level;    /* the library's own: requests under way */
	struct kalloc_note notes[KALLOC_EXPLAIN_NOTES];
};

KALLOC_BEGIN_DECLS

/**
 * kalloc_explain_start() - note the calling thread's requests
 * @record: the caller's; emptied; stays valid until kalloc_explain_stop(), or until another
 *	record takes its place. The names in it are valid as long as the machine.
 *
 * Any context but within a callback of the library.
 */
KALLOC_API void kalloc_explain_start(struct kalloc_explain *record);

/** kalloc_explain_stop() - note nothing any more; the record stays as it is */
KALLOC_API void kalloc_explain_stop(void);

/**
 * kalloc_explain_text() - put a record in words
 * @record: of any thread that makes no request just now
 * @buf: receives the text, lines of which each ends in a newline; always terminated if
 *	@size > 0
 * @size: bytes in @buf
 *
 * Any context.
 *
 * Return: length of the whole text, as snprintf does; 0 if nothing is noted.
 */
KALLOC_API size_t kalloc_explain_text(const struct kalloc_explain *record, char *buf, size_t size);

KALLOC_END_DECLS

#endif
