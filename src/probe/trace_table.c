/* SPDX-License-Identifier: MIT */
/* What trace_events.h says, as a table. */
#include "trace.h"

#define NAMED(kind, name)	  { #name, NULL, TRACE_##kind },
#define OTHER(kind, name, before) { #name, before, TRACE_##kind },
#define ZERO(name)		  NAMED(NUMBER, name)

#define FIELDS_OF(group, name)                                                                \
	static const struct trace_field name##_fields[] = { trace_fields_##name(NAMED, OTHER, \
										ZERO) };
TRACE_EVENTS(FIELDS_OF)
TRACE_MARKS(FIELDS_OF)

#define DESCRIPTOR_OF(group, name) \
	[TRACE_ID_##name] = { #group, #name, ARRAY_SIZE(name##_fields), name##_fields },

const struct trace_descriptor trace_descriptors[NR_TRACE_IDS] = { TRACE_EVENTS(
	DESCRIPTOR_OF) TRACE_MARKS(DESCRIPTOR_OF) };
