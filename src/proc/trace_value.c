/* SPDX-License-Identifier: MIT */
/* Fields of events as ftrace shows them. */
#include "compact.h"
#include "lru.h"
#include "trace_text.h"
#include "zone.h"

static void show_gfp(struct text *text, gfp_t gfp)
{
	char flags[512] = "none";

	if (gfp)
		kalloc_gfp_show(gfp, flags, sizeof(flags));
	text_add(text, "%s", flags);
}

static void show_name(struct text *text, const char *const *names, size_t nr, u64 value)
{
	if (value < nr && names[value])
		text_add(text, "%s", names[value]);
	else
		text_add(text, "0x%llx", (unsigned long long)value);
}

static void show_result(struct text *text, u64 value)
{
	static const char *const names[] = {
		[COMPACT_NOT_SUITABLE_ZONE] = "not_suitable_zone",
		[COMPACT_SKIPPED] = "skipped",
		[COMPACT_DEFERRED] = "deferred",
		[COMPACT_NO_SUITABLE_PAGE] = "no_suitable_page",
		[COMPACT_CONTINUE] = "continue",
		[COMPACT_COMPLETE] = "complete",
		[COMPACT_PARTIAL_SKIPPED] = "partial_skipped",
		[COMPACT_CONTENDED] = "contended",
		[COMPACT_SUCCESS] = "success",
	};

	show_name(text, names, ARRAY_SIZE(names), value);
}

static void show_lru(struct text *text, u64 value)
{
	static const char *const names[] = {
		[LRU_INACTIVE_ANON] = "inactive_anon",
		[LRU_ACTIVE_ANON] = "active_anon",
		[LRU_INACTIVE_FILE] = "inactive_file",
		[LRU_ACTIVE_FILE] = "active_file",
	};

	show_name(text, names, ARRAY_SIZE(names), value);
}

static void show_writeback(struct text *text, u64 flags)
{
	static const struct {
		u64 flag;
		const char *name;
	} names[] = {
		{ 0x1, "RECLAIM_WB_ANON" },
		{ 0x2, "RECLAIM_WB_FILE" },
		{ 0x8, "RECLAIM_WB_ASYNC" },
	};
	const char *bar = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & names[i].flag))
			continue;
		text_add(text, "%s%s", bar, names[i].name);
		bar = "|";
	}
}

/* The event's text, which lies in its record. */
static void show_mark_text(struct text *text, const struct trace_source *source)
{
	text_add(text, "%.*s", (int)TRACE_TEXT_BYTES, (const char *)source->record->words);
}

void trace_value_show(struct text *text, const struct trace_source *source, enum trace_kind kind,
		      u64 value)
{
	const struct kalloc_machine *m = source->reading->m;

	switch (kind) {
	case TRACE_NUMBER:
	case TRACE_HIDDEN:
		text_add(text, "%lld", (long long)value);
		break;
	case TRACE_HEX:
		text_add(text, "0x%llx", (unsigned long long)value);
		break;
	case TRACE_PAGE: /* of a request that failed there is none */
		text_add(text, "0x%llx", value == ~0ULL ? 0 : (unsigned long long)value);
		break;
	case TRACE_POINTER:
		text_add(text, "%016llx", (unsigned long long)value);
		break;
	case TRACE_SYMBOL:
		symbols_show(&source->reading->symbols, text, value);
		break;
	case TRACE_FUNCTION:
		symbols_show_function(&source->reading->symbols, text, value);
		break;
	case TRACE_GFP:
		show_gfp(text, (gfp_t)value);
		break;
	case TRACE_BOOLEAN:
		text_add(text, "%s", value ? "true" : "false");
		break;
	case TRACE_CACHE:
	case TRACE_HIDDEN_CACHE:
		text_add(text, "%s", trace_cache_of(m, (u32)value)->name);
		break;
	case TRACE_ZONE:
	case TRACE_HIDDEN_ZONE:
		show_name(text, zone_names, MAX_NR_ZONES, value);
		break;
	case TRACE_SYNC:
		text_add(text, "%s", value ? "sync" : "async");
		break;
	case TRACE_COMPACT_RESULT:
		show_result(text, value);
		break;
	case TRACE_LRU:
		show_lru(text, value);
		break;
	case TRACE_WRITEBACK:
		show_writeback(text, value);
		break;
	case TRACE_TEXT:
		show_mark_text(text, source);
		break;
	}
}
