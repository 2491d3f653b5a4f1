/* SPDX-License-Identifier: MIT */
/* The kernel's names of what is only a number here. */
#ifndef TOOLS_ZONE_TEXT_H
#define TOOLS_ZONE_TEXT_H

/* Return: "DMA32" for ZONE_DMA32; "?" if there is no such type. */
const char *zone_text(unsigned int type);

/* Return: "Movable" for MIGRATE_MOVABLE, as /proc/pagetypeinfo writes it. */
const char *migratetype_text(unsigned int type);

#endif
