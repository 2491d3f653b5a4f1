/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/ram.c: one frame seen at two addresses is one frame, a copy
 * holds the same and shares nothing, unused memory costs nothing, what is hidden
 * faults, and what is given back reads as zero. A file that the program has closed is
 * missed, and another one is left alone. Private memory has no file, and each address its
 * own.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "map.h"
#include "plat/child.h"
#include "ram.h"

#define RAM_BYTES (1UL << 30)
#define WINDOW	  (16 * PAGE_SIZE)

static size_t bytes_in_use(const struct ram *ram)
{
	struct stat st;

	assert_int_equal(fstat(ram->fd, &st), 0);
	return (size_t)st.st_blocks * 512;
}

static char *map_window(const struct ram *ram, size_t offset)
{
	char *at = map_reserve(WINDOW, PAGE_SIZE);

	assert_non_null(at);
	assert_int_equal(ram_map(ram, at, offset, WINDOW), 0);
	return at;
}

static void a_frame_at_two_addresses(void **state)
{
	char *first, *second;
	struct ram ram;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	assert_int_equal(ram.bytes, RAM_BYTES);
	first = map_window(&ram, 0);
	second = map_window(&ram, 4 * PAGE_SIZE);

	first[4 * PAGE_SIZE] = 'a';
	assert_int_equal(second[0], 'a');
	second[PAGE_SIZE + 7] = 'b';
	assert_int_equal(first[5 * PAGE_SIZE + 7], 'b');
	assert_int_equal(first[0], 0);

	/* Another frame at the same address. */
	assert_int_equal(ram_map(&ram, second, 5 * PAGE_SIZE, PAGE_SIZE), 0);
	assert_int_equal(second[7], 'b');

	map_release(first, WINDOW);
	map_release(second, WINDOW);
	ram_destroy(&ram);
	assert_int_equal(ram.fd, -1);
}

static void what_is_hidden_faults(void **state)
{
	struct ram ram;
	char *at;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	at = map_window(&ram, 0);
	assert_int_equal(ram_hide(at + PAGE_SIZE, 2 * PAGE_SIZE), 0);
	assert_false(child_faults_at(at + PAGE_SIZE - 1));
	assert_true(child_faults_at(at + PAGE_SIZE));
	assert_true(child_faults_at(at + 3 * PAGE_SIZE - 1));
	assert_false(child_faults_at(at + 3 * PAGE_SIZE));
	map_release(at, WINDOW);
	ram_destroy(&ram);
}

static void unused_memory_costs_nothing(void **state)
{
	struct ram ram;

	assert_int_equal(ram_create(&ram, 1UL << 40, false), 0);
	assert_int_equal(bytes_in_use(&ram), 0);
	ram_destroy(&ram);
}

static void a_copy_holds_the_same_and_shares_nothing(void **state)
{
	/* Two runs longer than the buffer of a copy, a lone frame, the last byte. */
	static const size_t offsets[] = { 0, 300 * PAGE_SIZE, 70000 * PAGE_SIZE,
					  RAM_BYTES - WINDOW };
	struct ram ram, copy;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		char *at = map_window(&ram, offsets[i]);

		memset(at, (int)('A' + i), i == 2 ? PAGE_SIZE : WINDOW);
		map_release(at, WINDOW);
	}
	assert_int_equal(ram_copy(&ram, &copy), 0);
	assert_int_equal(copy.bytes, RAM_BYTES);
	assert_true(bytes_in_use(&copy) < RAM_BYTES / 8);

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		char *old = map_window(&ram, offsets[i]), *new = map_window(&copy, offsets[i]);

		assert_int_equal(new[0], 'A' + i);
		assert_memory_equal(old, new, WINDOW);
		new[1] = 'x';
		old[2] = 'y';
		assert_int_equal(old[1], 'A' + i);
		assert_int_equal(new[2], 'A' + i);
		map_release(old, WINDOW);
		map_release(new, WINDOW);
	}
	ram_destroy(&copy);
	ram_destroy(&ram);
}

static void what_is_given_back_reads_as_zero(void **state)
{
	struct ram ram;
	size_t before;
	char *at;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	at = map_window(&ram, 0);
	memset(at, 'z', WINDOW);
	before = bytes_in_use(&ram);
	ram_drop(&ram, PAGE_SIZE, 2 * PAGE_SIZE);
	for (size_t i = 0; i < WINDOW; i++)
		assert_int_equal(at[i], i / PAGE_SIZE == 1 || i / PAGE_SIZE == 2 ? 0 : 'z');
	ram_drop(&ram, 0, WINDOW);
	assert_true(bytes_in_use(&ram) < before);
	map_release(at, WINDOW);
	ram_destroy(&ram);
}

/* The number that the next open file would get; equal numbers, nothing left open. */
static int next_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

static void a_refused_size_leaves_nothing_open(void **state)
{
	int before = next_fd();
	struct ram ram;

	assert_true(ram_create(&ram, ~0UL, false) < 0);
	assert_int_equal(next_fd(), before);
}

