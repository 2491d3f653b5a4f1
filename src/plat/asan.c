/* SPDX-License-Identifier: MIT */
#include "asan.h"

/* The sanitizer's own interface. Without one nobody has these. */
void __asan_poison_memory_region(const volatile void *at, size_t bytes) __attribute__((weak));
void __asan_unpoison_memory_region(const volatile void *at, size_t bytes) __attribute__((weak));
int __asan_address_is_poisoned(const volatile void *at) __attribute__((weak));
void __asan_report_error(void *pc, void *bp, void *sp, void *at, int is_write, size_t bytes)
	__attribute__((weak));

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED true
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED false
#endif

bool asan_is_there(void)
{
	return !INSTRUMENTED && __asan_poison_memory_region;
}

void asan_close(const void *at, size_t bytes)
{
	__asan_poison_memory_region(at, bytes);
}

void asan_open(const void *at, size_t bytes)
{
	__asan_unpoison_memory_region(at, bytes);
}

bool asan_is_closed(const void *at)
{
	return __asan_address_is_poisoned(at);
}

cold_path void asan_report(const void *at)
{
	__asan_report_error(__builtin_return_address(0), __builtin_frame_address(0),
			    __builtin_frame_address(0), (void *)at, true, 1);
}
