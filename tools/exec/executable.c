/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "executable.h"

#define OWN_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

/* An ELF file in memory. */
struct image {
	const char *bytes;
	size_t size;
};

/*
 * Return: @count elements of @size bytes at @offset, or NULL if the file ends before, or they
 * do not lie as they have to.
 */
static const void *piece(const struct image *image, uint64_t offset, uint64_t count, size_t size)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || offset > image->size ||
	    bytes > image->size - offset || (size > 1 && offset % sizeof(void *)))
		return NULL;
	return image->bytes + offset;
}

static const ElfW(Phdr) * segment_find(const struct image *image, uint32_t type)
{
	const ElfW(Ehdr) *header = (const void *)image->bytes;
	const ElfW(Phdr) *segments =
		piece(image, header->e_phoff, header->e_phnum, sizeof(*segments));

	for (int i = 0; segments && i < header->e_phnum; i++) {
		if (segments[i].p_type == type)
			return &segments[i];
	}
	return NULL;
}

/* Where a section has the names of its symbols. Return: false if the file is damaged. */
static bool names_find(const struct image *image, const ElfW(Shdr) * sections, unsigned int nr,
		       const ElfW(Shdr) * symbols, struct image *names)
{
	const ElfW(Shdr) *section = symbols->sh_link < nr ? &sections[symbols->sh_link] : NULL;

	if (!section || !section->sh_size)
		return false;
	names->bytes = piece(image, section->sh_offset, section->sh_size, 1);
	names->size = section->sh_size;
	return names->bytes && !names->bytes[names->size - 1];
}

static bool is_sanitizer(const char *name)
{
	static const char *const runtimes[] = { "__asan_init", "__tsan_init", "__msan_init",
						"__lsan_init", "__hwasan_init" };

	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		if (strcmp(name, runtimes[i]) == 0)
			return true;
	}
	return false;
}

static const char own_malloc[] = "has a malloc() of its own";

/* A sanitizer is the program's own or a library's; a malloc() is preferred if it is its own. */
static const char *section_unfit(const struct image *image, const ElfW(Shdr) * section,
				 const struct image *names)
{
	size_t nr = section->sh_size / sizeof(ElfW(Sym));
	const ElfW(Sym) *symbols = piece(image, section->sh_offset, nr, sizeof(*symbols));
	const char *unfit = NULL;

	for (size_t i = 0; symbols && i < nr; i++) {
		const char *name = names->bytes + symbols[i].st_name;

		if (symbols[i].st_name >= names->size)
			continue;
		if (is_sanitizer(name))
			return "built with a sanitizer, which has a malloc() of its own: the two do "
			       "not go together";
		if (symbols[i].st_shndx != SHN_UNDEF && strcmp(name, "malloc") == 0)
			unfit = own_malloc;
	}
	return unfit;
}

static const char *symbols_unfit(const struct image *image)
{
	const ElfW(Ehdr) *header = (const void *)image->bytes;
	const ElfW(Shdr) *sections =
		piece(image, header->e_shoff, header->e_shnum, sizeof(*sections));
	struct image names;

	for (unsigned int i = 0; sections && i < header->e_shnum; i++) {
		if (sections[i].sh_type == SHT_DYNSYM &&
		    names_find(image, sections, header->e_shnum, &sections[i], &names))
			return section_unfit(image, &sections[i], &names);
	}
	return NULL;
}

/* Whether its header can be read and it is of our word size. */
static bool is_of_own_class(const struct image *image)
{
	return image->size >= sizeof(ElfW(Ehdr)) && memcmp(image->bytes, ELFMAG, SELFMAG) == 0 &&
	       image->bytes[EI_CLASS] == OWN_CLASS;
}

const char *executable_unfit(const void *bytes, size_t size)
{
	const struct image image = { bytes, size };

	if (size < sizeof(ElfW(Ehdr)) || memcmp(bytes, ELFMAG, SELFMAG) != 0)
		return NULL;
	if (!is_of_own_class(&image))
		return "of another word size than libkalloc-malloc.so";
	if (!segment_find(&image, PT_INTERP))
		return "statically linked, so its malloc() stays its own";
	return symbols_unfit(&image);
}

/* A file's bytes, to be given back by munmap(); none if it cannot be read. */
static struct image file_map(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;

	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		bytes = mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	return bytes == MAP_FAILED ? (struct image){ 0 }
				   : (struct image){ bytes, (size_t)st->st_size };
}

/* The dynamic linker heeds no LD_PRELOAD where a program may do more than its user. */
static bool gains_rights(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	return (st.st_mode & S_ISUID && st.st_uid != geteuid()) ||
	       (st.st_mode & S_ISGID && st.st_gid != getegid()) ||
	       (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
}

static const char *file_unfit(const char *path)
{
	struct stat st;
	struct image image;
	const char *unfit = NULL;

	if (gains_rights(path))
		return "runs as another user or group or with capabilities, where LD_PRELOAD has "
		       "no effect";
	image = file_map(path, &st);
	if (image.size) {
		unfit = executable_unfit(image.bytes, image.size);
		munmap((void *)image.bytes, image.size);
	}
	return unfit;
}

bool executable_has_malloc(const char *path)
{
	struct stat st;
	struct image image = file_map(path, &st);
	bool has = false;

	if (image.size) {
		has = is_of_own_class(&image) && symbols_unfit(&image) == own_malloc;
		munmap((void *)image.bytes, image.size);
	}
	return has;
}

/* Return: if not, why is in errno, as execve() would say. */
static bool is_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	if (S_ISREG(st.st_mode))
		return access(path, X_OK) == 0;
	errno = EACCES;
	return false;
}

/* Look for @name in the folders of PATH. Return: 0, or why it is in none. */
static int search(const char *name, char path[PATH_MAX])
{
	const char *folders = getenv("PATH");
	int error = ENOENT;

	for (const char *at = folders ? folders : "/bin:/usr/bin"; at;) {
		const char *end = strchrnul(at, ':');
		int n = snprintf(path, PATH_MAX, "%.*s%s%s", (int)(end - at), at,
				 end > at ? "/" : "", name);

		if (n < PATH_MAX && is_executable(path))
			return 0;
		if (n < PATH_MAX && errno == EACCES && *name)
			error = EACCES;
		at = *end ? end + 1 : NULL;
	}
	path[0] = '\0';
	return error;
}

struct executable executable_find(const char *name)
{
	struct executable program = { 0 };

	if (!strchr(name, '/'))
		program.error = search(name, program.path);
	else if (strlen(name) < sizeof(program.path))
		strcpy(program.path, name);
	else
		program.error = ENAMETOOLONG;
	if (program.path[0])
		program.unfit = file_unfit(program.path);
	return program;
}
