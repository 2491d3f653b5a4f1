/* SPDX-License-Identifier: MIT */
/*
 * Looking at the machines of another process, while it runs and without its help. All of
 * a machine lies in its reservation of address space, so a program that has a copy of
 * that at the same address can read the machine's files as if it were its own. The kalloc
 * command does so for `kalloc show`, `kalloc top` and `kalloc proc`; a program that only
 * wants to be looked at need do nothing.
 *
 * Where to look, in /proc/PID/maps: a machine begins at each mapping of the memfd that is
 * called KALLOC_LOOK_MEMFD whose offset is 0 and whose address is a multiple of
 * KALLOC_LOOK_ALIGN. Its head is where the first private mapping behind that begins which
 * can be written to and is of no file. One of private memory (kalloc.ram=private) begins at
 * such a mapping itself, with a struct kalloc_look_mark.
 */
#ifndef KALLOC_LOOK_H
#define KALLOC_LOOK_H

#include <kalloc/types.h>

KALLOC_BEGIN_DECLS

#define KALLOC_LOOK_MEMFD "kalloc-ram"
#define KALLOC_LOOK_ALIGN (1UL << 32)
#define KALLOC_LOOK_WORD  0x6b616c6c6f63213aUL

/* What a machine of private memory begins with; no zone has that page. */
struct kalloc_look_mark {
	unsigned long word; /* KALLOC_LOOK_WORD */
	void *head;
};

/**
 * kalloc_look() - have the copy of another process's machine as one of this process
 * @head: where the machine's head is in that process, and its copy in this one
 *
 * The copy is private to the caller and need not be complete: the pages that are read
 * later must be there by then, each at the address that it has in the other process.
 * It may have been taken while threads were changing it. Then numbers that belong
 * together may not fit, and a walk along a list may fault or not end: do it in a process
 * of its own that can be stopped. From now on no lock of this process waits for a holder,
 * since those of the copy may be held by nobody who is here: a process that looks has one
 * thread and no machines that matter.
 *
 * Only for kalloc_enter() and reading files: nothing may be allocated from the machine,
 * and it is not to be halted.
 *
 * Return: the machine; NULL with errno ENOEXEC if there is none or it is of another build
 * of this library, which keeps things elsewhere.
 */
KALLOC_API struct kalloc_machine *kalloc_look(void *head) KALLOC_MUST;

KALLOC_END_DECLS

#endif
