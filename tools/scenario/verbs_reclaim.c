/* SPDX-License-Identifier: MIT */
/* Memory that can be taken back, and tasks that can be killed. */
#include <kalloc/reclaim.h>

#include "oom_task.h"
#include "page_cache.h"
#include "shrinkable.h"
#include "verb.h"

static bool run_page_cache(struct session *session, const struct args *args, struct value *result)
{
	struct page_cache *cache =
		page_cache_create((size_t)args_number(args, "pages"),
				  (enum kalloc_page_kind)args_number(args, "kind"),
				  (gfp_t)args_number(args, "gfp"));

	verb_hold(session, THING_PAGE_CACHE, cache, result);
	return true;
}

static bool run_touch(struct session *session, const struct args *args, struct value *result)
{
	const struct page_cache *cache = args_thing(args, "cache")->at;
	size_t at = (size_t)args_number(args, "page");

	if (at >= cache->nr)
		return session_complain(session, "lru_touch: the page cache has pages 0 to %zu",
					cache->nr - 1);
	if (cache->pages[at])
		kalloc_lru_touch(cache->pages[at]);
	*result = value_number(cache->pages[at] != NULL);
	return true;
}

static bool run_shrinker(struct session *session, const struct args *args, struct value *result)
{
	struct thing *cache = args_thing(args, "cache");
	struct shrinkable *shrinkable =
		shrinkable_create(cache->at, (unsigned long)args_number(args, "objects"),
				  (int)args_number(args, "seeks"));
	struct thing *thing = verb_hold(session, THING_SHRINKER, shrinkable, result);

	if (thing)
		thing_set_from(thing, cache);
	return true;
}

static bool run_task(struct session *session, const struct args *args, struct value *result)
{
	struct oom_task *task =
		oom_task_create(args_text(args, "name"), (int)args_number(args, "pid"),
				(unsigned long)args_number(args, "pages"),
				(short)args_number(args, "oom_score_adj"));

	verb_hold(session, THING_TASK, task, result);
	return true;
}

#define PARAM_PAGES                                                     \
	{                                                               \
		.name = "pages", .kind = PARAM_NUMBER, .most = 1l << 28 \
	}

const struct verb verbs_reclaim[] = {
	{ .name = "page_cache",
	  .params = { PARAM_PAGES,
		      { .name = "kind",
			.kind = PARAM_NUMBER,
			.optional = true,
			.fallback = KALLOC_PAGE_CLEAN,
			.most = KALLOC_PAGE_ANON },
		      { .name = "gfp",
			.kind = PARAM_NUMBER,
			.optional = true,
			.fallback = GFP_HIGHUSER_MOVABLE,
			.most = 0xffffffffl } },
	  .run = run_page_cache,
	  .help = "pages on the LRU lists: CLEAN, DIRTY or ANON" },
	{ .name = "lru_touch",
	  .params = { { .name = "cache",
			.kind = PARAM_THING,
			.things = THING_SET(THING_PAGE_CACHE) },
		      { .name = "page", .kind = PARAM_NUMBER, .most = 1l << 28 } },
	  .run = run_touch,
	  .help = "a page of a page cache was used; 0 if it is gone" },
	{ .name = "shrinker",
	  .params = { { .name = "cache", .kind = PARAM_THING, .things = THING_SET(THING_CACHE) },
		      { .name = "objects", .kind = PARAM_NUMBER, .most = 1l << 28 },
		      { .name = "seeks",
			.kind = PARAM_NUMBER,
			.optional = true,
			.fallback = DEFAULT_SEEKS,
			.most = 1000 } },
	  .run = run_shrinker,
	  .help = "objects of a cache that reclaim may free" },
	{ .name = "task",
	  .params = { { .name = "name", .kind = PARAM_TEXT },
		      PARAM_PAGES,
		      { .name = "pid",
			.kind = PARAM_NUMBER,
			.optional = true,
			.fallback = 1,
			.least = 1,
			.most = 0x7fffffff },
		      { .name = "oom_score_adj",
			.kind = PARAM_NUMBER,
			.optional = true,
			.least = -1000,
			.most = 1000 } },
	  .run = run_task,
	  .help = "a task with pages of its own, for kalloc.oom=kill to choose from" },
	{ 0 },
};
