/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "complaint.h"

bool complain(struct complaint *complaint, int line, const char *fmt, ...)
{
	va_list args;

	complaint->line = line;
	va_start(args, fmt);
	vsnprintf(complaint->text, sizeof(complaint->text), fmt, args);
	va_end(args);
	return false;
}
