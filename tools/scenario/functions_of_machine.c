/* SPDX-License-Identifier: MIT */
/* The machine's counters and caches, and what is beside it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <kalloc/slab.h>

#include "explain.h"
#include "facts.h"
#include "function.h"
#include "text_file.h"

static bool run_named(struct session *session, const struct value *args, const char *path,
		      struct value *result)
{
	const char *name;
	long number;

	if (!function_text(session, args, 0, &name))
		return false;
	if (!facts_named(path, name, &number))
		return session_complain(session, "no \"%s\" in %s", name, path);
	*result = value_number(number);
	return true;
}

static bool run_vmstat(struct session *session, const struct value *args, size_t nr,
		       struct value *result)
{
	return run_named(session, args, "/proc/vmstat", result);
}

static bool run_meminfo(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	return run_named(session, args, "/proc/meminfo", result);
}

static bool run_slabinfo(struct session *session, const struct value *args, size_t nr,
			 struct value *result)
{
	const char *cache, *field;
	struct thing *thing;
	long number;

	if (args[0].kind == VALUE_TEXT) {
		cache = args[0].text;
	} else {
		if (!function_live_thing(session, args, 0, THING_SET(THING_CACHE), &thing))
			return false;
		cache = kmem_cache_name(thing->at);
	}
	if (!function_text(session, args, 1, &field))
		return false;
	if (!facts_slab(cache, field, &number))
		return session_complain(session,
					"slabinfo: \"%s\" is no column of /proc/slabinfo and "
					"no number in /sys/kernel/slab/%s",
					field, cache);
	*result = value_number(number);
	return true;
}

static bool run_proc(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	char *text, *end;
	const char *path;
	long number;

	if (!function_text(session, args, 0, &path))
		return false;
	text = text_file_read(path);
	if (!text)
		return session_complain(session, "%s: %s", path, strerror(errno));
	number = strtol(text, &end, 10);
	if (end == text)
		session_complain(session, "%s does not begin with a number", path);
	*result = value_number(number);
	free(text);
	return end != text;
}

static bool run_nr_cpus(struct session *session, const struct value *args, size_t nr,
			struct value *result)
{
	*result = value_number(facts_nr_cpus());
	return true;
}

static bool run_said(struct session *session, const struct value *args, size_t nr,
		     struct value *result)
{
	const char *text;

	if (!function_text(session, args, 0, &text))
		return false;
	*result = value_number(session->said && strstr(session->said, text));
	return true;
}

static bool run_explained(struct session *session, const struct value *args, size_t nr,
			  struct value *result)
{
	const char *text;
	char *explanation;

	if (!function_text(session, args, 0, &text))
		return false;
	explanation = explain_text(session);
	*result = value_number(strstr(explanation, text) != NULL);
	free(explanation);
	return true;
}

static bool run_random(struct session *session, const struct value *args, size_t nr,
		       struct value *result)
{
	unsigned long word;
	long below;

	if (!function_number(session, args, 0, &below))
		return false;
	if (below < 1)
		return session_complain(session, "random: below %ld there is nothing", below);
	/* An additive sequence, well mixed: equal seeds give equal numbers. */
	word = session->random += 0x9e3779b97f4a7c15ul;
	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9ul;
	word = (word ^ word >> 27) * 0x94d049bb133111ebul;
	*result = value_number((long)((word ^ word >> 31) % (unsigned long)below));
	return true;
}

static bool run_cpu_ns(struct session *session, const struct value *args, size_t nr,
		       struct value *result)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	*result = value_number(now.tv_sec * 1000000000l + now.tv_nsec);
	return true;
}

const struct function functions_of_machine[] = {
	{ "vmstat", "name", 1, 1, run_vmstat, "a counter of /proc/vmstat" },
	{ "meminfo", "name", 1, 1, run_meminfo, "a line of /proc/meminfo, in kB" },
	{ "slabinfo", "cache, field", 2, 2, run_slabinfo,
	  "a column of /proc/slabinfo, or a file of /sys/kernel/slab" },
	{ "proc", "path", 1, 1, run_proc, "the number in a file" },
	{ "nr_cpus", "", 0, 0, run_nr_cpus, "virtual CPUs" },
	{ "said", "text", 1, 1, run_said, "whether the kernel's messages so far contain it" },
	{ "explained", "text", 1, 1, run_explained, "whether explain's text contains it" },
	{ "random", "n", 1, 1, run_random, "a number from 0 to n - 1" },
	{ "cpu_ns", "", 0, 0, run_cpu_ns, "CPU time that has gone by, in nanoseconds" },
	{ 0 },
};
