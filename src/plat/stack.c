/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>

#include "stack.h"

/* Room for what is above @from: these functions, a sanitizer's, the caller's own. */
#define STACK_ABOVE 8

typedef int walk_function(void **entries, int most);

static walk_function *walk = backtrace;

/* Where the library's code lies, as part of a shared object; empty otherwise. */
static struct {
	unsigned long start, end;
} own_code;

/*
 * The thread is in a walk. Where the program's malloc() is ours, the walk may allocate and
 * begin another: libunwind does in each thread's first, for its thread-local memory.
 */
static __thread bool walking __attribute__((tls_model("initial-exec")));

/* In a child: another thread of the parent may have been inside libunwind, holding its locks. */
static void walk_in_child(void)
{
	walk = backtrace;
}

/* libunwind tries whether it may read an address, which Valgrind takes for an error. */
static bool under_valgrind(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded && strstr(preloaded, "vgpreload");
}

static walk_function *find_libunwind(void)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);

	return library ? (walk_function *)dlsym(library, "unw_backtrace") : NULL;
}

/* A program that was linked with libkalloc.a has its own code in the same object. */
static int find_library(struct dl_phdr_info *info, size_t size, void *data)
{
	unsigned long here = (unsigned long)find_library;

	if (!*info->dlpi_name)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		unsigned long start = info->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_LOAD && here - start < part->p_memsz) {
			own_code.start = start;
			own_code.end = start + part->p_memsz;
			return 1;
		}
	}
	return 0;
}

static void choose_walk(void)
{
	walk_function *found = under_valgrind() ? NULL : find_libunwind();
	void *entry;

	backtrace(&entry, 1);
	dl_iterate_phdr(find_library, NULL);
	if (found && pthread_atfork(NULL, NULL, walk_in_child) == 0)
		WRITE_ONCE(walk, found);
}

void stack_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, choose_walk);
}

bool stack_is_fast(void)
{
	return READ_ONCE(walk) != backtrace;
}

/* Return: how many were found; 0 inside another walk. */
static int walk_now(void **found, int most)
{
	int nr;

	if (walking)
		return 0;
	walking = true;
	nr = READ_ONCE(walk)(found, most);
	walking = false;
	return nr;
}

unsigned int stack_save(unsigned long entries[STACK_DEPTH], const void *from)
{
	void *found[STACK_DEPTH + STACK_ABOVE];
	int nr = walk_now(found, (int)ARRAY_SIZE(found)), first = 0;
	unsigned int kept = 0;

	while (first < nr && found[first] != from)
		first++;
	/* Not there: the whole of it is better than nothing. */
	if (first == nr)
		first = 0;
	while (first < nr && kept < STACK_DEPTH)
		entries[kept++] = (unsigned long)found[first++];
	return kept;
}

static bool is_library(const void *entry)
{
	return (unsigned long)entry - own_code.start < own_code.end - own_code.start;
}

/* Behind the library's own frames that stand at or after @first; @first if there are none. */
static int behind_library(void *const *entries, int nr, int first)
{
	int at = first;

	while (at < nr && !is_library(entries[at]))
		at++;
	if (at == nr)
		return first;
	while (at < nr && is_library(entries[at]))
		at++;
	return at;
}

unsigned int stack_save_caller(unsigned long *entries, unsigned int most)
{
	void *found[STACK_DEPTH + 2 * STACK_ABOVE];
	int nr = walk_now(found, (int)ARRAY_SIZE(found));
	/* These functions; then, if the library has called the program, what it did that for. */
	int first = behind_library(found, nr, behind_library(found, nr, 0));
	unsigned int kept = 0;

	while (first < nr && kept < most)
		entries[kept++] = (unsigned long)found[first++];
	return kept;
}

unsigned int stack_copy_caller(unsigned long *entries, unsigned int most,
			       const unsigned long *saved, unsigned int nr)
{
	unsigned int first = (unsigned int)behind_library((void *const *)saved, (int)nr, 0);

	most = min(most, nr - first);
	memcpy(entries, saved + first, most * sizeof(*entries));
	return most;
}

bool stack_symbol_find(unsigned long addr, struct stack_symbol *symbol)
{
	const ElfW(Sym) * sym;
	Dl_info info;

	/* The call stands before the address; behind it another function may begin. */
	if (!dladdr1((const void *)(addr - 1), &info, (void **)&sym, RTLD_DL_SYMENT) ||
	    !info.dli_sname)
		return false;
	*symbol = (struct stack_symbol){
		.name = info.dli_sname,
		.offset = addr - (unsigned long)info.dli_saddr,
		.size = sym ? sym->st_size : 0,
	};
	return true;
}
