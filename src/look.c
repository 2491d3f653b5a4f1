/* SPDX-License-Identifier: MIT */
#include <kalloc/look.h>

#include "build_id.h"
#include "top.h"

_Static_assert(sizeof(BUILD_ID) - 1 == sizeof(((struct machine_top *)0)->build),
	       "what a machine says of its build");

void look_sign(struct machine_top *top)
{
	memcpy(top->build, BUILD_ID, sizeof(top->build));
}

void look_mark(struct kalloc_machine *m)
{
	struct kalloc_look_mark *mark = (struct kalloc_look_mark *)m->linear;

	if (m->params.ram_private)
		*mark = (struct kalloc_look_mark){ KALLOC_LOOK_WORD,
						   container_of(m, struct machine_top, m) };
}

struct kalloc_machine *kalloc_look(void *head)
{
	struct machine_top *top = head;

	/* A process that boots it now has not written all of this yet. */
	if (memcmp(top->build, BUILD_ID, sizeof(top->build)) != 0 || (char *)head < top->m.base ||
	    (char *)head >= top->m.base + top->m.bytes) {
		errno = ENOEXEC;
		return NULL;
	}
	lock_wait_no_more();
	directory_set(&top->m, &top->m);
	return &top->m;
}
