/* SPDX-License-Identifier: MIT */
#include "glob.h"
#include "trace.h"

#define BLANKS " \t\n,"

/* The events that a word means: "group:event", "group:", "group" or "event". */
static u64 word_means(const char *word, size_t len)
{
	const char *colon = memchr(word, ':', len);
	size_t group_len = colon ? (size_t)(colon - word) : len;
	const char *event = colon ? colon + 1 : word;
	size_t event_len = colon ? len - group_len - 1 : len;
	u64 meant = 0;

	for (unsigned int id = 1; id < NR_TRACE_EVENTS; id++) {
		const struct trace_descriptor *of = &trace_descriptors[id];
		bool in_group = glob_matches(word, group_len, of->group);
		bool is_event = glob_matches(event, event_len, of->name);

		if (colon ? in_group && (is_event || !event_len) : in_group || is_event)
			meant |= 1ULL << id;
	}
	return meant;
}

int trace_parse(const char *text, size_t len, u64 *wanted, const char **wrong, size_t *wrong_len)
{
	const char *end = text + len;
	u64 found = 0;

	while (text < end) {
		const char *word = text;
		bool out = *word == '!';
		u64 meant;

		while (text < end && !strchr(BLANKS, *text))
			text++;
		if (text == word) {
			text++;
			continue;
		}
		word += out;
		meant = word_means(word, (size_t)(text - word));
		if (!meant) {
			*wrong = word;
			*wrong_len = (size_t)(text - word);
			return -EINVAL;
		}
		found = out ? found & ~meant : found | meant;
	}
	*wanted = found;
	return 0;
}
