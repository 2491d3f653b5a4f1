/* SPDX-License-Identifier: MIT */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "core.h"
#include "entry.h"

#define NR_LINKS 8 /* followed at most */

static DEFINE_MUTEX(lock);
static struct entry *root;

static unsigned int dentry_type(umode_t mode)
{
	if (S_ISDIR(mode))
		return DCACHE_DIRECTORY_TYPE;
	return S_ISLNK(mode) ? DCACHE_SYMLINK_TYPE : DCACHE_REGULAR_TYPE;
}

static void *memory_take(size_t bytes, bool is_own)
{
	return is_own ? host_zalloc(bytes) : kzalloc(bytes, GFP_KERNEL);
}

static void memory_give(const void *memory, bool is_own)
{
	if (is_own)
		host_free((void *)memory);
	else
		kfree(memory);
}

/* @copy: of the name, as memory of the entry's. */
static void name_set(struct entry *entry, char *copy, const char *name, size_t len)
{
	memcpy(copy, name, len);
	memory_give(entry->name, entry->is_own);
	entry->name = copy;
	entry->dentry.d_name.name = copy;
	entry->dentry.d_name.len = (u32)len;
}

static void entry_init(struct entry *entry, umode_t mode)
{
	static unsigned long last_ino;
	struct dentry *dentry = &entry->dentry;
	struct inode *inode = &entry->inode;

	dentry->d_flags = dentry_type(mode);
	dentry->d_inode = inode;
	dentry->d_parent = dentry;
	spin_lock_init(&dentry->d_lockref.lock);
	dentry->d_lockref.count = 1;
	inode->i_mode = mode;
	inode->i_ino = __atomic_add_fetch(&last_ino, 1, __ATOMIC_RELAXED);
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem);
	INIT_LIST_HEAD(&entry->children);
	INIT_LIST_HEAD(&entry->sibling);
}

static struct entry *make(size_t size, const char *name, size_t len, umode_t mode, bool is_own)
{
	struct entry *entry = memory_take(size, is_own);
	char *copy = entry ? memory_take(len + 1, is_own) : NULL;

	if (!copy) {
		memory_give(entry, is_own);
		return NULL;
	}
	entry->is_own = is_own;
	name_set(entry, copy, name, len);
	entry_init(entry, mode);
	return entry;
}

struct entry *entry_make(size_t size, const char *name, size_t len, umode_t mode)
{
	return make(size, name, len, mode, false);
}

int entry_set_target(struct entry *entry, const char *target)
{
	size_t bytes = strlen(target) + 1;
	char *copy = memory_take(bytes, entry->is_own);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, target, bytes);
	entry->target = copy;
	return 0;
}

void entry_get(struct entry *entry)
{
	lockref_get(&entry->dentry.d_lockref);
}

/* Return: whether it was the last reference. */
static bool ref_drop(struct entry *entry)
{
	if (lockref_put_or_lock(&entry->dentry.d_lockref))
		return false;
	spin_unlock(&entry->dentry.d_lockref.lock);
	return true;
}

void entry_put(struct entry *entry)
{
	while (entry && ref_drop(entry)) {
		struct entry *parent = entry->parent;

		if (entry->release)
			entry->release(entry);
		memory_give(entry->target, entry->is_own);
		memory_give(entry->name, entry->is_own);
		memory_give(entry, entry->is_own);
		entry = parent;
	}
}

void dput(struct dentry *dentry)
{
	if (dentry)
		entry_put(entry_of(dentry));
}

/* --- the tree's shape -------------------------------------------------------- */

/* Whether kernel code finds it "hashed" (d_unlinked()). */
static void found_set(struct entry *entry, bool found)
{
	WRITE_ONCE(entry->dentry.d_hash.pprev, found ? &entry->dentry.d_hash.next : NULL);
}

static struct entry *child_find(struct entry *folder, const char *name, size_t len)
{
	struct entry *child;

	list_for_each_entry(child, &folder->children, sibling)
		if (child->dentry.d_name.len == len && !memcmp(child->name, name, len))
			return child;
	return NULL;
}

static void link_in(struct entry *folder, struct entry *entry)
{
	entry_get(folder);
	entry->parent = folder;
	entry->dentry.d_parent = &folder->dentry;
	list_add_tail(&entry->sibling, &folder->children);
	found_set(entry, true);
}

int entry_add(struct entry *folder, struct entry *entry)
{
	bool exists;

	mutex_lock(&lock);
	exists = child_find(folder, entry->name, entry->dentry.d_name.len);
	if (!exists)
		link_in(folder, entry);
	mutex_unlock(&lock);
	if (exists)
		entry_put(entry);
	return exists ? -EEXIST : 0;
}

