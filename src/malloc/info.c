/* SPDX-License-Identifier: MIT */
#include "info.h"

#include <stdio.h>
#include <string.h>

#include "machine_file.h"

/* One line of slabinfo a cache: its objects in use, all of them, the size of each. */
static void add_free_objects(const char *slabinfo, struct mallinfo2 *info)
{
	for (const char *line = slabinfo; line; line = strchr(line + 1, '\n')) {
		unsigned long active, all, size;

		if (sscanf(line, "%*s %lu %lu %lu", &active, &all, &size) != 3)
			continue;
		info->ordblks += all - active;
		info->fordblks += (all - active) * size;
	}
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	while ((text = strchr(text, '\n')) != NULL) {
		text++;
		lines++;
	}
	return lines;
}

struct mallinfo2 info_now(void)
{
	struct machine_file meminfo = machine_file_take("/proc/meminfo");
	struct machine_file slabinfo = machine_file_take("/proc/slabinfo");
	struct machine_file areas = machine_file_take("/proc/vmallocinfo");
	struct mallinfo2 info = { 0 };

	if (meminfo.start && slabinfo.start && areas.start) {
		add_free_objects(slabinfo.start, &info);
		info.arena = machine_file_number(meminfo.start, "Slab:") * 1024;
		info.uordblks = info.arena - info.fordblks;
		info.hblkhd = machine_file_number(meminfo.start, "VmallocUsed:") * 1024;
		info.hblks = count_lines(areas.start);
	}
	machine_file_give(&meminfo);
	machine_file_give(&slabinfo);
	machine_file_give(&areas);
	return info;
}
