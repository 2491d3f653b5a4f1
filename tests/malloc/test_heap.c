/* SPDX-License-Identifier: MIT */
/*
 * Proves src/malloc/heap.c on machines of every kind: what it gives is aligned, as large as
 * was asked for and, where that was asked for, zero; resizing keeps the contents, and the
 * memory where it is as long as it fits; what cannot be had is NULL, at once and with
 * nothing said or lost.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>

#include "heap.h"
#include "top/top_test.h"

#define KIB (1UL << 10)
#define MIB (1UL << 20)

static const size_t sizes[] = { 0,    1,    8,	  16,	17,   96,	 97,	  129,	      192,
				1000, 1025, 4096, 4097, 8193, 100 * KIB, MIB + 1, 4 * MIB + 1 };

#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static struct kalloc_machine *up(const char *cmdline)
{
	struct kalloc_machine *m = kalloc_boot(cmdline);

	assert_non_null(m);
	kalloc_enter(m);
	heap_learn();
	console_catch();
	return m;
}

static void down(struct kalloc_machine *m)
{
	assert_string_equal(console_said, "");
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(m);
}

static bool is_all(const unsigned char *p, size_t size, unsigned char byte)
{
	return !size || (p[0] == byte && memcmp(p, p + 1, size - 1) == 0);
}

/* By heap_alloc_any(), as in a watched process, or as in any other. */
static void *alloc(size_t size, bool plain)
{
	return plain ? heap_alloc(size) : heap_alloc_any(size);
}

static void try_sizes(bool plain)
{
	unsigned char *p[NR_SIZES][2];

	for (size_t i = 0; i < NR_SIZES; i++) {
		for (int j = 0; j < 2; j++) {
			p[i][j] = alloc(sizes[i], plain);
			assert_non_null(p[i][j]);
			assert_int_equal((uintptr_t)p[i][j] % 16, 0);
			assert_true(heap_size(p[i][j]) >= sizes[i]);
			assert_true(heap_size(p[i][j]) >= 16);
			memset(p[i][j], (int)(2 * i) + j, heap_size(p[i][j]));
		}
	}
	for (size_t i = 0; i < NR_SIZES; i++) {
		for (int j = 0; j < 2; j++) {
			assert_true(is_all(p[i][j], heap_size(p[i][j]),
					   (unsigned char)(2 * i + (size_t)j)));
			heap_free(p[i][j]);
		}
		p[i][0] = heap_zalloc(sizes[i]);
		assert_non_null(p[i][0]);
		assert_int_equal((uintptr_t)p[i][0] % 16, 0);
		assert_true(is_all(p[i][0], sizes[i], 0));
		heap_free(p[i][0]);
	}
	heap_free(NULL);
}

static void try_aligned(void)
{
	for (size_t align = 1; align <= 16 * MIB; align *= 2) {
		for (size_t i = 0; i < NR_SIZES; i++) {
			unsigned char *p = heap_alloc_aligned(align, sizes[i]);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p % (align < 16 ? 16 : align), 0);
			assert_true(heap_size(p) >= sizes[i]);
			if (sizes[i])
				p[0] = p[sizes[i] - 1] = 1;
			heap_free(p);
		}
	}
}

static const char *const cmdlines[] = {
	"mem=256M kalloc.ram=private",
	"mem=256M",
	"mem=256M kalloc.sheaves=off",
	"mem=256M kalloc.ram=private slub_debug=FZPU",
	"mem=256M kalloc.ram=private init_on_alloc=1 init_on_free=1",
	"mem=256M kalloc.ram=private kalloc.kvmalloc=vmap",
	"mem=256M kalloc.ram=private numa=fake=2",
};

static void test_sizes(void **state)
{
	for (size_t i = 0; i < sizeof(cmdlines) / sizeof(cmdlines[0]); i++) {
		struct kalloc_machine *m = up(cmdlines[i]);

		/* Objects that have red zones are asked for in a watched process only. */
		if (!strstr(cmdlines[i], "slub_debug"))
			try_sizes(true);
		try_sizes(false);
		try_aligned();
		down(m);
	}
}