int entry_rename(struct entry *entry, struct entry *folder, const char *name)
{
	struct entry *before = entry->parent;
	char *copy = memory_take(strlen(name) + 1, entry->is_own);
	bool exists;

	if (!copy)
		return -ENOMEM;
	mutex_lock(&lock);
	exists = child_find(folder, name, strlen(name));
	if (!exists) {
		list_del(&entry->sibling);
		name_set(entry, copy, name, strlen(name));
		link_in(folder, entry);
	}
	mutex_unlock(&lock);
	if (exists) {
		memory_give(copy, entry->is_own);
		return -EEXIST;
	}
	entry_put(before);
	return 0;
}

/* The first entry within @top that has nothing in it, taken out. */
static struct entry *leaf_take(struct entry *top)
{
	struct entry *entry = top;

	mutex_lock(&lock);
	while (!list_empty(&entry->children))
		entry = list_first_entry(&entry->children, struct entry, sibling);
	list_del_init(&entry->sibling);
	found_set(entry, false);
	mutex_unlock(&lock);
	return entry;
}

void entry_remove(struct entry *top)
{
	struct entry *entry;

	do {
		entry = leaf_take(top);
		if (entry->gone)
			entry->gone(entry);
		entry_put(entry);
	} while (entry != top);
}

/* --- finding ------------------------------------------------------------------ */

struct entry *entry_find(struct entry *folder, const char *name, size_t len)
{
	struct entry *entry;

	mutex_lock(&lock);
	entry = child_find(folder, name, len);
	if (entry)
		entry_get(entry);
	mutex_unlock(&lock);
	return entry;
}

static struct entry *root_get(void)
{
	mutex_lock(&lock);
	if (!root)
		root = make(sizeof(*root), "/", 1, S_IFDIR | 0555, true);
	mutex_unlock(&lock);
	return root;
}

static struct entry *walk(struct entry *from, const char *path, unsigned int nr_links);

/* What @entry leads to. The references are the caller's, before and after. */
static struct entry *link_follow(struct entry *entry, unsigned int nr_links)
{
	struct entry *to;

	if (!S_ISLNK(entry->inode.i_mode))
		return entry;
	if (nr_links == NR_LINKS)
		to = ERR_PTR(-ELOOP);
	else if (*entry->target == '/')
		to = walk(root_get(), entry->target, nr_links + 1);
	else
		to = walk(entry->parent, entry->target, nr_links + 1);
	entry_put(entry);
	return to;
}

static struct entry *step(struct entry *folder, const char *name, size_t len, unsigned int nr_links)
{
	struct entry *entry;

	if (len == 2 && !memcmp(name, "..", 2)) {
		entry = folder->parent ? folder->parent : folder;
		entry_get(entry);
		return entry;
	}
	if (!S_ISDIR(folder->inode.i_mode))
		return ERR_PTR(-ENOTDIR);
	entry = entry_find(folder, name, len);
	return entry ? link_follow(entry, nr_links) : ERR_PTR(-ENOENT);
}

static struct entry *walk(struct entry *from, const char *path, unsigned int nr_links)
{
	struct entry *at = from;

	entry_get(at);
	while (!IS_ERR(at)) {
		size_t len;
		struct entry *next;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len)
			break;
		if (len == 1 && *path == '.') {
			path++;
			continue;
		}
		next = step(at, path, len, nr_links);
		entry_put(at);
		at = next;
		path += len;
	}
	return at;
}

struct entry *entry_walk(const char *path)
{
	if (!path || *path != '/')
		return ERR_PTR(-ENOENT);
	return walk(root_get(), path, 0);
}

struct entry *entry_root(const char *path)
{
	struct entry *at = root_get(), *next;

	while (*(path += strspn(path, "/"))) {
		size_t len = strcspn(path, "/");

		/* Who comes second finds what the other has made. */
		while (!(next = entry_find(at, path, len)))
			entry_add(at, make(sizeof(*next), path, len, S_IFDIR | 0755, true));
		entry_put(next); /* the tree has it */
		at = next;
		path += len;
	}
	return at;
}

/* --- paths --------------------------------------------------------------------- */

static bool put_front(char *buf, char **at, const char *text, size_t len)
{
	if ((size_t)(*at - buf) < len)
		return false;
	*at -= len;
	memcpy(*at, text, len);
	return true;
}

char *entry_path(struct entry *entry, struct entry *top, char *buf, int size)
{
	char *at = buf + size;
	bool fits = put_front(buf, &at, "", 1);

	mutex_lock(&lock);
	if (entry == top || !entry->parent)
		fits = fits && put_front(buf, &at, "/", 1);
	for (; entry != top && entry->parent; entry = entry->parent)
		fits = fits && put_front(buf, &at, entry->name, strlen(entry->name)) &&
		       put_front(buf, &at, "/", 1);
	mutex_unlock(&lock);
	return fits ? at : ERR_PTR(-ENAMETOOLONG);
}
