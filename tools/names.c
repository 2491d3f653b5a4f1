/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "names.h"

uint64_t names_hash(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	return hash ? hash : 1;
}

size_t names_id(struct names *names, const char *text, size_t len)
{
	uint64_t hash = names_hash(text, len);
	struct table_slot *slot;

	/* Two texts of one hash: the second lives at the next free number above. */
	while ((slot = table_find(&names->ids, hash))) {
		const char *known = names->texts[slot->value];

		if (strlen(known) == len && memcmp(known, text, len) == 0)
			return (size_t)slot->value;
		hash = hash + 1 ? hash + 1 : 1;
	}
	names->texts = memory_grow(names->texts, &names->capacity, names->count + 1,
				   sizeof(*names->texts));
	names->texts[names->count] = memory_text(text, len);
	table_put(&names->ids, hash)->value = names->count;
	return names->count++;
}

void names_fini(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->texts[i]);
	free(names->texts);
	table_fini(&names->ids);
	*names = (struct names){ 0 };
}
