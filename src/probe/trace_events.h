/* SPDX-License-Identifier: MIT */
/*
 * The events that can be recorded: names, fields and what is printed before each field
 * are those of Linux 6.1's tracepoints. Everything about an event follows from its lines
 * here: its number, its record, its text, its USDT probe.
 *
 *   EVENT(group, name)            the enumeration, in the order of names
 *   FIELD(kind, name)             printed as "name=", after a blank but for the first
 *   OTHER(kind, name, text)       printed behind another text
 *   ZERO(name)                    a number that is always 0 here; no value of a probe, which
 *                                 has at most 12
 *
 * A field's kind says how its value is shown (enum trace_kind, trace.h). What is HIDDEN is
 * not, but handed to those who read records.
 *
 * Not here are events of what this library has not: processes' memory (rss_stat), cgroups,
 * reclaim of one node by itself, throttling.
 *
 * The marks at the end are what trace_marker is in a kernel, and calls that a recording
 * needs to be replayed exactly: each has a beginning and an end, and what the thread does
 * in between is part of the call.
 */
#ifndef PROBE_TRACE_EVENTS_H
#define PROBE_TRACE_EVENTS_H

/* clang-format off */

#define TRACE_COMPACTION_EVENTS(EVENT)                          \
	EVENT(compaction, mm_compaction_begin)                  \
	EVENT(compaction, mm_compaction_defer_compaction)       \
	EVENT(compaction, mm_compaction_defer_reset)            \
	EVENT(compaction, mm_compaction_deferred)               \
	EVENT(compaction, mm_compaction_end)                    \
	EVENT(compaction, mm_compaction_finished)               \
	EVENT(compaction, mm_compaction_isolate_freepages)      \
	EVENT(compaction, mm_compaction_isolate_migratepages)   \
	EVENT(compaction, mm_compaction_kcompactd_sleep)        \
	EVENT(compaction, mm_compaction_kcompactd_wake)         \
	EVENT(compaction, mm_compaction_migratepages)           \
	EVENT(compaction, mm_compaction_suitable)               \
	EVENT(compaction, mm_compaction_try_to_compact_pages)   \
	EVENT(compaction, mm_compaction_wakeup_kcompactd)

#define TRACE_KMEM_EVENTS(EVENT)                                \
	EVENT(kmem, kfree)                                      \
	EVENT(kmem, kmalloc)                                    \
	EVENT(kmem, kmem_cache_alloc)                           \
	EVENT(kmem, kmem_cache_free)                            \
	EVENT(kmem, mm_page_alloc)                              \
	EVENT(kmem, mm_page_alloc_extfrag)                      \
	EVENT(kmem, mm_page_alloc_zone_locked)                  \
	EVENT(kmem, mm_page_free)                               \
	EVENT(kmem, mm_page_free_batched)                       \
	EVENT(kmem, mm_page_pcpu_drain)

#define TRACE_VMSCAN_EVENTS(EVENT)                              \
	EVENT(vmscan, mm_shrink_slab_end)                       \
	EVENT(vmscan, mm_shrink_slab_start)                     \
	EVENT(vmscan, mm_vmscan_direct_reclaim_begin)           \
	EVENT(vmscan, mm_vmscan_direct_reclaim_end)             \
	EVENT(vmscan, mm_vmscan_kswapd_sleep)                   \
	EVENT(vmscan, mm_vmscan_kswapd_wake)                    \
	EVENT(vmscan, mm_vmscan_lru_isolate)                    \
	EVENT(vmscan, mm_vmscan_lru_shrink_active)              \
	EVENT(vmscan, mm_vmscan_lru_shrink_inactive)            \
	EVENT(vmscan, mm_vmscan_wakeup_kswapd)                  \
	EVENT(vmscan, mm_vmscan_write_folio)

#define TRACE_EVENTS(EVENT)                                     \
	TRACE_COMPACTION_EVENTS(EVENT)                          \
	TRACE_KMEM_EVENTS(EVENT)                                \
	TRACE_VMSCAN_EVENTS(EVENT)

