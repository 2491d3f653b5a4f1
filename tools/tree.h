/* SPDX-License-Identifier: MIT */
/*
 * The emulated files of the current machine as real ones, for programs that read a
 * kernel's.
 */
#ifndef TOOLS_TREE_H
#define TOOLS_TREE_H

/*
 * Write each file that the machine has and that can be read to @dir + its path
 * ("@dir/proc/slabinfo"); those of caches for each cache that /proc/slabinfo lists. Folders are made where they
 * are missing, @dir too; a file that is there is replaced.
 * Return: 0, or -1 after a message that names the file and begins with @who.
 */
int tree_write(const char *dir, const char *who);

#endif
