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

static void *reserve(unsigned long bytes, int flags)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		fputs("kalloc: the host has no address space\n", stderr);
		host_abort();
	}
	return memory;
}

void *host_reserve(unsigned long bytes)
{
	return reserve(bytes, MAP_PRIVATE);
}

void *host_share(unsigned long bytes)
{
	return reserve(bytes, MAP_SHARED);
}
