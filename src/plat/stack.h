/* SPDX-License-Identifier: MIT */
/*
 * The calling thread's call stack as return addresses, and their names.
 *
 * libunwind walks it if the host has it, by the unwinding tables that every object of an
 * x86-64 program carries, and remembers what it found in them. Else, in a child of fork and
 * under Valgrind, the C library's backtrace() does, which reads them each time and takes many
 * times as long. A walk along frame pointers would be fast, too, but the caller, its
 * libraries and the C library are as a rule built without them: where one is, the register
 * holds any value, and to follow it may fault.
 *
 * libunwind is loaded when the first machine asks for it, and for this file alone:
 * programs that were linked with it would have their exceptions unwound by it.
 *
 * The first call of either takes memory and locks, that of backtrace() to load
 * libgcc_s.so.1; stack_prepare() is that call. A host without these libraries has empty
 * stacks.
 */
#ifndef PLAT_STACK_H
#define PLAT_STACK_H

#include "base.h"

/* The longest stack that is kept, as deep as Linux's page_owner. */
#define STACK_DEPTH 16

/* Once, with no lock held, before the first stack_save() that matters. */
void stack_prepare(void);

/* Whether libunwind walks. */
bool stack_is_fast(void);

/*
 * Save the stack in @entries, innermost first. It begins with @from, a return address
 * in it (__builtin_return_address(0) of the function that was called); what lies
 * inside of that is left out, however the compiler or a sanitizer arranged it.
 * Return: the number of entries, at most STACK_DEPTH; 0: the host cannot tell, or the thread
 * is in a walk already, which has called for memory.
 */
unsigned int stack_save(unsigned long entries[STACK_DEPTH], const void *from);

/*
 * Save up to @most entries of the stack of whoever called the library: in a function that
 * the library called, whoever made the request. Return: as stack_save().
 */
unsigned int stack_save_caller(unsigned long *entries, unsigned int most);

/* The same of a stack that stack_save() saved in the library. */
unsigned int stack_copy_caller(unsigned long *entries, unsigned int most,
			       const unsigned long *saved, unsigned int nr);

/* The function that an address lies in. */
struct stack_symbol {
	const char *name; /* valid as long as the program or library is loaded */
	unsigned long offset;
	unsigned long size; /* of the function */
};

/*
 * Find the function that the return address @addr leads back into. Known are those
 * that a loaded object exports. May take the dynamic linker's lock: with no lock held.
 * Return: false if it is not known.
 */
bool stack_symbol_find(unsigned long addr, struct stack_symbol *symbol);

#endif
