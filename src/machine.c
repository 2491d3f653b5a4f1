/* SPDX-License-Identifier: MIT */
#include <kalloc/kalloc.h>
#include <stdlib.h>

#include "page.h"
#include "params.h"
#include "slab.h"
#include "text.h"
#include "top.h"
#include "vmap.h"

/* Each piece of a reservation starts at a multiple of this, past a gap that faults. */
#define PIECE_ALIGN (2UL << 20)

/* The default vmalloc space: this many times mem=, at least the least; halved to the floor. */
#define VMALLOC_TIMES 4
#define VMALLOC_LEAST (1UL << 30)
#define VMALLOC_FLOOR (16UL << 20)

const struct room rooms[NR_ROOMS] = {
	{ page_measure, page_boot, page_halt, page_freeze, page_thaw },
	{ slab_measure, slab_boot, slab_halt, slab_freeze, slab_thaw },
	{ vmap_measure, vmap_boot, vmap_halt, vmap_freeze, vmap_thaw },
};

struct lock directory_lock = LOCK_INIT(RANK_DIRECTORY);
struct kalloc_machine *directory_machines;

static char *piece_after(char *base, const char *end)
{
	return base + ALIGN_UP((size_t)(end - base) + PAGE_SIZE, PIECE_ALIGN);
}

static size_t top_bytes(const struct kalloc_machine *m)
{
	return sizeof(struct machine_top) + strlen(m->cmdline) + 1;
}

/* Set where the pieces of a machine lie that begins at @base. */
static void machine_lay_out(struct kalloc_machine *m, char *base)
{
	struct tables measured = tables_to_measure();
	char *tables;

	m->base = m->linear = base;
	m->linear_end = base + page_linear_bytes(&m->params);
	m->vmalloc_start = piece_after(base, m->linear_end);
	m->vmalloc_end = m->vmalloc_start + m->params.vmalloc_bytes;
	m->slots = piece_after(base, m->vmalloc_end);
	tables = piece_after(base, m->slots + page_slots_bytes(&m->params));
	table_cut(&measured, top_bytes(m));
	for (int i = 0; i < NR_ROOMS; i++)
		rooms[i].measure(m, &measured);
	m->tables = tables_at(&measured, (unsigned long)tables);
	m->bytes = ALIGN_UP((size_t)(tables - base) + tables_bytes(&measured), MACHINE_ALIGN);
}

/* The tables are there from here on. */
static int machine_reserve(struct kalloc_machine *m, size_t vmalloc_bytes)
{
	int err;

	m->params.vmalloc_bytes = vmalloc_bytes;
	machine_lay_out(m, (char *)MACHINE_ALIGN); /* for its size: it is the same anywhere */
	m->base = map_reserve(m->bytes, MACHINE_ALIGN);
	if (!m->base)
		return -ENOMEM;
	machine_lay_out(m, m->base);
	err = map_commit((void *)m->tables.small, m->tables.large_end - m->tables.small);
	if (err)
		map_release(m->base, m->bytes);
	return err;
}

/*
 * Find room for the machine that @plan describes, and put it there. A host with little
 * address space gets a smaller vmalloc space, unless it was named.
 */
static int machine_place(struct kalloc_machine *plan, struct kalloc_machine **placed)
{
	size_t bytes = plan->params.vmalloc_bytes;
	bool is_named = bytes != 0;
	struct machine_top *top;
	int err;

	if (!is_named)
		bytes = max(VMALLOC_TIMES * plan->params.mem_bytes, VMALLOC_LEAST);
	while ((err = machine_reserve(plan, bytes)) && !is_named && bytes / 2 >= VMALLOC_FLOOR)
		bytes = ALIGN_UP(bytes / 2, PAGE_SIZE);
	if (err)
		return err;
	top = table_cut(&plan->tables, top_bytes(plan));
	plan->cmdline = strcpy(top->cmdline, plan->cmdline);
	top->m = *plan;
	look_sign(top);
	tracer_init(&top->m, &top->tracer);
	*placed = &top->m;
	return 0;
}

void directory_set(const struct kalloc_machine *m, struct kalloc_machine *value)
{
	unsigned long first = (unsigned long)m->base >> MACHINE_SHIFT;

	for (unsigned long i = 0; i < m->bytes >> MACHINE_SHIFT; i++)
		WRITE_ONCE(machine_directory[(first + i) % MACHINE_SLOTS], value);
}

/* Rooms that call each other's public doors mean the machine that is booting. */
static int rooms_boot(struct kalloc_machine *m)
{
	struct kalloc_machine *before = kalloc_enter(m);
	int err = 0;
	int up;

	for (up = 0; up < NR_ROOMS && !err; up++)
		err = rooms[up].boot(m);
	/* None cut more than it had said. */
	TRAP_IF(!tables_ok(&m->tables));
	if (err) {
		for (up -= 2; up >= 0; up--)
			rooms[up].halt(m);
	}
	kalloc_enter(before);
	return err;
}

static void rooms_halt(struct kalloc_machine *m)
{
	struct kalloc_machine *before = kalloc_enter(m);

	for (int up = NR_ROOMS - 1; up >= 0 && !machine_is_lost(m); up--)
		rooms[up].halt(m);
	kalloc_enter(before == m ? NULL : before);
}

