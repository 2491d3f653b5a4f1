/* SPDX-License-Identifier: MIT */
#include "compact.h"
#include "event.h"
#include "explain.h"
#include "kswapd.h"
#include "reclaim.h"
#include "request.h"
#include "task.h"
#include "trace.h"

static struct node *node_of(struct zone *zone)
{
	return &zone->room->nodes[zone->nid];
}

/* Whether some zone of the node up to @highest is above its high mark for @order. */
static bool is_balanced(struct node *node, unsigned int order, unsigned int highest)
{
	bool any = false;

	for (struct zone *const *at = node->only; *at; at++) {
		struct zone *zone = *at;

		if (zone->rank > highest)
			continue;
		any = true;
		if (zone_has(zone, order, zone_mark(zone, WMARK_HIGH), highest, 0,
			     zone_free_exact(zone)))
			return true;
	}
	return !any;
}

/* The boost of the node's zones up to @highest; of each, if @each is not NULL. */
static unsigned long boost_of(const struct node *node, unsigned int highest, unsigned long *each)
{
	unsigned long boost = 0;

	for (struct zone *const *at = node->only; *at; at++) {
		unsigned long of = (*at)->rank <= highest ? READ_ONCE((*at)->watermark_boost) : 0;

		boost += of;
		if (each)
			each[(*at)->type] = of;
	}
	return boost;
}

void kswapd_wake(struct zone *zone, gfp_t gfp, unsigned int order, unsigned int highest)
{
	struct node *node = node_of(zone);
	struct kswapd *kswapd = &node->kswapd;

	if (READ_ONCE(kswapd->failures) >= KSWAPD_MAX_FAILURES ||
	    (is_balanced(node, order, highest) && !boost_of(node, highest, NULL))) {
		/* Memory enough, only too fragmented: that is kcompactd's work. */
		if (!(gfp & __GFP_DIRECT_RECLAIM) && order)
			compact_wake(node, order, highest);
		return;
	}
	if (!READ_ONCE(kswapd->woken))
		TRACE(zone->room->m, mm_vmscan_wakeup_kswapd, .nid = node->nid, .order = order,
		      .gfp_flags = gfp, .zid = zone_type_of(highest));
	WRITE_ONCE(kswapd->order, max(READ_ONCE(kswapd->order), order));
	WRITE_ONCE(kswapd->highest, max(READ_ONCE(kswapd->highest), highest));
	WRITE_ONCE(kswapd->woken, true);
}

void kswapd_wake_all(const struct alloc_request *req)
{
	int last = -1;

	for (struct zone *const *at = req->zones; *at; at++) {
		struct zone *zone = *at;

		if (zone->rank > req->highest || !node_allows(req->nodemask, zone->nid) ||
		    zone->nid == last)
			continue;
		last = zone->nid;
		kswapd_wake(zone, req->gfp, req->order, req->highest);
	}
}

/* Frames that one round of kswapd aims at: what its zones want to be above high. */
static unsigned long round_goal(const struct node *node, unsigned int highest)
{
	unsigned long nr = 0;

	for (struct zone *const *at = node->only; *at; at++) {
		if ((*at)->rank <= highest)
			nr += max(zone_mark(*at, WMARK_HIGH), (unsigned long)RECLAIM_CLUSTER);
	}
	return nr;
}

/* Take off the marks what was on them when the run began. */
static void drop_boost(struct node *node, const unsigned long *boosts)
{
	for (struct zone *const *at = node->only; *at; at++) {
		struct zone *zone = *at;

		if (!boosts[zone->type])
			continue;
		lock_take(&zone->lock);
		WRITE_ONCE(zone->watermark_boost,
			   zone->watermark_boost - min(zone->watermark_boost, boosts[zone->type]));
		lock_drop(&zone->lock);
	}
}

static unsigned long managed_of(const struct node *node)
{
	unsigned long nr = 0;

	for (struct zone *const *at = node->only; *at; at++)
		nr += (*at)->managed_pages;
	return nr;
}

/*
 * Lower and lower priority until the node is balanced and *@boost, if it began with
 * one, is worked off. Each round lowers the priority or frees something, and a run
 * ends when it has freed as much as there is: then others take it as fast.
 * Return: false if it ended without being balanced.
 */
