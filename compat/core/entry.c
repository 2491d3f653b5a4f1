/* SPDX-License-Identifier: MIT */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
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

static void name_set(struct entry *entry, const char *name, size_t len)
{
	char *copy = host_zalloc(len + 1);

	memcpy(copy, name, len);
	host_free((void *)entry->name);
	entry->name = copy;
	entry->dentry.d_name.name = copy;
	entry->dentry.d_name.len = (u32)len;
}

struct entry *entry_make(size_t size, const char *name, size_t len, umode_t mode)
{
	static unsigned long last_ino;
	struct entry *entry = host_zalloc(size);
	struct dentry *dentry = &entry->dentry;
	struct inode *inode = &entry->inode;

	name_set(entry, name, len);
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
	return entry;
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
		host_free((void *)entry->target);
		host_free((void *)entry->name);
		host_free(entry);
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
	bool exists;

	mutex_lock(&lock);
	exists = child_find(folder, name, strlen(name));
	if (!exists) {
		list_del(&entry->sibling);
		name_set(entry, name, strlen(name));
		link_in(folder, entry);
	}
	mutex_unlock(&lock);
	if (exists)
		return -EEXIST;
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

void entry_settle(void)
{
	if (root)
		entry_remove(root);
	root = NULL;
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
		root = entry_make(sizeof(*root), "/", 1, S_IFDIR | 0555);
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
			entry_add(at, entry_make(sizeof(*next), path, len, S_IFDIR | 0755));
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
