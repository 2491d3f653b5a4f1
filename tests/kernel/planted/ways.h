/* SPDX-License-Identifier: MIT */
/* Ways to do something wrong, each a function that a parameter names. */
#ifndef TESTS_KERNEL_PLANTED_WAYS_H
#define TESTS_KERNEL_PLANTED_WAYS_H

#include <linux/printk.h>
#include <linux/string.h>

struct way {
	const char *name;
	void (*run)(void);
};

#define WAY(name)           \
	{                   \
#name, name \
	}

/* @what: its name, or "list" for all names. */
static inline void ways_go(const struct way *ways, unsigned int nr, const char *what)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!strcmp(what, "list"))
			pr_info("way %s\n", ways[i].name);
		else if (!strcmp(what, ways[i].name))
			ways[i].run();
	}
}

#endif
