/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>

#include "player.h"

/* What a cache's constructor does to its objects is not in the trace. */
static void nothing(void *object)
{
}

static struct kmem_cache *cache_make(const struct trace_call *call)
{
	char name[256];

	if (!call->size || call->size > UINT_MAX)
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)call->name.len, call->name.text);
	return kmem_cache_create_usercopy(
		name, (unsigned int)call->size, (unsigned int)call->align,
		/* What was only said of it, and to fail is not to be the end. */
		(slab_flags_t)call->flags & ~SLAB_PANIC, (unsigned int)call->useroffset,
		(unsigned int)call->usersize, call->ctor ? nothing : NULL);
}

static void make(struct player *player, size_t id, const struct trace_call *call)
{
	struct player_cache *ours = &player->caches[id];

	/* Told of once more, since recording went on after a stop. */
	if (call->verb == TRACE_EXISTS && ours->ours)
		return;
	ours->ours = cache_make(call);
	for (uint64_t user = 1; ours->ours && user < call->users; user++)
		cache_make(call);
}

static void begin(struct player *player, const struct trace_event *event)
{
	size_t id = caches_id(&player->plan->caches, event->cache.text, event->cache.len);
	struct player_cache *ours = &player->caches[id];

	switch (event->call.verb) {
	case TRACE_EXISTS:
	case TRACE_CREATE:
		make(player, id, &event->call);
		break;
	case TRACE_DESTROY:
		kmem_cache_destroy(ours->ours);
		break;
	case TRACE_SHRINK:
		if (ours->ours)
			kmem_cache_shrink(ours->ours);
		break;
	}
}

enum tally_reason player_call(struct player *player, const struct trace_event *event)
{
	if (event->call.is_end)
		return TALLY_CALL_END;
	begin(player, event);
	return TALLY_CALL;
}
