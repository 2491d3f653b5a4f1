/* SPDX-License-Identifier: MIT */
/*
 * Our emulated files beside the traced kernel's own, row under row.
 */
#ifndef TOOLS_BESIDE_H
#define TOOLS_BESIDE_H

#include <stdio.h>

/*
 * Two texts whose rows are a label and numbers ("Node 0, zone DMA 1 0 2 ..."):
 * buddyinfo, pagetypeinfo. Rows of zeros are left out. @theirs may be NULL: then
 * ours alone.
 */
void beside_rows(const char *title, const char *ours, const char *theirs, FILE *out);

/* Two slabinfo texts, the @limit caches with the most pages in either; 0 for all. */
void beside_slabinfo(const char *ours, const char *theirs, unsigned long limit, FILE *out);

#endif
