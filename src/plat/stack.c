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

static void choose_walk(void)
{
	walk_function *found = under_valgrind() ? NULL : find_libunwind();
	void *entry;

	backtrace(&entry, 1);
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

unsigned int stack_save(unsigned long entries[STACK_DEPTH], const void *from)
{
	void *found[STACK_DEPTH + STACK_ABOVE];
	int nr = READ_ONCE(walk)(found, (int)ARRAY_SIZE(found)), first = 0;
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
