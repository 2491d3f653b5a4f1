// SPDX-License-Identifier: GPL-2.0
/*
 * frames.ko: a transcript of which frames the page allocator hands out.
 *
 * Loading the module records a node's zone, makes a series of allocations and frees in
 * it, and records the zone again, with preemption and soft interrupts off and on the
 * only CPU: neither daemons nor deferred work can touch the zone in between. Printing
 * comes afterwards. The format is in ../README.md.
 */
#define pr_fmt(fmt) KBUILD_MODNAME "> " fmt

#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/nodemask.h>

#include "series.h"
#include "state.h"

/* What the module keeps its records in must not come from the recorded zone. */
#define ROOM_NID 0

static struct mix mix = {
	.nid = 1,
	.steps = 10000,
	.seed = 1,
	.live_target = 1000,
	.churn = 40,
	.skew = 80,
	.maxorder = MAX_ORDER - 1,
};

module_param_named(nid, mix.nid, int, 0);
MODULE_PARM_DESC(nid, "the node whose zone is recorded; not 0, and of one zone");
module_param_named(steps, mix.steps, uint, 0);
MODULE_PARM_DESC(steps, "how many calls");
module_param_named(seed, mix.seed, ullong, 0);
MODULE_PARM_DESC(seed, "what all draws follow from");
module_param_named(live_target, mix.live_target, uint, 0);
MODULE_PARM_DESC(live_target, "blocks held at most");
module_param_named(wave, mix.wave, uint, 0);
MODULE_PARM_DESC(wave,
		 "steps after which the target falls to a sixteenth, or rises again; 0: never");
module_param_named(churn, mix.churn, uint, 0);
MODULE_PARM_DESC(churn, "percentage of frees below the target");
module_param_named(lifo, mix.lifo, uint, 0);
MODULE_PARM_DESC(lifo, "percentage of frees that take the last block of the table, not any");
module_param_named(skew, mix.skew, uint, 0);
MODULE_PARM_DESC(skew, "percentage of allocations of order 0");
module_param_named(maxorder, mix.maxorder, uint, 0);
MODULE_PARM_DESC(maxorder, "largest order");
module_param_named(mtmix, mix.mtmix, bool, 0);
MODULE_PARM_DESC(mtmix, "unmovable, movable and reclaimable, not only unmovable");
module_param_named(gfpmix, mix.gfpmix, bool, 0);
MODULE_PARM_DESC(gfpmix, "masks of all urgencies, not only GFP_NOWAIT");

static struct state before, after;
static struct series series;

/* The node's zone, if it has one only and nothing else runs here. */
static struct zone *quiet_zone(int nid)
{
	struct zone *found = NULL;
	int i;

	if (num_online_cpus() != 1 || nid == ROOM_NID || !node_online(nid))
		return NULL;
	for (i = 0; i < MAX_NR_ZONES; i++) {
		struct zone *zone = &NODE_DATA(nid)->node_zones[i];

		if (!populated_zone(zone))
			continue;
		if (found)
			return NULL;
		found = zone;
	}
	return found;
}

static void record(struct zone *zone)
{
	local_bh_disable();
	state_record(&before, zone);
	series_run(&series, &mix);
	state_record(&after, zone);
	local_bh_enable();
}

static void print(struct zone *zone)
{
	state_print_header(zone, &before, &after);
	pr_info("# parameters: nid=%d,steps=%u,seed=%llu,live_target=%u,wave=%u,churn=%u,lifo=%u,skew=%u,maxorder=%u,mtmix=%d,gfpmix=%d\n",
		mix.nid, mix.steps, mix.seed, mix.live_target, mix.wave, mix.churn, mix.lifo,
		mix.skew, mix.maxorder, mix.mtmix, mix.gfpmix);
	state_print_blocks(zone, &before, &after);
	state_print_lists(&before, 'I');
	series_print(&series);
	state_print_lists(&after, 'F');
}

static int __init frames_init(void)
{
	struct zone *zone = quiet_zone(mix.nid);
	int error;

	if (!zone || mix.maxorder >= MAX_ORDER || mix.churn >= 100)
		return -EINVAL;
	error = state_init(&before, zone, ROOM_NID) ?: state_init(&after, zone, ROOM_NID) ?:
		series_init(&series, &mix, ROOM_NID);
	if (!error) {
		record(zone);
		series_release(&series);
		print(zone);
	}
	series_fini(&series);
	state_fini(&after);
	state_fini(&before);
	return error;
}

static void __exit frames_exit(void)
{
}

module_init(frames_init);
module_exit(frames_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Transcript of the page frames a zone hands out");
