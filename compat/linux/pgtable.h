/* SPDX-License-Identifier: MIT */
/* There are no page tables (asm/page.h has the types of their entries). */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

#include <linux/mm_types.h>
#include <linux/pfn.h>
#include <asm/page.h>

#endif
