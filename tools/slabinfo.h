/* SPDX-License-Identifier: MIT */
/*
 * The rows of a /proc/slabinfo text, the real kernel's or ours. Here "size" is
 * the column <objsize>: one object with its padding.
 */
#ifndef TOOLS_SLABINFO_H
#define TOOLS_SLABINFO_H

struct slabinfo_row {
	char name[64];
	unsigned long active_objects;
	unsigned long objects;
	unsigned long size;
	unsigned long objects_per_slab;
	unsigned long pages_per_slab;
	unsigned long slabs;
};

/*
 * Read the next row from *@cursor and move it on; lines that are no rows (the two
 * of the heading) are passed over.
 * Return: 1 with @row filled, 0 at the end.
 */
int slabinfo_next(const char **cursor, struct slabinfo_row *row);

/* Find the row of a cache by its name. Return: 1 with @row filled, 0 if there is none. */
int slabinfo_find(const char *text, const char *name, struct slabinfo_row *row);

/* Pages in all slabs of all caches; 0 for NULL. */
unsigned long slabinfo_pages(const char *text);

#endif
