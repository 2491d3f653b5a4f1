/* SPDX-License-Identifier: MIT */
/* Memory of the layer itself, which no machine counts. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <kalloc/kernel/host.h>

void *host_zalloc(unsigned long bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory) {
		fputs("kalloc: the host has no memory\n", stderr);
		host_abort();
	}
	return memory;
}

void host_free(void *memory)
{
	free(memory);
}

void *host_reserve(unsigned long bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		fputs("kalloc: the host has no address space\n", stderr);
		host_abort();
	}
	return memory;
}
