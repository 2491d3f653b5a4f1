/* SPDX-License-Identifier: MIT */
/* A plugin that uses libkalloc, for unload.py: with sequences in its own code. */
#include <kalloc/slab.h>

__attribute__((__visibility__("default"))) int plugin_run(int times);

int plugin_run(int times)
{
	int failed = 0;

	while (times--) {
		void *object = kmalloc(64, GFP_KERNEL);

		failed += object == NULL;
		kfree(object);
	}
	return failed;
}
