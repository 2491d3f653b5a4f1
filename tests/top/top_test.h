/* SPDX-License-Identifier: MIT */
/* Catches what the library says, for tests that look at it. */
#ifndef TOP_TEST_H
#define TOP_TEST_H

#include <kalloc/kalloc.h>
#include <stdio.h>

static char console_said[4096];

static void console_append(void *ctx, const char *text)
{
	size_t len = strlen(console_said);

	(void)ctx;
	snprintf(console_said + len, sizeof(console_said) - len, "%s", text);
}

static void console_catch(void)
{
	console_said[0] = '\0';
	kalloc_set_console(console_append, NULL);
}

#endif
