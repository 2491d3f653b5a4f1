/* SPDX-License-Identifier: MIT */
#include "symbols.h"

static const struct stack_symbol *symbol_of(struct symbols *symbols, unsigned long addr)
{
	size_t at = (addr ^ addr >> 8) % SYMBOLS;

	if (symbols->slot[at].addr != addr) {
		symbols->slot[at].addr = addr;
		if (!stack_symbol_find(addr, &symbols->slot[at].symbol))
			symbols->slot[at].symbol.name = NULL;
	}
	return &symbols->slot[at].symbol;
}

/* @past: how far the address that is looked up is past the one to be shown. */
static void show(struct symbols *symbols, struct text *text, unsigned long addr, unsigned long past)
{
	const struct stack_symbol *symbol = symbol_of(symbols, addr);

	if (symbol->name)
		text_add(text, "%s+0x%lx/0x%lx", symbol->name, symbol->offset - past, symbol->size);
	else
		text_add(text, "0x%lx", addr - past);
}

void symbols_show(struct symbols *symbols, struct text *text, unsigned long addr)
{
	show(symbols, text, addr, 0);
}

void symbols_show_function(struct symbols *symbols, struct text *text, unsigned long addr)
{
	show(symbols, text, addr + 1, 1);
}
