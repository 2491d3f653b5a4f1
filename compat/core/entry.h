/* SPDX-License-Identifier: MIT */
/*
 * The program's files: a tree of entries, each a file, a folder or a link, with the struct
 * dentry and struct inode that kernel code knows them by. Who makes them says what they do
 * (debugfs.c, procfs.c); who opens them asks file.c.
 *
 * The tree holds a reference to each entry, an entry one to its folder, and an open file
 * one to its entry: they are the dentry's. An entry that was removed is found no more, and
 * lives on for those.
 * One lock guards the tree's shape; what is called for an entry is called without it.
 */
#ifndef KALLOC_KERNEL_ENTRY_H
#define KALLOC_KERNEL_ENTRY_H

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/types.h>

struct entry {
	struct dentry dentry;
	struct inode inode;
	struct entry *parent;
	struct list_head children, sibling;
	void (*gone)(struct entry *entry);    /* it is found no more: wait for its users */
	void (*release)(struct entry *entry); /* and nobody has it open: it is freed */
	const char *target;		      /* of a link */
	const char *name;
	bool is_own; /* the layer's: its memory is the host's. Others' is the machine's. */
};

static inline struct entry *entry_of(const struct dentry *dentry)
{
	return container_of(dentry, struct entry, dentry);
}

static inline struct entry *entry_of_inode(const struct inode *inode)
{
	return container_of(inode, struct entry, inode);
}

/*
 * An entry that nobody finds yet, and the caller's reference to it. @mode says what it is,
 * and who may do what. @size: of what begins with the entry. NULL: there is no memory.
 */
struct entry *entry_make(size_t size, const char *name, size_t len, umode_t mode);

/* Say what a link leads to. Return: 0, or -ENOMEM. */
int entry_set_target(struct entry *entry, const char *target);

/* Put @entry into @folder, with the reference. Return: 0, or -EEXIST: then it is gone. */
int entry_add(struct entry *folder, struct entry *entry);

/* Take @entry, and all that is in it, out of the tree; its gone() is called. */
void entry_remove(struct entry *entry);

/* Move @entry, within one tree. Return: 0, -EEXIST or -ENOMEM. */
int entry_rename(struct entry *entry, struct entry *folder, const char *name);

/* With a reference for the caller; NULL: there is none of that name. */
struct entry *entry_find(struct entry *folder, const char *name, size_t len);

/* The same by an absolute path. Return: an ERR_PTR() if there is none. */
struct entry *entry_walk(const char *path);

/* The folder at a path that is made if it is not there, without a reference for the caller. */
struct entry *entry_root(const char *path);

void entry_get(struct entry *entry);
void entry_put(struct entry *entry);

/* Write the path of @entry, up to @top or the root, at the end of @buf. Return: its beginning. */
char *entry_path(struct entry *entry, struct entry *top, char *buf, int size);

#endif
