/* SPDX-License-Identifier: MIT */
/*
 * Names of functions, as the kernel's "%pS" shows an address. Those that were found once are
 * remembered: addresses repeat themselves, and finding a name takes long.
 */
#ifndef PROC_SYMBOLS_H
#define PROC_SYMBOLS_H

#include "plat.h"
#include "text.h"

#define SYMBOLS 256

/* All zero: nothing is known yet. */
struct symbols {
	struct {
		unsigned long addr;
		struct stack_symbol symbol; /* without a name: there is none */
	} slot[SYMBOLS];
};

/* The return address @addr as "name+0x1/0x2", or as a number. */
void symbols_show(struct symbols *symbols, struct text *text, unsigned long addr);

/* The same of an address where a function begins. */
void symbols_show_function(struct symbols *symbols, struct text *text, unsigned long addr);

#endif