static void copying_what_is_gone_fails(void **state)
{
	struct ram ram, copy;
	int before = next_fd();

	assert_int_equal(ram_create(&ram, WINDOW, false), 0);
	ram_destroy(&ram);
	assert_int_equal(ram_copy(&ram, &copy), -EBADF);
	assert_int_equal(next_fd(), before);
}

static void mapping_needs_a_page_boundary(void **state)
{
	struct ram ram;
	char *at;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	at = map_window(&ram, 0);
	assert_int_equal(ram_map(&ram, at, 1, PAGE_SIZE), -EINVAL);
	map_release(at, WINDOW);
	ram_destroy(&ram);
}

/* Another file stands where the memory's was: neither is it shown, nor closed. */
static void a_closed_file_is_missed(void **state)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), fd;
	struct ram ram, copy;
	char *at;

	assert_int_equal(ram_create(&ram, RAM_BYTES, false), 0);
	at = map_window(&ram, 0);
	at[0] = 'k';
	fd = ram.fd;
	close(fd);
	assert_int_equal(ram_map(&ram, at + PAGE_SIZE, 0, PAGE_SIZE), -EBADF);
	assert_int_equal(dup2(null, fd), fd);
	assert_int_equal(ram_map(&ram, at + PAGE_SIZE, 0, PAGE_SIZE), -EBADF);
	assert_int_equal(ram_map_now(&ram, at + PAGE_SIZE, 0, PAGE_SIZE), -EBADF);
	assert_int_equal(ram_copy(&ram, &copy), -EBADF);
	assert_int_equal(at[0], 'k');
	ram_destroy(&ram);
	assert_int_equal(fcntl(fd, F_GETFD), 0);
	close(fd);
	close(null);
	map_release(at, WINDOW);
}

static void private_memory_has_no_file(void **state)
{
	int before = next_fd();
	struct ram ram, copy;
	char *first, *second;

	assert_int_equal(ram_create(&ram, RAM_BYTES, true), 0);
	assert_int_equal(ram_copy(&ram, &copy), 0);
	assert_int_equal(next_fd(), before);
	first = map_window(&ram, 0);
	second = map_window(&ram, 0);
	first[0] = 'a';
	assert_int_equal(second[0], 0);
	ram_destroy(&copy);
	ram_destroy(&ram);
	assert_int_equal(first[0], 'a');
	map_release(first, WINDOW);
	map_release(second, WINDOW);
}

static void private_memory_is_zero_again(void **state)
{
	struct rlimit before, little;
	size_t nr_zero = 1;
	struct ram ram;
	char *at;
	int err;

	assert_int_equal(ram_create(&ram, RAM_BYTES, true), 0);
	at = map_window(&ram, 0);
	memset(at, 'z', WINDOW);
	assert_int_equal(ram_unmap(&ram, at + PAGE_SIZE, PAGE_SIZE), 0);
	assert_true(child_faults_at(at + PAGE_SIZE));
	assert_false(child_faults_at(at + 2 * PAGE_SIZE));
	if (!getenv("KALLOC_UNDER_VALGRIND")) {
		/* The program has less address space than it uses. */
		getrlimit(RLIMIT_AS, &before);
		little = before;
		little.rlim_cur = PAGE_SIZE;
		setrlimit(RLIMIT_AS, &little);
		err = ram_unmap(&ram, at + 2 * PAGE_SIZE, PAGE_SIZE);
		setrlimit(RLIMIT_AS, &before);
		assert_int_equal(err, 0);
		assert_true(child_faults_at(at + 2 * PAGE_SIZE));
		nr_zero++;
	}
	assert_int_equal(ram_map_now(&ram, at, 0, WINDOW), 0);
	for (size_t i = PAGE_SIZE; i < WINDOW; i++)
		assert_int_equal(at[i], i / PAGE_SIZE <= nr_zero ? 0 : 'z');
	map_forget(at + 3 * PAGE_SIZE, PAGE_SIZE);
	assert_int_equal(at[3 * PAGE_SIZE], 0);
	assert_int_equal(at[4 * PAGE_SIZE], 'z');
	map_release(at, WINDOW);
	ram_destroy(&ram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_at_two_addresses),
		cmocka_unit_test(what_is_hidden_faults),
		cmocka_unit_test(unused_memory_costs_nothing),
		cmocka_unit_test(a_copy_holds_the_same_and_shares_nothing),
		cmocka_unit_test(what_is_given_back_reads_as_zero),
		cmocka_unit_test(a_refused_size_leaves_nothing_open),
		cmocka_unit_test(copying_what_is_gone_fails),
		cmocka_unit_test(mapping_needs_a_page_boundary),
		cmocka_unit_test(a_closed_file_is_missed),
		cmocka_unit_test(private_memory_has_no_file),
		cmocka_unit_test(private_memory_is_zero_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