/* It lies in its own tables, and is gone with them. */
static void machine_free(struct kalloc_machine *m)
{
	directory_set(m, NULL);
	tracer_fini(m);
	map_release(m->base, m->bytes);
}

/* What the command line says of recording. Nothing of it can fail but for want of memory. */
static int machine_record(struct kalloc_machine *m)
{
	int err = m->params.trace_bytes ? trace_resize(m, m->params.trace_bytes) : 0;

	trace_set_clock(m, (enum trace_clock)m->params.trace_clock);
	if (!err && m->params.trace_events)
		err = trace_want(m, TRACE_ALL, m->params.trace_events);
	return err;
}

/*
 * A machine that only its maker knows. With no lock held, since rooms may report and
 * the console may call the program. Return: 0 with *@booted set, or a negative errno.
 */
static int machine_boot(const struct machine_params *params, const char *cmdline,
			struct kalloc_machine **booted)
{
	struct kalloc_machine plan = { .params = *params, .cmdline = cmdline };
	struct kalloc_machine *m;
	int err;

	lock_take(&directory_lock);
	err = fork_watch();
	lock_drop(&directory_lock);
	if (!err)
		err = machine_place(&plan, &m);
	if (err)
		return err;

	directory_set(m, m);
	err = rooms_boot(m);
	if (!err) {
		err = machine_record(m);
		if (err)
			rooms_halt(m);
	}
	if (err) {
		machine_free(m);
		return err;
	}
	look_mark(m);
	*booted = m;
	return 0;
}

/* Under directory_lock: from here on a fork copies it. */
static void machine_publish(struct kalloc_machine *m)
{
	m->next = directory_machines;
	directory_machines = m;
}

/* The end of a machine that is published no more. */
static void machine_halt(struct kalloc_machine *m)
{
	rooms_halt(m);
	machine_free(m);
}

/* With no lock held: the console may call the program. */
static void boot_refused(const struct machine_params *params, int err)
{
	char buf[128];
	struct text text = text_on(buf, sizeof(buf));

	text_add(&text, "mem=");
	params_show_bytes(&text, params->mem_bytes);
	if (params->vmalloc_bytes) {
		text_add(&text, " vmalloc=");
		params_show_bytes(&text, params->vmalloc_bytes);
	}
	console_print("kalloc: %s: the host refuses the memory or address space (error %d)\n", buf,
		      err);
}

struct kalloc_machine *kalloc_boot(const char *cmdline)
{
	struct kalloc_machine *m = NULL;
	struct machine_params params;
	int err = params_parse(cmdline, &params);

	if (!err) {
		err = machine_boot(&params, cmdline ? cmdline : "", &m);
		if (err)
			boot_refused(&params, err);
	}
	if (err) {
		errno = -err;
		return NULL;
	}
	lock_take(&directory_lock);
	machine_publish(m);
	lock_drop(&directory_lock);
	return m;
}

/* Take a machine off the list. Return: false if it is not there. */
static bool machine_withdraw(const struct kalloc_machine *machine)
{
	struct kalloc_machine **link = &directory_machines;
	bool found;

	lock_take(&directory_lock);
	while (*link && *link != machine)
		link = &(*link)->next;
	found = *link != NULL;
	if (found)
		*link = machine->next;
	if (found && machine_default_now == machine)
		__atomic_store_n(&machine_default_now, NULL, __ATOMIC_RELEASE);
	lock_drop(&directory_lock);
	return found;
}

void kalloc_halt(struct kalloc_machine *machine)
{
	if (machine && !WARN(!machine_withdraw(machine),
			     "kalloc_halt() of %p, which is no machine\n", (void *)machine))
		machine_halt(machine);
}

/* Of several threads that boot the default machine at once the first keeps its own. */
static struct kalloc_machine *default_publish(struct kalloc_machine *m)
{
	struct kalloc_machine *first;

	lock_take(&directory_lock);
	first = machine_default_now;
	if (!first) {
		machine_publish(m);
		__atomic_store_n(&machine_default_now, m, __ATOMIC_RELEASE);
	}
	lock_drop(&directory_lock);
	if (!first)
		return m;
	machine_halt(m);
	return first;
}

static cold_path struct kalloc_machine *default_boot(void)
{
	struct kalloc_machine *m = NULL;
	struct machine_params params;
	const char *cmdline = getenv("KALLOC_CMDLINE") ?: "";
	int err = params_parse(cmdline, &params);

	if (!err) {
		err = machine_boot(&params, cmdline, &m);
		if (err)
			boot_refused(&params, err);
	}
	if (err)
		console_panic("kalloc: no default machine; see KALLOC_CMDLINE\n");
	return default_publish(m);
}

struct kalloc_machine *machine_default(void)
{
	struct kalloc_machine *m = __atomic_load_n(&machine_default_now, __ATOMIC_ACQUIRE);

	return likely(m != NULL) ? m : default_boot();
}

struct kalloc_machine *kalloc_set_default(struct kalloc_machine *machine)
{
	struct kalloc_machine *before;

	lock_take(&directory_lock);
	before = machine_default_now;
	__atomic_store_n(&machine_default_now, machine, __ATOMIC_RELEASE);
	lock_drop(&directory_lock);
	return before;
}

struct kalloc_machine *kalloc_enter(struct kalloc_machine *machine)
{
	return machine_enter(machine);
}

struct kalloc_machine *kalloc_current(void)
{
	return machine_current();
}