#define TRACE_MARKS(EVENT)                                      \
	EVENT(ftrace, print)                                    \
	EVENT(ftrace, cache_exists)                             \
	EVENT(ftrace, cache_create)                             \
	EVENT(ftrace, cache_created)                            \
	EVENT(ftrace, cache_destroy)                            \
	EVENT(ftrace, cache_destroyed)                          \
	EVENT(ftrace, cache_shrink)                             \
	EVENT(ftrace, cache_shrunk)

/* kmem */

#define trace_fields_kmem_cache_alloc(FIELD, OTHER, ZERO)       \
	FIELD(SYMBOL, call_site)                                \
	FIELD(POINTER, ptr)                                     \
	OTHER(HIDDEN_CACHE, name, "")                           \
	FIELD(NUMBER, bytes_req)                                \
	FIELD(NUMBER, bytes_alloc)                              \
	FIELD(GFP, gfp_flags)                                   \
	FIELD(NUMBER, node)                                     \
	FIELD(BOOLEAN, accounted)

#define trace_fields_kmalloc(FIELD, OTHER, ZERO)                \
	FIELD(SYMBOL, call_site)                                \
	FIELD(POINTER, ptr)                                     \
	FIELD(NUMBER, bytes_req)                                \
	FIELD(NUMBER, bytes_alloc)                              \
	FIELD(GFP, gfp_flags)                                   \
	FIELD(NUMBER, node)                                     \
	FIELD(BOOLEAN, accounted)

#define trace_fields_kfree(FIELD, OTHER, ZERO)                  \
	FIELD(SYMBOL, call_site)                                \
	FIELD(POINTER, ptr)

#define trace_fields_kmem_cache_free(FIELD, OTHER, ZERO)        \
	FIELD(SYMBOL, call_site)                                \
	FIELD(POINTER, ptr)                                     \
	FIELD(CACHE, name)

#define trace_fields_mm_page_free(FIELD, OTHER, ZERO)           \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, order)                                    \
	OTHER(HIDDEN, node, "")                                 \
	OTHER(HIDDEN_ZONE, zone, "")                            \
	OTHER(HIDDEN, nr_free, "")

#define trace_fields_mm_page_free_batched(FIELD, OTHER, ZERO)   \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, order)

#define trace_fields_mm_page_alloc(FIELD, OTHER, ZERO)          \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, order)                                    \
	FIELD(NUMBER, migratetype)                              \
	FIELD(GFP, gfp_flags)                                   \
	OTHER(HIDDEN, node, "")                                 \
	OTHER(HIDDEN_ZONE, zone, "")                            \
	OTHER(HIDDEN, nr_free, "")

#define trace_fields_mm_page_alloc_zone_locked(FIELD, OTHER, ZERO) \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, order)                                    \
	FIELD(NUMBER, migratetype)                              \
	FIELD(NUMBER, percpu_refill)

#define trace_fields_mm_page_pcpu_drain(FIELD, OTHER, ZERO)     \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, order)                                    \
	FIELD(NUMBER, migratetype)

#define trace_fields_mm_page_alloc_extfrag(FIELD, OTHER, ZERO)  \
	FIELD(PAGE, pfn)                                        \
	FIELD(NUMBER, alloc_order)                              \
	FIELD(NUMBER, fallback_order)                           \
	FIELD(NUMBER, pageblock_order)                          \
	FIELD(NUMBER, alloc_migratetype)                        \
	FIELD(NUMBER, fallback_migratetype)                     \
	FIELD(NUMBER, fragmenting)                              \
	FIELD(NUMBER, change_ownership)

/* compaction */

#define trace_fields_of_isolating(FIELD, OTHER, ZERO)           \
	OTHER(HEX, start_pfn, "range=(")                        \
	OTHER(HEX, end_pfn, " ~ ")                              \
	OTHER(NUMBER, nr_scanned, ") nr_scanned=")              \
	FIELD(NUMBER, nr_taken)
#define trace_fields_mm_compaction_isolate_migratepages trace_fields_of_isolating
#define trace_fields_mm_compaction_isolate_freepages trace_fields_of_isolating

#define trace_fields_mm_compaction_migratepages(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nr_migrated)                              \
	FIELD(NUMBER, nr_failed)

#define trace_fields_mm_compaction_begin(FIELD, OTHER, ZERO)    \
	FIELD(HEX, zone_start)                                  \
	FIELD(HEX, migrate_pfn)                                 \
	FIELD(HEX, free_pfn)                                    \
	FIELD(HEX, zone_end)                                    \
	OTHER(SYNC, mode, ", mode=")

