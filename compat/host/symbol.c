/* SPDX-License-Identifier: MIT */
/*
 * Names of functions, those that a file keeps to itself included: from the symbol table of
 * the program's own file, which the linker leaves there for debuggers. What other objects
 * export the dynamic linker knows.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kalloc/kernel/host.h>

static const ElfW(Sym) * symbols;
static const char *names;
static size_t nr_symbols;
static unsigned long bias; /* from addresses in the file to those in memory */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int find_bias(struct dl_phdr_info *info, size_t bytes, void *data)
{
	bias = info->dlpi_addr;
	return 1; /* the program is the first */
}

static const char *file_map(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat stat;
	void *map = MAP_FAILED;

	if (fd >= 0 && !fstat(fd, &stat))
		map = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static void load(void)
{
	const char *file = file_map();
	const ElfW(Ehdr) * head;
	const ElfW(Shdr) * sections;

	if (!file)
		return;
	dl_iterate_phdr(find_bias, NULL);
	head = (const ElfW(Ehdr) *)file;
	sections = (const ElfW(Shdr) *)(file + head->e_shoff);
	for (unsigned int i = 0; i < head->e_shnum; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		symbols = (const ElfW(Sym) *)(file + sections[i].sh_offset);
		nr_symbols = sections[i].sh_size / sizeof(*symbols);
		names = file + sections[sections[i].sh_link].sh_offset;
	}
}

/* The function that has the byte at @address; a global name rather than a local one. */
static const ElfW(Sym) * find(unsigned long address)
{
	const ElfW(Sym) *found = NULL;

	for (size_t i = 0; i < nr_symbols; i++) {
		const ElfW(Sym) *symbol = &symbols[i];

		if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC ||
		    address - symbol->st_value >= symbol->st_size)
			continue;
		if (!found || ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL)
			found = symbol;
	}
	return found;
}

_Bool host_symbol(unsigned long address, struct host_symbol *found)
{
	const ElfW(Sym) * symbol;
	Dl_info info;

	pthread_once(&once, load);
	symbol = find(address - bias);
	if (symbol) {
		found->name = names + symbol->st_name;
		found->offset = address - bias - symbol->st_value;
		found->bytes = symbol->st_size;
		return true;
	}
	if (!dladdr((void *)address, &info) || !info.dli_sname)
		return false;
	found->name = info.dli_sname;
	found->offset = address - (unsigned long)info.dli_saddr;
	found->bytes = 0;
	return true;
}

unsigned long host_address(const char *name)
{
	pthread_once(&once, load);
	for (size_t i = 0; i < nr_symbols; i++)
		if (symbols[i].st_shndx != SHN_UNDEF && symbols[i].st_value &&
		    !strcmp(names + symbols[i].st_name, name))
			return symbols[i].st_value + bias;
	return 0;
}

/* "name+0x12", or "file+0x1234". Return: whether it is a function of the program's. */
static bool show(unsigned long address, char *text, size_t bytes)
{
	const ElfW(Sym) * symbol;
	Dl_info info;

	/* The call stands before the address; behind it another function may begin. */
	symbol = find(address - 1 - bias);
	if (symbol)
		snprintf(text, bytes, "%s+0x%lx", names + symbol->st_name,
			 address - bias - symbol->st_value);
	else if (dladdr((void *)(address - 1), &info) && info.dli_sname)
		snprintf(text, bytes, "%s+0x%lx", info.dli_sname,
			 address - (unsigned long)info.dli_saddr);
	else if (dladdr((void *)(address - 1), &info) && info.dli_fname)
		snprintf(text, bytes, "%s+0x%lx", basename(info.dli_fname),
			 address - (unsigned long)info.dli_fbase);
	else
		snprintf(text, bytes, "0x%lx", address);
	return symbol;
}

/* Where the program's own functions are called from. */
static bool is_outermost(const char *name)
{
	static const char *const names_of[] = { "init_call+",	 "calls_init+",	  "calls_exit+",
						"kalloc_kinit+", "kalloc_kmain+", "kalloc_kexit+",
						"task_main+",	 "thread_run+" };

	for (size_t i = 0; i < sizeof(names_of) / sizeof(*names_of); i++)
		if (!strncmp(name, names_of[i], strlen(names_of[i])))
			return true;
	return false;
}

_Bool host_symbol_show(unsigned long address, char *text, unsigned long bytes)
{
	pthread_once(&once, load);
	return !show(address, text, bytes) || !is_outermost(text);
}

void host_stack(const unsigned long *entries, unsigned int nr, char *text, unsigned long bytes)
{
	size_t used = 0;
	char name[80];

	pthread_once(&once, load);
	*text = '\0';
	for (unsigned int i = 0; i < nr; i++) {
		bool is_known = show(entries[i], name, sizeof(name));

		if (is_known && is_outermost(name))
			break;
		if (is_known && used + strlen(name) + 4 < bytes)
			used += (size_t)sprintf(text + used, "%s%s", used ? " < " : "", name);
	}
	if (!used && nr) {
		show(entries[0], name, sizeof(name));
		snprintf(text, bytes, "%s", name);
	}
}
