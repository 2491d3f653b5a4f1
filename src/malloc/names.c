/* SPDX-License-Identifier: MIT */
/*
 * The names that programs know: each decides by the state of the process (process.h) who
 * serves the call, checks what the C library checks, and sets errno as it does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "count.h"
#include "early.h"
#include "heap.h"
#include "host.h"
#include "info.h"
#include "process.h"

#define visible	  __attribute__((visibility("default")))
#define cold_path __attribute__((__cold__, __noinline__))

static cold_path void *no_memory(size_t bytes)
{
	process_refuse(bytes);
	return NULL;
}

static void *counted(void *p, size_t size)
{
	size_t bytes;

	if (p) {
		bytes = heap_size(p);
		count_alloc(bytes);
		calls_alloc(p, size, bytes);
	} else {
		count_failure();
	}
	return p;
}

static cold_path void *alloc_otherwise(size_t size)
{
	switch (process_enter()) {
	case PROCESS_DOWN:
		return early_alloc(size, 1);
	case PROCESS_HOST:
		return host.alloc(size);
	case PROCESS_WATCHED:
		return counted(heap_alloc_any(size), size);
	default:
		return heap_alloc(size);
	}
}

static cold_path void *zalloc_otherwise(size_t size)
{
	switch (process_enter()) {
	case PROCESS_DOWN:
		return early_alloc(size, 1);
	case PROCESS_HOST:
		return host.zalloc(1, size);
	case PROCESS_WATCHED:
		return counted(heap_zalloc(size), size);
	default:
		return heap_zalloc(size);
	}
}

static cold_path void *alloc_aligned_otherwise(size_t align, size_t size)
{
	switch (process_enter()) {
	case PROCESS_DOWN:
		return early_alloc(size, align);
	case PROCESS_HOST:
		return host.alloc_aligned(align, size);
	case PROCESS_WATCHED:
		return counted(heap_alloc_aligned(align, size), size);
	default:
		return heap_alloc_aligned(align, size);
	}
}

static cold_path void free_otherwise(void *p)
{
	switch (process_enter()) {
	case PROCESS_DOWN:
		return;
	case PROCESS_HOST:
		host.free(p);
		return;
	case PROCESS_WATCHED:
		if (p) {
			count_free(heap_size(p));
			calls_free(p);
		}
		break;
	default:
		break;
	}
	heap_free(p);
}

/* What was early is copied to where memory comes from now. */
static cold_path void *resize_early(void *p, size_t size)
{
	size_t had = early_size(p);
	void *to = malloc(size);

	return to ? memcpy(to, p, size < had ? size : had) : NULL;
}

static void *resize_counted(void *p, size_t size)
{
	size_t had = heap_size(p);
	void *to;

	calls_free(p);
	to = heap_resize(p, size);
	if (to)
		count_free(had);
	else
		calls_alloc(p, had, had);
	return counted(to, size);
}

static cold_path void *resize_otherwise(void *p, size_t size)
{
	switch (process_enter()) {
	case PROCESS_HOST:
		return host.resize(p, size);
	case PROCESS_WATCHED:
		return resize_counted(p, size);
	default:
		return heap_resize(p, size);
	}
}

visible void *malloc(size_t size)
{
	void *p = process_is_plain() ? heap_alloc(size) : alloc_otherwise(size);

	return __builtin_expect(p != NULL, 1) ? p : no_memory(size);
}

visible void free(void *p)
{
	if (__builtin_expect(early_has(p), 0))
		return;
	if (process_is_plain())
		heap_free(p);
	else
		free_otherwise(p);
}

/* Of C23, which C libraries older than it do not declare. */
void free_sized(void *p, size_t size);
void free_aligned_sized(void *p, size_t align, size_t size);

visible void free_sized(void *p, size_t size)
{
	free(p);
}

visible void free_aligned_sized(void *p, size_t align, size_t size)
{
	free(p);
}

