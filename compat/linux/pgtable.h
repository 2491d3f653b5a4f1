/* SPDX-License-Identifier: MIT */
/* There are no page tables (asm/page.h has the types of their entries). */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

#include <linux/mm_types.h>
#include <linux/pfn.h>
#include <asm/page.h>

/* The host maps all memory in one way. */
#define pgprot_noncached(prot)	  (prot)
#define pgprot_writecombine(prot) (prot)

#endif
