/* SPDX-License-Identifier: MIT */
#include "kasan.h"

#include "plat.h"

void kasan_allow(const void *at, size_t bytes, size_t room)
{
	asan_open(at, bytes);
	asan_close((const char *)at + bytes, room - bytes);
}

bool kasan_check(const void *at)
{
	if (likely(!asan_is_closed(at)))
		return true;
	console_print("BUG: KASAN: use-after-free in 0x%016lx\n", (unsigned long)at);
	asan_report(at);
	return false;
}

cold_path void kasan_report_free(const void *at)
{
	console_print("BUG: KASAN: double-free or invalid-free\n"
		      "Free of addr 0x%016lx by task %s/%d\n",
		      (unsigned long)at, task_name(), thread_numbers().pid);
	asan_report(at);
}

/* The frames from @pfn on that are linear. */
static size_t linear_bytes(const struct kalloc_machine *m, unsigned long pfn, unsigned long nr)
{
	size_t at = pfn << PAGE_SHIFT, end = (size_t)(m->linear_end - m->linear);

	return at >= end ? 0 : min(nr << PAGE_SHIFT, end - at);
}

void kasan_open_frames(const struct kalloc_machine *m, unsigned long pfn, unsigned long nr)
{
	asan_open(m->linear + (pfn << PAGE_SHIFT), linear_bytes(m, pfn, nr));
}

void kasan_close_frames(const struct kalloc_machine *m, unsigned long pfn, unsigned long nr)
{
	asan_close(m->linear + (pfn << PAGE_SHIFT), linear_bytes(m, pfn, nr));
}
