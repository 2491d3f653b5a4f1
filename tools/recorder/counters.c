/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "text_file.h"

/* Each line is a name and a number. */
static void write_all(struct json *json, bool names)
{
	char *text = text_file_read("/proc/vmstat");

	json_begin(json, "vmstat", '[');
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		size_t len = strcspn(line, " ");

		if (names)
			json_text(json, NULL, line, len);
		else
			json_number(json, NULL, atoll(line + len));
	}
	json_end(json, ']');
	free(text);
}

void counters_write(struct json *json)
{
	write_all(json, true);
}

void counters_step(struct json *json)
{
	write_all(json, false);
}
