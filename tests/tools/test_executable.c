/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/exec/executable.c: programs are found as a shell finds them; which cannot be given
 * another malloc() is seen from their files; and of a damaged file nothing is read that is
 * not there.
 */
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "files.h"
#include "exec/executable.h"
#include "sanitized.h"

#define PAGE 4096UL

/* Bytes whose end, but for a few of alignment, is that of the memory there is. */
struct fenced {
	char *start;
	char *bytes;
	size_t span;
};

static struct fenced fenced_copy(const char *bytes, size_t size)
{
	size_t span = (size / PAGE + 1) * PAGE, place = (size + 7) / 8 * 8;
	char *start =
		mmap(NULL, span + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fenced fenced = { start, start + span - place, span + PAGE };

	assert_ptr_not_equal(start, MAP_FAILED);
	assert_int_equal(mprotect(start + span, PAGE, PROT_NONE), 0);
	memcpy(fenced.bytes, bytes, size);
	return fenced;
}

static const char *look_at(const char *bytes, size_t size)
{
	struct fenced fenced = fenced_copy(bytes, size);
	const char *unfit = executable_unfit(fenced.bytes, size);

	munmap(fenced.start, fenced.span);
	return unfit;
}

/* This program's own file. */
static char *own_file(size_t *len)
{
	return files_read("/proc/self/exe", len);
}

static void test_whole(void **state)
{
	size_t len;
	char *bytes = own_file(&len);
	ElfW(Ehdr) *header = (void *)bytes;
	ElfW(Phdr) *segments = (void *)(bytes + header->e_phoff);

	if (SANITIZED)
		assert_non_null(strstr(look_at(bytes, len), "built with a sanitizer"));
	else
		assert_null(look_at(bytes, len));
	for (int i = 0; i < header->e_phnum; i++) {
		if (segments[i].p_type == PT_INTERP)
			segments[i].p_type = PT_NULL;
	}
	assert_string_equal(look_at(bytes, len),
			    "statically linked, so its malloc() stays its own");
	bytes[EI_CLASS] = bytes[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
	assert_string_equal(look_at(bytes, len), "of another word size than libkalloc-malloc.so");
	bytes[0] = '#';
	assert_null(look_at(bytes, len));
	free(bytes);
}

/* Of the symbols' names, too: a file's end is the end of the last one. */
static void test_damaged(void **state)
{
	size_t len;
	char *bytes = own_file(&len), *changed;
	uint64_t seed = 1;

	for (size_t cut = 0; cut < len; cut += cut < 1000 ? 1 : len / 200)
		look_at(bytes, cut);
	changed = malloc(len);
	assert_non_null(changed);
	for (int i = 0; i < 1000; i++) {
		ElfW(Ehdr) *header = (void *)changed;
		size_t from = i % 2 ? header->e_shoff : sizeof(*header) / 4;
		size_t span = i % 2 ? header->e_shnum * sizeof(ElfW(Shdr)) : 800;

		if (i % 8 == 0)
			memcpy(changed, bytes, len);
		for (int j = 0; j < 6; j++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			if (from + span <= len && span)
				changed[from + (seed >> 33) % span] ^= (char)(seed >> 20);
		}
		look_at(changed, len);
	}
	free(changed);
	free(bytes);
}

/* A section that says its symbols' names lie behind the end of theirs. */
static void test_symbol_names(void **state)
{
	size_t len;
	char *bytes = own_file(&len);
	ElfW(Ehdr) *header = (void *)bytes;
	ElfW(Shdr) *sections = (void *)(bytes + header->e_shoff);

	for (int i = 0; i < header->e_shnum; i++) {
		ElfW(Sym) *symbols = (void *)(bytes + sections[i].sh_offset);

		if (sections[i].sh_type != SHT_DYNSYM)
			continue;
		for (size_t j = 0; j < sections[i].sh_size / sizeof(*symbols); j++)
			symbols[j].st_name = 0x7fffffff;
	}
	assert_null(look_at(bytes, len));

	/* Names that end with the file, and the last one has no end. */
	for (int i = 0; i < header->e_shnum; i++) {
		ElfW(Sym) *symbols = (void *)(bytes + sections[i].sh_offset);

		if (sections[i].sh_type != SHT_DYNSYM)
			continue;
		sections[sections[i].sh_link].sh_offset = len - 4;
		sections[sections[i].sh_link].sh_size = 4;
		for (size_t j = 0; j < sections[i].sh_size / sizeof(*symbols); j++)
			symbols[j].st_name = 0;
	}
	memcpy(bytes + len - 4, "__as", 4);
	assert_null(look_at(bytes, len));
	free(bytes);
}

static void test_search(void **state)
{
	char *plain = files_make("#!/bin/sh\n", 10), *path = getenv("PATH");
	struct executable program;

	path = strdup(path ? path : "");
	setenv("PATH", "/nonexistent:/bin:/usr/bin", 1);
	program = executable_find("sh");
	assert_string_equal(program.path, "/bin/sh");
	assert_null(program.unfit);
	program = executable_find("no-such-program");
	assert_string_equal(program.path, "");
	assert_int_equal(program.error, ENOENT);

	/* An empty name is this folder; what is not executable is passed over. */
	setenv("PATH", "", 1);
	assert_string_equal(executable_find(plain).path, "");
	assert_int_equal(executable_find(plain).error, EACCES);
	assert_int_equal(executable_find("").error, ENOENT);
	assert_int_equal(chmod(plain, 0755), 0);
	assert_string_equal(executable_find(plain).path, plain);
	assert_null(executable_find(plain).unfit);

	assert_string_equal(executable_find("/dev/null").path, "/dev/null");
	assert_null(executable_find("/dev/null").unfit);
	setenv("PATH", path, 1);
	free(path);
	files_drop(plain);
}

/* What runs as another user is not for us; root's own is, if we are root. */
static void test_other_user(void **state)
{
	char *name = files_make("#!/bin/sh\n", 10), path[64];

	snprintf(path, sizeof(path), "./%s", name);
	if (chown(path, geteuid() + 1, getegid()) == 0) {
		assert_int_equal(chmod(path, 04755), 0);
		assert_non_null(strstr(executable_find(path).unfit ?: "", "another user"));
		assert_int_equal(chown(path, geteuid(), getegid()), 0);
	}
	assert_int_equal(chmod(path, 04755), 0);
	assert_null(executable_find(path).unfit);
	files_drop(name);
}

/* File capabilities as setcap writes them, of which only a user who is not root has use. */
static void test_capabilities(void **state)
{
	static const unsigned int net_raw[] = { 0x02000001, 1 << 13, 0, 0, 0 };
	char *name = files_make("#!/bin/sh\n", 10), path[64];
	uid_t user = geteuid();

	snprintf(path, sizeof(path), "./%s", name);
	assert_int_equal(chmod(path, 0755), 0);
	if (setxattr(path, "security.capability", net_raw, sizeof(net_raw), 0) == 0) {
		assert_null(executable_find(path).unfit);
		assert_int_equal(seteuid(65534), 0);
		assert_non_null(strstr(executable_find(path).unfit ?: "", "capabilities"));
		assert_int_equal(seteuid(user), 0);
	}
	files_drop(name);
}

static void test_library(void **state)
{
	char *plain = files_make("#!/bin/sh\n", 10), *empty = files_make("", 0);

	assert_false(executable_has_malloc(plain));
	assert_false(executable_has_malloc(empty));
	assert_false(executable_has_malloc("."));
	assert_false(executable_has_malloc("/nonexistent"));
	assert_false(executable_has_malloc("/bin/sh"));
	files_drop(plain);
	files_drop(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	     cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_symbol_names), cmocka_unit_test(test_search),
		cmocka_unit_test(test_other_user),   cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_library),
	};

	return cmocka_run_group_tests_name("executable", tests, NULL, NULL);
}
