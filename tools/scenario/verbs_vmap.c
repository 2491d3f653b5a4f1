/* SPDX-License-Identifier: MIT */
/* Areas of the vmalloc space, and kvmalloc. */
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "verb.h"

static bool hold(struct session *session, void *memory, size_t size, struct value *result)
{
	enum thing_kind kind = memory && is_vmalloc_addr(memory) ? THING_AREA : THING_MEMORY;
	struct thing *thing = verb_hold(session, kind, memory, result);

	if (thing)
		thing->size = size;
	return true;
}

static bool run_vmalloc(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");
	int nid = (int)args_number(args, "nid");

	return hold(session, nid == NUMA_NO_NODE ? vmalloc(size) : vmalloc_node(size, nid), size,
		    result);
}

static bool run_vzalloc(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");

	return hold(session, vzalloc(size), size, result);
}

static bool run_vmalloc_gfp(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");

	return hold(session, __vmalloc(size, (gfp_t)args_number(args, "gfp")), size, result);
}

static bool run_vmalloc_huge(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");

	return hold(session, vmalloc_huge(size, (gfp_t)args_number(args, "gfp")), size, result);
}

static bool run_kvmalloc(struct session *session, const struct args *args, struct value *result)
{
	size_t size = (size_t)args_number(args, "size");

	return hold(session,
		    kvmalloc_node(size, (gfp_t)args_number(args, "gfp"),
				  (int)args_number(args, "nid")),
		    size, result);
}

static bool run_purge(struct session *session, const struct args *args, struct value *result)
{
	vm_unmap_aliases();
	return true;
}

const struct verb verbs_vmap[] = {
	{ .name = "vmalloc",
	  .params = { PARAM_SIZE, PARAM_NID },
	  .run = run_vmalloc,
	  .help = "memory of pages from anywhere, seen in a row" },
	{ .name = "vzalloc",
	  .params = { PARAM_SIZE },
	  .run = run_vzalloc,
	  .help = "the same, filled with zero" },
	{ .name = "__vmalloc",
	  .params = { PARAM_SIZE, PARAM_GFP },
	  .run = run_vmalloc_gfp,
	  .help = "vmalloc with flags" },
	{ .name = "vmalloc_huge",
	  .params = { PARAM_SIZE, PARAM_GFP },
	  .run = run_vmalloc_huge,
	  .help = "vmalloc in blocks of 2M where possible" },
	{ .name = "vfree",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_AREA),
	  .each = verb_give_back,
	  .help = "give areas back" },
	{ .name = "vm_unmap_aliases",
	  .run = run_purge,
	  .help = "purge: what was freed is seen no more" },
	{ .name = "kvmalloc",
	  .params = { PARAM_SIZE, PARAM_GFP, PARAM_NID },
	  .run = run_kvmalloc,
	  .help = "kmalloc if that is easy, else vmalloc" },
	{ .name = "kvfree",
	  .form = VERB_THINGS,
	  .things = THING_SET(THING_MEMORY) | THING_SET(THING_AREA),
	  .each = verb_give_back,
	  .help = "give memory from kvmalloc, kmalloc or vmalloc back" },
	{ 0 },
};
