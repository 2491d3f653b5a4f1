/* SPDX-License-Identifier: MIT */
/* What it costs to boot and halt a machine in which nothing has happened. */
#include <kalloc/page.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "layers.h"
#include "machine.h"
#include "resident.h"

struct kalloc_machine *machine_boot(const char *format, long n)
{
	struct kalloc_machine *machine;
	char cmdline[64];

	snprintf(cmdline, sizeof(cmdline), format, n);
	machine = kalloc_boot(cmdline);
	if (!machine)
		shape_fail("this machine does not boot");
	return machine;
}

void machine_enter(const char *format, long n)
{
	kalloc_enter(machine_boot(format, n));
}

struct cost {
	double boot, halt; /* ns */
};

static struct cost cost_once(long nr_mib)
{
	double start = thread_ns(), booted;
	struct kalloc_machine *machine = machine_boot("mem=%ldM", nr_mib);

	booted = thread_ns();
	kalloc_halt(machine);
	return (struct cost){ booted - start, thread_ns() - booted };
}

static struct cost cost_of(long nr_mib)
{
	struct cost sum = { 0 };
	int times = 0;

	cost_once(nr_mib);
	while (sum.boot + sum.halt < budget_ns) {
		struct cost once = cost_once(nr_mib);

		sum.boot += once.boot;
		sum.halt += once.halt;
		times++;
	}
	return (struct cost){ sum.boot / times, sum.halt / times };
}

double boot_measure(const struct shape *shape)
{
	return cost_of(shape->n).boot;
}

double halt_measure(const struct shape *shape)
{
	return cost_of(shape->n).halt;
}

#define NR_FRAMES 16384

double tables_measure(const struct shape *shape)
{
	struct resident before, after;

	(void)shape;
	if (!resident_read(&before))
		return NAN;
	for (int i = 0; i < NR_FRAMES; i++) {
		struct page *page = alloc_page(GFP_KERNEL);

		if (!page)
			shape_fail("tables: no memory");
		memset(page_address(page), 1, PAGE_SIZE);
	}
	if (!resident_read(&after))
		return NAN;
	return (double)(after.private_bytes - before.private_bytes) /
	       (double)(after.shared_bytes - before.shared_bytes);
}
