/* SPDX-License-Identifier: MIT */
/* What is wrong with a script, and on which of its lines: one, the first. */
#ifndef SCENARIO_COMPLAINT_H
#define SCENARIO_COMPLAINT_H

#include <stdbool.h>

struct complaint {
	int line;
	char text[480];
};

/* Fill @complaint. Return: false, for callers to return in turn. */
bool complain(struct complaint *complaint, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
