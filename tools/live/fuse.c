/* SPDX-License-Identifier: MIT */
/*
 * A file is read when it is opened, and again when it is read from its beginning, as
 * programs do that keep it open. Programs that list caches read dozens of files of each,
 * so all of one are read at a time, and are good for a moment.
 */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse.h>
#include <kalloc/kalloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../memory.h"
#include "../slabinfo.h"
#include "look.h"
#include "proc.h"

#define SLAB	"/sys/kernel/slab"
#define ANY	SLAB "/<cache>/"
#define FRESH_S 0.1

const bool proc_fs_is_built = true;

static struct {
	pid_t pid;
	unsigned int machine;
} shown;

/* What was read last of one cache. */
static struct {
	char name[64];
	double time;
	struct look_file *files;
	char (*paths)[160];
	size_t nr;
} cache;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Words for each frame are read in pieces, and are large. */
static bool is_of_words(const char *path)
{
	return strncmp(path, "/proc/kpage", strlen("/proc/kpage")) == 0;
}

/* Split the path of a file of a cache. Return: the last part, NULL if it is none. */
static const char *cache_split(const char *path, char *name, size_t size)
{
	const char *rest = path + strlen(SLAB) + 1;
	const char *slash;

	if (strncmp(path, SLAB "/", strlen(SLAB) + 1) != 0)
		return NULL;
	slash = strchr(rest, '/');
	if (!slash || (size_t)(slash - rest) >= size)
		return NULL;
	memcpy(name, rest, (size_t)(slash - rest));
	name[slash - rest] = '\0';
	return slash + 1;
}

/* --- which names there are ------------------------------------------------------------ */

/* Return: what stands between @folder and the next slash in @path; 0 if it is not inside. */
static size_t part_inside(const char *path, const char *folder, const char **part)
{
	size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	if (strncmp(path, folder, len) != 0 || path[len] != '/')
		return 0;
	*part = path + len + 1;
	return strcspn(*part, "/");
}

/* The path as kalloc_files() has it: any cache's is that of all. */
static void pattern_of(const char *path, char *pattern, size_t size)
{
	char name[64];
	const char *last = cache_split(path, name, sizeof(name));

	if (last)
		snprintf(pattern, size, ANY "%s", last);
	else if (strncmp(path, SLAB "/", strlen(SLAB) + 1) == 0)
		snprintf(pattern, size, SLAB "/<cache>");
	else
		snprintf(pattern, size, "%s", path);
}

enum kind {
	NOTHING,
	FOLDER,
	FILE_OF_IT
};

static enum kind kind_of(const char *path)
{
	char pattern[256];
	const char *known, *part;

	if (strcmp(path, "/") == 0)
		return FOLDER;
	pattern_of(path, pattern, sizeof(pattern));
	for (unsigned int i = 0; (known = kalloc_files(i)); i++) {
		if (strcmp(known, pattern) == 0)
			return FILE_OF_IT;
		if (part_inside(known, pattern, &part))
			return FOLDER;
	}
	return NOTHING;
}

static int fs_getattr(const char *path, struct stat *stat, struct fuse_file_info *info)
{
	enum kind kind = kind_of(path);

	*stat = (struct stat){
		.st_mode = kind == FOLDER ? S_IFDIR | 0555 : S_IFREG | 0444,
		.st_nlink = kind == FOLDER ? 2 : 1,
		.st_uid = getuid(),
		.st_gid = getgid(),
	};
	return kind == NOTHING ? -ENOENT : 0;
}

/* With what it is, which some programs rely on. */
static void name_fill(void *to, fuse_fill_dir_t fill, const char *name, enum kind kind)
{
	struct stat stat = { .st_mode = kind == FOLDER ? S_IFDIR : S_IFREG };

	fill(to, name, &stat, 0, 0);
}

static int caches_list(void *to, fuse_fill_dir_t fill)
{
	struct look_file file = { .path = "/proc/slabinfo" };
	struct slabinfo_row row;
	const char *at;

	if (look(shown.pid, shown.machine, &file, 1))
		return -EIO;
	at = file.data;
	while (at && slabinfo_next(&at, &row)) {
		for (char *slash; (slash = strchr(row.name, '/'));)
			*slash = '!';
		name_fill(to, fill, row.name, FOLDER);
	}
	look_free(&file, 1);
	return 0;
}

static int fs_readdir(const char *path, void *to, fuse_fill_dir_t fill, off_t offset,
		      struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	char pattern[256], last[256] = "";
	const char *known, *part;

	if (kind_of(path) != FOLDER)
		return -ENOENT;
	name_fill(to, fill, ".", FOLDER);
	name_fill(to, fill, "..", FOLDER);
	if (strcmp(path, SLAB) == 0)
		return caches_list(to, fill);
	pattern_of(path, pattern, sizeof(pattern));
	/* kalloc_files() is in order, so a folder's name comes several times in a row. */
	for (unsigned int i = 0; (known = kalloc_files(i)); i++) {
		size_t len = part_inside(known, pattern, &part);

		if (!len || (strncmp(last, part, len) == 0 && !last[len]))
			continue;
		snprintf(last, sizeof(last), "%.*s", (int)len, part);
		name_fill(to, fill, last, part[len] ? FOLDER : FILE_OF_IT);
	}
	return 0;
}

/* --- what is in them ------------------------------------------------------------------- */

