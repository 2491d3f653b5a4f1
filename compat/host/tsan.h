/* SPDX-License-Identifier: MIT */
/* Edges of order that ThreadSanitizer is told of; nothing without it. */
#ifndef KALLOC_HOST_TSAN_H
#define KALLOC_HOST_TSAN_H

#if defined(__SANITIZE_THREAD__)
#define KALLOC_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KALLOC_TSAN 1
#endif
#endif

#ifdef KALLOC_TSAN
void __tsan_acquire(void *at);
void __tsan_release(void *at);
#define order_before(at) __tsan_release(at)
#define order_behind(at) __tsan_acquire(at)
#else
#define order_before(at) ((void)(at))
#define order_behind(at) ((void)(at))
#endif

#endif