static void test_resize(void **state)
{
	struct kalloc_machine *m = up(cmdlines[0]);

	for (size_t i = 0; i < NR_SIZES; i++) {
		for (size_t j = 0; j < NR_SIZES; j++) {
			size_t less = sizes[i] < sizes[j] ? sizes[i] : sizes[j];
			unsigned char *p = heap_alloc(sizes[i]), *to;
			size_t had = heap_size(p);

			memset(p, 'k', sizes[i]);
			to = heap_resize(p, sizes[j]);
			assert_non_null(to);
			assert_true(is_all(to, less, 'k'));
			assert_true(heap_size(to) >= sizes[j]);
			/* It moves if it is too small, or less than half would do. */
			if (sizes[j] > had)
				assert_ptr_not_equal(to, p);
			if (sizes[j] <= had && sizes[j] > had / 2)
				assert_ptr_equal(to, p);
			if (sizes[j] < had / 4 && had > 16)
				assert_true(heap_size(to) <= had / 2);
			heap_free(to);
		}
	}
	down(m);
}

/* An area that grows has room to grow in, so that not every step copies it. */
static void test_growing(void **state)
{
	struct kalloc_machine *m = up("mem=256M kalloc.ram=private");
	char *p = heap_alloc(5 * MIB);
	unsigned int moves = 0;

	for (size_t size = 5 * MIB; size <= 40 * MIB; size += 64 * KIB) {
		char *to = heap_resize(p, size);

		assert_non_null(to);
		moves += to != p;
		p = to;
	}
	assert_in_range(moves, 1, 12);
	heap_free(p);
	down(m);
}

static void test_refused(void **state)
{
	static const size_t too_much[] = { 200 * MIB, 3UL << 30, PTRDIFF_MAX, SIZE_MAX };
	struct kalloc_machine *m = up("mem=128M kalloc.ram=private");
	char *kept = heap_alloc(5000);

	strcpy(kept, "kept");
	for (size_t i = 0; i < sizeof(too_much) / sizeof(too_much[0]); i++) {
		assert_null(heap_alloc(too_much[i]));
		assert_null(heap_zalloc(too_much[i]));
		assert_null(heap_alloc_aligned(64, too_much[i]));
		assert_null(heap_alloc_aligned(MIB, too_much[i]));
		assert_null(heap_resize(kept, too_much[i]));
	}
	assert_null(heap_alloc_aligned(1UL << 46, 1));
	assert_null(heap_alloc_aligned(1UL << 63, 1));
	assert_string_equal(kept, "kept");
	errno = EDOM;
	heap_free(kept);
	assert_int_equal(errno, EDOM);
	down(m);
}

/* The rest of a full machine is still to be had, and all of it once it is free again. */
static void test_full(void **state)
{
	struct kalloc_machine *m = up("mem=32M kalloc.ram=private");

	for (int round = 0; round < 3; round++) {
		void **last = NULL, **p;
		size_t nr = 0, nr_small = 0;

		while ((p = heap_alloc(64 * KIB)) != NULL) {
			*p = last;
			last = p;
			nr++;
		}
		while ((p = heap_alloc(100)) != NULL) {
			*p = last;
			last = p;
			nr_small++;
		}
		assert_in_range(nr, 400, 512);
		/* What is too large is given back for less, or kept if there is nothing else. */
		assert_ptr_equal(heap_resize(last, 10), last);
		for (; last; last = p) {
			p = *last;
			heap_free(last);
		}
		heap_trim();
	}
	down(m);
}

/* Asked for, the kernel's report is printed. */
static void test_reported(void **state)
{
	struct kalloc_machine *m = up("mem=32M kalloc.ram=private");

	heap_report_failures();
	assert_null(heap_alloc_any(40 * MIB));
	assert_non_null(strstr(console_said, "vmalloc error: size 41943040"));
	console_catch();
	down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),	cmocka_unit_test(test_resize),
		cmocka_unit_test(test_growing), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_full),	cmocka_unit_test(test_reported),
	};

	return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
