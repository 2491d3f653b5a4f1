/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <kalloc/kalloc.h>
#include <kalloc/slab.h>
int main(void)
{
	char files[512], *name = kstrdup("copied by kstrdup", GFP_KERNEL);
	kalloc_read("/proc/buddyinfo", files, sizeof(files));
	printf("%s, in an object of %zu\n%s", name, ksize(name), files);
	kfree(name);
}
