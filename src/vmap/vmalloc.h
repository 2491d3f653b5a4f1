/* SPDX-License-Identifier: MIT */
/*
 * vmalloc: areas that own their frames. A request is one struct vm_request and
 * goes: size check, record and addresses (vm_create), array of pages, frames,
 * mapping. Whatever fails, vm_destroy() gives back what was got so far, and the
 * kernel's message names the step.
 *
 * With VM_ALLOW_HUGE_VMAP and 2 MiB or more per node it is tried in blocks of
 * order 9 first, silently, and again in single pages.
 *
 * Differs from Linux 6.1: the messages obey the caller's __GFP_NOWARN (6.1 adds the
 * flag to its own copy before it warns, so that of all steps only two can print).
 * Frames are taken in blocks, the largest power of two that fits the rest while the
 * node has one at hand, and go back as blocks, so that the next area of the size gets
 * them again and shows them without a call of the host (alias.h); 6.1 takes single
 * frames, in bulk. To the caller they are the same, single pages. A
 * __GFP_NOFAIL request that cannot be met is reported and stops the process
 * instead of retrying for ever.
 */
#ifndef VMAP_VMALLOC_H
#define VMAP_VMALLOC_H

#include "vm.h"

/* @request->order is 0. Return: the address or NULL. */
void *vmalloc_request(const struct vm_request *request);

#endif
