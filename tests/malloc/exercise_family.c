/* SPDX-License-Identifier: MIT */
/* What malloc() and its relatives promise: alignment, sizes, errors, contents. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "exercise.h"

static bool is_zero(const char *p, size_t size)
{
	return !p[0] && memcmp(p, p + 1, size - 1) == 0;
}

static void check_alignment(void)
{
	char *last = NULL;

	for (size_t size = 0; size < 20 * MIB; size = size * 5 / 4 + 1) {
		char *p = alloc(size), *zero = calloc(size + 1, 1);

		HOLDS(p && zero && p != last);
		HOLDS((uintptr_t)p % 16 == 0 && (uintptr_t)zero % 16 == 0);
		HOLDS(malloc_usable_size(p) >= size);
		HOLDS(is_zero(zero, size + 1));
		memset(p, 'x', malloc_usable_size(p));
		memset(zero, 'y', malloc_usable_size(zero));
		free(last);
		free(zero);
		last = p;
	}
	free(last);
}

static void check_aligned(void)
{
	volatile size_t odd = 48;
	void *p = NULL;

	for (size_t align = 1; align <= 8 * MIB; align *= 2) {
		p = memalign(align, 100);
		HOLDS(p && (uintptr_t)p % align == 0);
		free(p);
		p = aligned_alloc(align, 3 * align);
		HOLDS(p && (uintptr_t)p % align == 0);
		free(p);
		if (align < sizeof(void *))
			continue;
		HOLDS(posix_memalign(&p, align, 5000) == 0 && (uintptr_t)p % align == 0);
		free(p);
	}
	p = memalign(odd, 10);
	HOLDS(p && (uintptr_t)p % 64 == 0);
	free(p);
	p = valloc(1);
	HOLDS(p && (uintptr_t)p % 4096 == 0);
	free(p);
	p = pvalloc(4097);
	HOLDS(p && (uintptr_t)p % 4096 == 0 && malloc_usable_size(p) >= 8192);
	free(p);
}

static void check_errors(void)
{
	volatile size_t most = SIZE_MAX, half = 1UL << 32;
	void *p = NULL, *kept = alloc(10);

#define FAILS_WITH(error, call) HOLDS((errno = 0, (call) == NULL && errno == (error)))
	FAILS_WITH(ENOMEM, alloc(most));
	FAILS_WITH(ENOMEM, alloc(most / 2 + 1));
	FAILS_WITH(ENOMEM, calloc(half, half));
	FAILS_WITH(ENOMEM, calloc(most, 1));
	FAILS_WITH(ENOMEM, realloc(kept, most));
	FAILS_WITH(ENOMEM, reallocarray(kept, half, half));
	FAILS_WITH(ENOMEM, memalign(64, most));
	FAILS_WITH(EINVAL, memalign(most, 1));
	FAILS_WITH(ENOMEM, aligned_alloc(4096, most / 2));
	FAILS_WITH(ENOMEM, pvalloc(most));
	errno = EDOM;
	HOLDS(posix_memalign(&p, 64, most) == ENOMEM && !p);
	HOLDS(posix_memalign(&p, 24, 1) == EINVAL && posix_memalign(&p, 4, 1) == EINVAL && !p);
	for (size_t size = 1; size < 10 * MIB; size *= 3)
		free(alloc(size));
	HOLDS(malloc_usable_size(NULL) == 0);
	free(NULL);
	HOLDS(errno == EDOM);
	free(kept);
}

static void check_resizing(void)
{
	char *p = realloc(NULL, 0), *q;

	HOLDS(p);
	for (size_t size = 1; size < 30 * MIB; size = size * 3 / 2 + 1) {
		p = realloc(p, size);
		HOLDS(p);
		p[size - 1] = (char)size;
		HOLDS(p[size / 3] == p[size / 3]);
	}
	p[10] = 'k';
	p = reallocarray(p, 4, 5);
	HOLDS(p && p[10] == 'k' && malloc_usable_size(p) < MIB);
	q = realloc(p, 0);
	HOLDS(!q);
}

/* What the C library allocates inside. */
static void check_library(void)
{
	struct mallinfo2 before = mallinfo2(), after;
	char *line = NULL, *text;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	void *block = alloc(MIB);

	for (int i = 0; i < 10000; i++)
		fprintf(stream, "%d\n", i);
	fclose(stream);
	HOLDS(size == 48890 && strcmp(text + size - 5, "9999\n") == 0);
	stream = fmemopen(text, size, "r");
	size = 0;
	while (getline(&line, &size, stream) > 0)
		;
	fclose(stream);
	HOLDS(strcmp(line, "9999\n") == 0);
	after = mallinfo2();
	HOLDS(after.uordblks + after.hblkhd >= before.uordblks + before.hblkhd + MIB);
	HOLDS(after.arena >= after.uordblks);
	HOLDS(mallinfo().uordblks > 0);
	free(block);
	HOLDS(malloc_trim(0) == 0);
	free(line);
	free(text);
}

/* C23's, which older C libraries do not have. */
static void check_sized(void)
{
	void (*sized)(void *, size_t) = dlsym(RTLD_DEFAULT, "free_sized");
	void (*aligned_sized)(void *, size_t, size_t) = dlsym(RTLD_DEFAULT, "free_aligned_sized");

	HOLDS(sized && aligned_sized);
	sized(NULL, 0);
	aligned_sized(NULL, 64, 0);
	for (size_t size = 1; size < 10 * MIB; size *= 3) {
		sized(alloc(size), size);
		aligned_sized(aligned_alloc(64, size), 64, size);
	}
}

static void check_large(void)
{
	const size_t size = 3UL << 30;
	char *p = alloc(size);

	HOLDS(p && malloc_usable_size(p) >= size);
	p[0] = p[size - 1] = 'k';
	free(p);
}

void family(void)
{
	check_large();
	check_alignment();
	check_aligned();
	check_errors();
	check_resizing();
	check_library();
	check_sized();
}
