/* SPDX-License-Identifier: MIT */
/* The USDT probes: one for each event, with its fields as values. */
#include "trace.h"

#ifdef KALLOC_USDT

USDT_SEMAPHORE;
#define SEMAPHORE_OF(group, name) USDT_SEMAPHORE_OF(name);
TRACE_EVENTS(SEMAPHORE_OF)

/* A field as a value: a cache by its name, everything else as it is. */
#define VALUE_NUMBER(value)	    (value)
#define VALUE_HEX(value)	    (value)
#define VALUE_POINTER(value)	    (value)
#define VALUE_SYMBOL(value)	    (value)
#define VALUE_FUNCTION(value)	    (value)
#define VALUE_PAGE(value)	    (value)
#define VALUE_GFP(value)	    (value)
#define VALUE_BOOLEAN(value)	    (value)
#define VALUE_ZONE(value)	    (value)
#define VALUE_SYNC(value)	    (value)
#define VALUE_COMPACT_RESULT(value) (value)
#define VALUE_LRU(value)	    (value)
#define VALUE_WRITEBACK(value)	    (value)
#define VALUE_HIDDEN(value)	    (value)
#define VALUE_HIDDEN_ZONE(value)    (value)
#define VALUE_CACHE(value)	    (trace_cache_of(m, (u32)(value))->name)
#define VALUE_HIDDEN_CACHE(value)   VALUE_CACHE(value)

#define NAMED(kind, name)	    , VALUE_##kind(record->name)
#define OTHER(kind, name, before)   , VALUE_##kind(record->name)
#define ZERO(name)

/* Once more, so that what the fields became is taken for so many values. */
#define FIRE(...) USDT(__VA_ARGS__)

#define CASE_OF(group, name)                                        \
	case TRACE_ID_##name: {                                     \
		const struct trace_##name *record = words;          \
                                                                    \
		FIRE(name trace_fields_##name(NAMED, OTHER, ZERO)); \
		break;                                              \
	}

void trace_fire(const struct kalloc_machine *m, enum trace_id id, const void *words)
{
	switch (id) {
		TRACE_EVENTS(CASE_OF)
	default:
		break;
	}
}

#else

void trace_fire(const struct kalloc_machine *m, enum trace_id id, const void *words)
{
}

#endif
