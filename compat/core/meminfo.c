/* SPDX-License-Identifier: MIT */
/* How much memory the machine has, as its /proc/meminfo says. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/sysinfo.h>
#include <kalloc/kalloc.h>

#include "core.h"

unsigned long kalloc_totalram_pages(void);

/* The number of KiB behind @name, in pages. */
static unsigned long pages_of(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	unsigned long kib = 0;

	if (line)
		sscanf(line + strlen(name), " %lu", &kib);
	return kib * 1024 / PAGE_SIZE;
}

void si_meminfo(struct sysinfo *info)
{
	char text[4096] = "";

	kalloc_read("/proc/meminfo", text, sizeof(text));
	info->totalram = pages_of(text, "MemTotal:");
	info->freeram = pages_of(text, "MemFree:");
	info->bufferram = pages_of(text, "Buffers:");
	info->sharedram = pages_of(text, "Shmem:");
	info->totalhigh = pages_of(text, "HighTotal:");
	info->freehigh = pages_of(text, "HighFree:");
	info->mem_unit = PAGE_SIZE;
}

unsigned long kalloc_totalram_pages(void)
{
	struct sysinfo info = {};

	si_meminfo(&info);
	return info.totalram;
}
