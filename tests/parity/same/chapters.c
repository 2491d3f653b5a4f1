/* SPDX-License-Identifier: MIT */
/* The chapters, in the order in which they are run. */
#include "same.h"

static const struct {
	const char *name;
	void (*run)(void);
} chapters[] = {
	{ "values", same_values },   { "kmalloc", same_kmalloc }, { "krealloc", same_krealloc },
	{ "strings", same_strings }, { "slab", same_slab },	  { "reuse", same_reuse },
	{ "churn", same_churn },     { "merging", same_merging }, { "clearing", same_clearing },
	{ "bulk", same_bulk },	     { "mempool", same_mempool }, { "pages", same_pages },
	{ "vmalloc", same_vmalloc }, { "vmap", same_vmap },	  { "kvmalloc", same_kvmalloc },
	{ "errors", same_errors },
};

void same_chapters(const char *only)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(chapters); i++) {
		if (only && strcmp(only, chapters[i].name))
			continue;
		SAME("== %s", chapters[i].name);
		chapters[i].run();
	}
}