#define trace_fields_mm_compaction_end(FIELD, OTHER, ZERO)      \
	FIELD(HEX, zone_start)                                  \
	FIELD(HEX, migrate_pfn)                                 \
	FIELD(HEX, free_pfn)                                    \
	FIELD(HEX, zone_end)                                    \
	OTHER(SYNC, mode, ", mode=")                            \
	FIELD(COMPACT_RESULT, status)

#define trace_fields_mm_compaction_try_to_compact_pages(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, order)                                    \
	FIELD(GFP, gfp_mask)                                    \
	FIELD(NUMBER, priority)

#define trace_fields_of_suitability(FIELD, OTHER, ZERO)         \
	FIELD(NUMBER, node)                                     \
	FIELD(ZONE, zone)                                       \
	FIELD(NUMBER, order)                                    \
	FIELD(COMPACT_RESULT, ret)
#define trace_fields_mm_compaction_finished trace_fields_of_suitability
#define trace_fields_mm_compaction_suitable trace_fields_of_suitability

#define trace_fields_of_deferral(FIELD, OTHER, ZERO)            \
	FIELD(NUMBER, node)                                     \
	FIELD(ZONE, zone)                                       \
	FIELD(NUMBER, order)                                    \
	FIELD(NUMBER, order_failed)                             \
	FIELD(NUMBER, consider)                                 \
	FIELD(NUMBER, limit)
#define trace_fields_mm_compaction_deferred trace_fields_of_deferral
#define trace_fields_mm_compaction_defer_compaction trace_fields_of_deferral
#define trace_fields_mm_compaction_defer_reset trace_fields_of_deferral

#define trace_fields_mm_compaction_kcompactd_sleep(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nid)

#define trace_fields_of_waking(FIELD, OTHER, ZERO)              \
	FIELD(NUMBER, nid)                                      \
	FIELD(NUMBER, order)                                    \
	FIELD(ZONE, classzone_idx)
#define trace_fields_mm_compaction_wakeup_kcompactd trace_fields_of_waking
#define trace_fields_mm_compaction_kcompactd_wake trace_fields_of_waking

/* vmscan */

#define trace_fields_mm_vmscan_kswapd_sleep(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nid)

#define trace_fields_mm_vmscan_kswapd_wake(FIELD, OTHER, ZERO)  \
	FIELD(NUMBER, nid)                                      \
	FIELD(NUMBER, order)                                    \
	OTHER(HIDDEN_ZONE, zid, "")

#define trace_fields_mm_vmscan_wakeup_kswapd(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nid)                                      \
	FIELD(NUMBER, order)                                    \
	FIELD(GFP, gfp_flags)                                   \
	OTHER(HIDDEN_ZONE, zid, "")

#define trace_fields_mm_vmscan_direct_reclaim_begin(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, order)                                    \
	FIELD(GFP, gfp_flags)

#define trace_fields_mm_vmscan_direct_reclaim_end(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nr_reclaimed)

#define trace_fields_mm_shrink_slab_start(FIELD, OTHER, ZERO)   \
	OTHER(FUNCTION, shrink, "")                             \
	OTHER(POINTER, shr, " ")                                \
	OTHER(NUMBER, nid, ": nid: ")                           \
	OTHER(NUMBER, nr_objects_to_shrink, " objects to shrink ") \
	OTHER(GFP, gfp_flags, " gfp_flags ")                    \
	OTHER(NUMBER, cache_items, " cache items ")             \
	OTHER(NUMBER, delta, " delta ")                         \
	OTHER(NUMBER, total_scan, " total_scan ")               \
	OTHER(NUMBER, priority, " priority ")

#define trace_fields_mm_shrink_slab_end(FIELD, OTHER, ZERO)     \
	OTHER(FUNCTION, shrink, "")                             \
	OTHER(POINTER, shr, " ")                                \
	OTHER(NUMBER, nid, ": nid: ")                           \
	OTHER(NUMBER, unused_scan, " unused scan count ")       \
	OTHER(NUMBER, new_scan, " new scan count ")             \
	OTHER(NUMBER, total_scan, " total_scan ")               \
	OTHER(NUMBER, retval, " last shrinker return val ")