static bool balance(struct reclaim *rc, struct node *node, unsigned long boost)
{
	unsigned long most = managed_of(node);

	while (rc->priority >= 1 && rc->nr_reclaimed <= most) {
		unsigned long before = rc->nr_reclaimed, goal = round_goal(node, rc->highest);
		bool raise = !boost || rc->priority > RECLAIM_PRIORITY - 2;
		bool balanced = is_balanced(node, rc->order, rc->highest);

		if (balanced && !boost)
			return true;
		if (!balanced && boost) {
			boost = 0; /* below the plain marks: no more sparing of dirty pages */
			rc->priority = RECLAIM_PRIORITY;
			continue;
		}
		rc->may_write = rc->may_swap = !boost;
		rc->nr_scanned = 0;
		rc->nr_to_reclaim = before + goal;
		reclaim_node(rc, node);
		/* Enough single frames: let the rest be compaction's work. */
		if (rc->order && rc->nr_reclaimed >= 2UL << rc->order)
			rc->order = 0;

		boost -= min(boost, rc->nr_reclaimed - before);
		if (boost && rc->nr_reclaimed == before)
			break;
		if ((raise && rc->nr_scanned < goal) || rc->nr_reclaimed == before)
			rc->priority--;
	}
	return false;
}

/* One run. As in Linux it fails only if it freed nothing and was not balanced. */
static void run(struct page_room *room, struct node *node, unsigned int order, unsigned int highest)
{
	unsigned long boosts[MAX_NR_ZONES] = { 0 };
	unsigned long boost = boost_of(node, highest, boosts);
	struct reclaim rc = {
		.room = room,
		.gfp = GFP_KERNEL,
		.order = order,
		.highest = highest,
		.kswapd = true,
		.priority = RECLAIM_PRIORITY,
	};

	page_event_add(room->m, PAGEOUTRUN, 1);
	if (!balance(&rc, node, boost) && !rc.nr_reclaimed)
		__atomic_add_fetch(&node->kswapd.failures, 1, __ATOMIC_RELAXED);
	if (boost) {
		drop_boost(node, boosts);
		compact_wake(node, min((unsigned int)room->m->params.max_order, BLOCK_ORDER + 0u),
			     highest);
	}
}

static bool run_node(struct page_room *room, struct node *node)
{
	struct kswapd *kswapd = &node->kswapd;
	bool ran = false;

	if (__atomic_exchange_n(&kswapd->woken, false, __ATOMIC_ACQ_REL)) {
		unsigned int order = __atomic_exchange_n(&kswapd->order, 0, __ATOMIC_RELAXED);
		unsigned int highest = __atomic_exchange_n(&kswapd->highest, 0, __ATOMIC_RELAXED);

		TRACE(room->m, mm_vmscan_kswapd_wake, .nid = node->nid, .order = order,
		      .zid = zone_type_of(highest));
		run(room, node, order, highest);
		TRACE(room->m, mm_vmscan_kswapd_sleep, .nid = node->nid);
		if (order)
			compact_wake(node, order, highest);
		ran = true;
	}
	return compact_run_daemon(node) || ran;
}

unsigned int kswapd_run_all(struct page_room *room)
{
	struct kalloc_task saved = kalloc_self.task;
	unsigned int nr = 0;
	struct node *node;

	if (!lock_try(&room->daemon_lock))
		return 0;
	/* The daemon is another task: none of the caller's scopes hold for it. */
	kalloc_self.task = (struct kalloc_task){ .flags = PF_MEMALLOC | PF_KSWAPD };
	for_each_node(node, room)
		nr += run_node(room, node);
	kalloc_self.task = saved;
	lock_drop(&room->daemon_lock);
	return nr;
}

void kswapd_forget_run(struct page_room *room)
{
	lock_init(&room->daemon_lock, RANK_NONE);
}

void kswapd_run_inline(struct page_room *room, gfp_t gfp)
{
	/* It writes and calls shrinkers as for GFP_KERNEL: so must its host be able to. */
	const gfp_t needed = __GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS;

	unsigned long before, moved;
	bool ran;

	if (room->m->params.daemons_step || (gfp & needed) != needed || task_must_not_sleep() ||
	    kalloc_self.task.flags & PF_MEMALLOC) {
		explain(.kind = KALLOC_NOTE_KSWAPD, .kswapd = { .may_run = false });
		return;
	}
	before = page_event(room->m, PGSTEAL_KSWAPD);
	moved = page_event(room->m, PGMIGRATE_SUCCESS);
	ran = kswapd_run_all(room) > 0;
	explain(.kind = KALLOC_NOTE_KSWAPD,
		.kswapd = { .may_run = true,
			    .ran = ran,
			    .pages = page_event(room->m, PGSTEAL_KSWAPD) - before,
			    .moved = page_event(room->m, PGMIGRATE_SUCCESS) - moved });
}

unsigned int kalloc_step(void)
{
	return kswapd_run_all(machine_current()->page);
}
