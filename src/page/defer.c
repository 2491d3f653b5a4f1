/* SPDX-License-Identifier: MIT */
/* Deferral of compaction: see compact.h. */
#include "compact.h"
#include "room.h"
#include "trace.h"

#define DEFER_SHIFT_MAX 6

/* An event of a zone's deferral, under its lock. */
#define TELL(event, zone, wanted)                                                \
	TRACE((zone)->room->m, event, .node = (zone)->nid, .zone = (zone)->type, \
	      .order = (wanted), .order_failed = (zone)->compact.order_failed,   \
	      .consider = (zone)->compact.considered, .limit = 1UL << (zone)->compact.defer_shift)

void compact_defer(struct zone *zone, unsigned int order)
{
	struct zone_compact *kept = &zone->compact;

	lock_take(&kept->lock);
	kept->considered = 0;
	kept->defer_shift = min(kept->defer_shift + 1, (unsigned int)DEFER_SHIFT_MAX);
	kept->order_failed = min(kept->order_failed, order);
	TELL(mm_compaction_defer_compaction, zone, order);
	lock_drop(&kept->lock);
}

bool compact_is_deferred(struct zone *zone, unsigned int order)
{
	struct zone_compact *kept = &zone->compact;
	bool deferred = false;

	lock_take(&kept->lock);
	if (order >= kept->order_failed) {
		unsigned int limit = 1u << kept->defer_shift;

		kept->considered = min(kept->considered + 1, limit);
		deferred = kept->considered < limit;
	}
	if (deferred)
		TELL(mm_compaction_deferred, zone, order);
	lock_drop(&kept->lock);
	return deferred;
}

bool compact_is_restarting(struct zone *zone, unsigned int order)
{
	struct zone_compact *kept = &zone->compact;
	bool restarting;

	lock_take(&kept->lock);
	restarting = order >= kept->order_failed && kept->defer_shift == DEFER_SHIFT_MAX &&
		     kept->considered >= 1u << DEFER_SHIFT_MAX;
	lock_drop(&kept->lock);
	return restarting;
}

void compact_defer_reset(struct zone *zone, unsigned int order, bool success)
{
	struct zone_compact *kept = &zone->compact;

	lock_take(&kept->lock);
	if (success)
		kept->considered = kept->defer_shift = 0;
	kept->order_failed = max(kept->order_failed, order + 1);
	TELL(mm_compaction_defer_reset, zone, order);
	lock_drop(&kept->lock);
}
