/* SPDX-License-Identifier: MIT */
/*
 * Names of the program's functions, for %ps and the like. There are no modules, so there is no
 * name of one in them.
 */
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "core.h"

/* Of the function that has @address; @back is how far in front of it to look. */
static int symbol_print(char *to, unsigned long address, unsigned int back, bool with_offset)
{
	struct host_symbol symbol;

	if (!host_symbol(address - back, &symbol))
		return sprintf(to, "0x%lx", address);
	if (with_offset)
		return scnprintf(to, KSYM_SYMBOL_LEN, "%s+%#lx/%#lx", symbol.name,
				 symbol.offset + back, symbol.bytes);
	return (int)strscpy(to, symbol.name, KSYM_NAME_LEN);
}

int sprint_symbol(char *to, unsigned long address)
{
	return symbol_print(to, address, 0, true);
}

int sprint_symbol_build_id(char *to, unsigned long address)
{
	return symbol_print(to, address, 0, true);
}

int sprint_symbol_no_offset(char *to, unsigned long address)
{
	return symbol_print(to, address, 0, false);
}

/* An address of return: the call stands in front of it, in another function, perhaps. */
int sprint_backtrace(char *to, unsigned long address)
{
	return symbol_print(to, address, 1, true);
}

int sprint_backtrace_build_id(char *to, unsigned long address)
{
	return symbol_print(to, address, 1, true);
}

int lookup_symbol_name(unsigned long address, char *name)
{
	struct host_symbol symbol;

	name[0] = '\0';
	if (!host_symbol(address, &symbol))
		return -ERANGE;
	strscpy(name, symbol.name, KSYM_NAME_LEN);
	return 0;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	return host_address(name);
}

int kallsyms_lookup_size_offset(unsigned long address, unsigned long *bytes, unsigned long *offset)
{
	struct host_symbol symbol;

	if (!host_symbol(address, &symbol))
		return 0;
	if (bytes)
		*bytes = symbol.bytes;
	if (offset)
		*offset = symbol.offset;
	return 1;
}

const char *kallsyms_lookup(unsigned long address, unsigned long *bytes, unsigned long *offset,
			    char **module, char *name)
{
	if (lookup_symbol_name(address, name))
		return NULL;
	kallsyms_lookup_size_offset(address, bytes, offset);
	if (module)
		*module = NULL;
	return name;
}

bool kallsyms_show_value(const struct cred *cred)
{
	return true;
}