#define trace_fields_mm_vmscan_lru_isolate(FIELD, OTHER, ZERO)  \
	FIELD(NUMBER, isolate_mode)                             \
	FIELD(NUMBER, classzone)                                \
	FIELD(NUMBER, order)                                    \
	FIELD(NUMBER, nr_requested)                             \
	FIELD(NUMBER, nr_scanned)                               \
	FIELD(NUMBER, nr_skipped)                               \
	FIELD(NUMBER, nr_taken)                                 \
	FIELD(LRU, lru)

#define trace_fields_mm_vmscan_write_folio(FIELD, OTHER, ZERO)  \
	FIELD(PAGE, pfn)                                        \
	FIELD(WRITEBACK, flags)

#define trace_fields_mm_vmscan_lru_shrink_inactive(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nid)                                      \
	FIELD(NUMBER, nr_scanned)                               \
	FIELD(NUMBER, nr_reclaimed)                             \
	FIELD(NUMBER, nr_dirty)                                 \
	ZERO(nr_writeback)                                      \
	ZERO(nr_congested)                                      \
	ZERO(nr_immediate)                                      \
	FIELD(NUMBER, nr_activate_anon)                         \
	FIELD(NUMBER, nr_activate_file)                         \
	ZERO(nr_ref_keep)                                       \
	ZERO(nr_unmap_fail)                                     \
	FIELD(NUMBER, priority)                                 \
	FIELD(WRITEBACK, flags)

#define trace_fields_mm_vmscan_lru_shrink_active(FIELD, OTHER, ZERO) \
	FIELD(NUMBER, nid)                                      \
	FIELD(NUMBER, nr_taken)                                 \
	FIELD(NUMBER, nr_active)                                \
	FIELD(NUMBER, nr_deactivated)                           \
	FIELD(NUMBER, nr_referenced)                            \
	FIELD(NUMBER, priority)                                 \
	FIELD(WRITEBACK, flags)

/* marks */

/* Its text lies where other marks have their fields. */
#define trace_fields_print(FIELD, OTHER, ZERO)                  \
	OTHER(TEXT, text, "")

/* A cache is known by its number: two may have one name. */
#define trace_fields_of_cache(FIELD)                            \
	FIELD(NUMBER, size)                                     \
	FIELD(NUMBER, align)                                    \
	FIELD(HEX, flags)                                       \
	FIELD(NUMBER, useroffset)                               \
	FIELD(NUMBER, usersize)                                 \
	FIELD(NUMBER, ctor)

#define trace_fields_cache_exists(FIELD, OTHER, ZERO)           \
	OTHER(NUMBER, id, "kmem_cache_exists: id=")             \
	trace_fields_of_cache(FIELD)                            \
	FIELD(NUMBER, slab_size)                                \
	FIELD(NUMBER, users)                                    \
	FIELD(CACHE, name)

#define trace_fields_cache_create(FIELD, OTHER, ZERO)           \
	OTHER(NUMBER, id, "kmem_cache_create: id=")             \
	trace_fields_of_cache(FIELD)                            \
	FIELD(CACHE, name)

#define trace_fields_cache_created(FIELD, OTHER, ZERO)          \
	OTHER(NUMBER, id, "kmem_cache_create: end id=")         \
	FIELD(NUMBER, slab_size)                                \
	FIELD(CACHE, name)

#define trace_fields_cache_destroy(FIELD, OTHER, ZERO)          \
	OTHER(NUMBER, id, "kmem_cache_destroy: id=")            \
	FIELD(CACHE, name)

#define trace_fields_cache_destroyed(FIELD, OTHER, ZERO)        \
	OTHER(NUMBER, id, "kmem_cache_destroy: end id=")        \
	FIELD(CACHE, name)

#define trace_fields_cache_shrink(FIELD, OTHER, ZERO)           \
	OTHER(NUMBER, id, "kmem_cache_shrink: id=")             \
	FIELD(CACHE, name)

#define trace_fields_cache_shrunk(FIELD, OTHER, ZERO)           \
	OTHER(NUMBER, id, "kmem_cache_shrink: end id=")         \
	FIELD(CACHE, name)

/* clang-format on */

#endif