visible void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes))
		return no_memory(SIZE_MAX);
	p = process_is_plain() ? heap_zalloc(bytes) : zalloc_otherwise(bytes);
	return __builtin_expect(p != NULL, 1) ? p : no_memory(bytes);
}

visible void *realloc(void *p, size_t size)
{
	void *to;

	if (!p)
		return malloc(size);
	if (!size) {
		free(p);
		return NULL;
	}
	if (__builtin_expect(early_has(p), 0))
		return resize_early(p, size);
	to = process_is_plain() ? heap_resize(p, size) : resize_otherwise(p, size);
	return __builtin_expect(to != NULL, 1) ? to : no_memory(size);
}

visible void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? no_memory(SIZE_MAX) : realloc(p, bytes);
}

static int is_power_of_2(size_t n)
{
	return n && !(n & (n - 1));
}

static void *alloc_aligned(size_t align, size_t size)
{
	return process_is_plain() ? heap_alloc_aligned(align, size)
				  : alloc_aligned_otherwise(align, size);
}

/* As the C library's, it takes the next power of two. */
visible void *memalign(size_t align, size_t size)
{
	void *p;

	if (align > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	while (!is_power_of_2(align))
		align = align ? (align | (align - 1)) + 1 : 1;
	p = alloc_aligned(align, size);
	return p ? p : no_memory(size);
}

visible void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

visible int posix_memalign(void **to, size_t align, size_t size)
{
	int saved = errno;
	void *p;

	if (!is_power_of_2(align) || align % sizeof(void *))
		return EINVAL;
	p = alloc_aligned(align, size);
	if (p)
		*to = p;
	else
		process_refuse(size);
	errno = saved;
	return p ? 0 : ENOMEM;
}

visible void *valloc(size_t size)
{
	return memalign(PAGE_SIZE, size);
}

visible void *pvalloc(size_t size)
{
	size_t bytes;

	if (__builtin_add_overflow(size, PAGE_SIZE - 1, &bytes))
		return no_memory(SIZE_MAX);
	return memalign(PAGE_SIZE, bytes & ~(PAGE_SIZE - 1));
}

visible size_t malloc_usable_size(void *p)
{
	if (!p)
		return 0;
	if (early_has(p))
		return early_size(p);
	return process_enter() == PROCESS_HOST ? host.size(p) : heap_size(p);
}

/* What is free stays the process's own: the answer is that nothing went back to the host. */
visible int malloc_trim(size_t pad)
{
	enum process_state state = process_enter();

	if (state == PROCESS_PLAIN || state == PROCESS_WATCHED)
		heap_trim();
	return 0;
}

visible struct mallinfo2 mallinfo2(void)
{
	enum process_state state = process_enter();

	return state == PROCESS_PLAIN || state == PROCESS_WATCHED ? info_now()
								  : (struct mallinfo2){ 0 };
}

/* The same in numbers that may be too small for them. */
visible struct mallinfo mallinfo(void)
{
	struct mallinfo2 info = mallinfo2();

	return (struct mallinfo){
		.arena = (int)info.arena,
		.ordblks = (int)info.ordblks,
		.hblks = (int)info.hblks,
		.hblkhd = (int)info.hblkhd,
		.uordblks = (int)info.uordblks,
		.fordblks = (int)info.fordblks,
		.keepcost = (int)info.keepcost,
	};
}

/* The C library's, which pthread_atfork() calls in each library. */
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
		      void *library);

/*
 * Handlers may allocate, so the machine's have to run between all others' and the fork: they are
 * registered first, before those of another library's constructor.
 */
visible int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void),
			      void *library)
{
	process_boot();
	return host_register_atfork(prepare, parent, child, library);
}

/* The C library's own exit() has run what there is to run before it comes to this. */
visible void _exit(int status)
{
	process_end();
	syscall(SYS_exit_group, status);
	__builtin_trap();
}

visible void _Exit(int status)
{
	_exit(status);
}
