/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>

#include "stack.h"

/* Room for what is above @from: these functions, a sanitizer's, the caller's own. */
#define STACK_ABOVE 8

void stack_prepare(void)
{
	void *entry;

	backtrace(&entry, 1);
}

unsigned int stack_save(unsigned long entries[STACK_DEPTH], const void *from)
{
	void *found[STACK_DEPTH + STACK_ABOVE];
	int nr = backtrace(found, (int)ARRAY_SIZE(found)), first = 0;
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
