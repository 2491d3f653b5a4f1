/* SPDX-License-Identifier: MIT */
#include "object_note.h"

static void name_put(char to[24], const char *name)
{
	memccpy(to, name, '\0', 23);
}

void note_object(const struct kmem_cache *s, gfp_t gfp, unsigned long nr)
{
	struct kalloc_note note = {
		.kind = KALLOC_NOTE_OBJECT,
		.object = { .size = READ_ONCE(s->object_size), .gfp = gfp, .nr = nr },
	};

	if (!explain_on())
		return;
	name_put(note.object.name, s->name);
	explain_begin(&note);
}

void note_object_end(const void *object, unsigned long nr)
{
	if (explain_on())
		explain_end(&(const struct kalloc_note){ .kind = KALLOC_NOTE_OBJECT_END,
							 .end = { .nr = nr, .address = object } });
}

void note_cache(const struct cache_request *req)
{
	struct kalloc_note note = {
		.kind = KALLOC_NOTE_CACHE,
		.cache = { .size = req->size, .align = req->align },
	};

	if (!explain_on())
		return;
	if (req->name)
		name_put(note.cache.name, req->name);
	explain_begin(&note);
}

void note_cache_end(const struct kmem_cache *s)
{
	if (explain_on())
		explain_end(&(const struct kalloc_note){ .kind = KALLOC_NOTE_CACHE_END,
							 .end = { .nr = s != NULL } });
}

void note_shared(enum kalloc_shared how, const struct kmem_cache *other)
{
	struct kalloc_note note = {
		.kind = KALLOC_NOTE_SHARED,
		.shared = { .how = (unsigned char)how },
	};

	if (!explain_on())
		return;
	if (other)
		name_put(note.shared.name, other->name);
	explain_add(&note);
}