static void cache_forget(void)
{
	if (cache.files)
		look_free(cache.files, cache.nr);
	free(cache.files);
	free(cache.paths);
	cache.files = NULL;
	cache.paths = NULL;
	cache.nr = 0;
}

static int cache_read(const char *name)
{
	const char *known;

	cache_forget();
	for (unsigned int i = 0; (known = kalloc_files(i)); i++)
		cache.nr += strncmp(known, ANY, strlen(ANY)) == 0;
	cache.files = memory_new(cache.nr, sizeof(*cache.files));
	cache.paths = memory_new(cache.nr, sizeof(*cache.paths));
	cache.nr = 0;
	for (unsigned int i = 0; (known = kalloc_files(i)); i++) {
		if (strncmp(known, ANY, strlen(ANY)) != 0)
			continue;
		snprintf(cache.paths[cache.nr], sizeof(*cache.paths), SLAB "/%s/%s", name,
			 known + strlen(ANY));
		cache.files[cache.nr].path = cache.paths[cache.nr];
		cache.nr++;
	}
	snprintf(cache.name, sizeof(cache.name), "%s", name);
	cache.time = now();
	return look(shown.pid, shown.machine, cache.files, cache.nr) ? -EIO : 0;
}

/* Of the cache @name, the file with path @path. Return: its text, to be freed, or NULL and *@err. */
static char *cache_text(const char *name, const char *path, int *err)
{
	if (!cache.files || strcmp(cache.name, name) != 0 || now() - cache.time > FRESH_S) {
		*err = cache_read(name);
		if (*err) {
			cache_forget();
			return NULL;
		}
	}
	for (size_t i = 0; i < cache.nr; i++) {
		if (strcmp(cache.paths[i], path) != 0)
			continue;
		*err = -cache.files[i].error;
		return cache.files[i].data ? memory_text(cache.files[i].data, cache.files[i].len)
					   : NULL;
	}
	*err = -ENOENT;
	return NULL;
}

static char *text_of(const char *path, int *err)
{
	struct look_file file = { .path = path };
	char name[64];

	if (cache_split(path, name, sizeof(name)))
		return cache_text(name, path, err);
	*err = look(shown.pid, shown.machine, &file, 1) ? -EIO : -file.error;
	return file.data;
}

/* An open file; none where it is of words. */
struct opened {
	char *text;
};

static struct opened *opened(struct fuse_file_info *info)
{
	return (struct opened *)(uintptr_t)info->fh;
}

static int fs_open(const char *path, struct fuse_file_info *info)
{
	int err = 0;
	char *text;

	if ((info->flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	info->direct_io = 1; /* no size is known beforehand */
	if (is_of_words(path))
		return 0;
	text = text_of(path, &err);
	if (!text)
		return err;
	info->fh = (uintptr_t)memory_new(1, sizeof(struct opened));
	opened(info)->text = text;
	return 0;
}

static int fs_release(const char *path, struct fuse_file_info *info)
{
	if (opened(info))
		free(opened(info)->text);
	free(opened(info));
	return 0;
}

static int words_read(const char *path, char *to, size_t size, off_t offset)
{
	struct look_file file = { .path = path, .size = size, .offset = (unsigned long)offset };
	int err = look(shown.pid, shown.machine, &file, 1) ? -EIO : -file.error;

	if (err)
		return err;
	size = file.len;
	memcpy(to, file.data, size);
	look_free(&file, 1);
	return (int)size;
}

static int fs_read(const char *path, char *to, size_t size, off_t offset,
		   struct fuse_file_info *info)
{
	size_t len, at = (size_t)offset;
	int err = 0;

	if (is_of_words(path))
		return words_read(path, to, size, offset);
	if (offset == 0) {
		char *text = text_of(path, &err);

		if (!text)
			return err;
		free(opened(info)->text);
		opened(info)->text = text;
	}
	len = strlen(opened(info)->text);
	if (at >= len)
		return 0;
	if (size > len - at)
		size = len - at;
	memcpy(to, opened(info)->text + at, size);
	return (int)size;
}

static void *fs_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	config->use_ino = 0;
	return NULL;
}

static const struct fuse_operations operations = {
	.init = fs_init,
	.getattr = fs_getattr,
	.readdir = fs_readdir,
	.open = fs_open,
	.read = fs_read,
	.release = fs_release,
};

/* Until the server is told to end, or the one that started it ends. */
static void serve(struct fuse *fuse)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGINT, SIG_IGN); /* the program's */
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	_exit(fuse_loop(fuse) ? 1 : 0);
}

pid_t proc_fs_serve(const char *command, int fd, pid_t pid, unsigned int machine)
{
	char *argv[] = { (char *)"kalloc", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct fuse *fuse;
	char mounted[32];
	pid_t server;

	shown.pid = pid;
	shown.machine = machine;
	/* How libfuse is told that it is mounted already. */
	snprintf(mounted, sizeof(mounted), "/dev/fd/%d", fd);
	fuse = fuse_new(&args, &operations, sizeof(operations), NULL);
	if (!fuse || fuse_mount(fuse, mounted)) {
		fprintf(stderr, "%s: libfuse3 cannot serve the files\n", command);
		return -1;
	}
	server = fork();
	if (server == 0)
		serve(fuse);
	if (server < 0)
		fprintf(stderr, "%s: fork: %s\n", command, strerror(errno));
	return server;
}
