/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <kalloc/kalloc.h>
#include <kalloc/look.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <unistd.h>

#include "../commands.h"
#include "../memory.h"
#include "look.h"
#include "looker.h"
#include "window.h"

/* A walk that takes longer has lost its way. */
#define LOOK_S 2

static void reply(int error, const void *data, size_t bytes)
{
	struct look_reply reply = { .error = error, .bytes = bytes };

	fwrite(&reply, sizeof(reply), 1, stdout);
	if (bytes)
		fwrite(data, 1, bytes, stdout);
}

static int refuse(int error)
{
	reply(error, NULL, 0);
	return fflush(stdout) ? STATUS_FAILED : STATUS_OK;
}

/*
 * Where the host does not vary addresses, this process lies where the other one does, and
 * would the next time. Have them varied, and begin anew.
 */
static void begin_elsewhere(char **argv)
{
	int now = personality(0xffffffff);

	if (now < 0 || !(now & ADDR_NO_RANDOMIZE))
		return;
	personality((unsigned long)now & ~(unsigned long)ADDR_NO_RANDOMIZE);
	argv[0] = (char *)LOOKER;
	execv("/proc/self/exe", argv - 1);
}

static void piece_answer(const char *path, size_t size, unsigned long offset)
{
	char *data = memory_new(size, 1);
	long len = kalloc_read_at(path, data, size, offset);

	reply(len < 0 ? (int)-len : 0, data, len < 0 ? 0 : (size_t)len);
	free(data);
}

/* Read twice: the copy does not change, so the length is the same. */
static void whole_answer(const char *path)
{
	long len = kalloc_read(path, NULL, 0);
	char *data;

	if (len < 0) {
		reply((int)-len, NULL, 0);
		return;
	}
	data = memory_new((size_t)len + 1, 1);
	kalloc_read(path, data, (size_t)len + 1);
	reply(0, data, (size_t)len);
	free(data);
}

/* argv: PID MACHINE {PATH SIZE OFFSET}... */
int command_look(int argc, char **argv)
{
	struct target target;
	struct kalloc_machine *machine;
	unsigned long nr;

	if (argc < 3)
		return STATUS_USAGE;
	nr = strtoul(argv[2], NULL, 10);
	if (target_read(&target, atoi(argv[1])))
		return refuse(errno);
	if (nr >= target.nr_heads)
		return refuse(ENXIO);
	if (window_open(&target)) {
		int err = errno;

		if (err == EEXIST)
			begin_elsewhere(argv);
		return refuse(err);
	}
	alarm(LOOK_S);
	machine = kalloc_look((void *)target.heads[nr]);
	if (!machine)
		return refuse(errno);
	kalloc_enter(machine);
	reply(0, NULL, 0);
	for (int i = 3; i + 2 < argc; i += 3) {
		size_t size = strtoul(argv[i + 1], NULL, 10);

		if (size)
			piece_answer(argv[i], size, strtoul(argv[i + 2], NULL, 10));
		else
			whole_answer(argv[i]);
	}
	if (fflush(stdout))
		_exit(STATUS_FAILED);
	/* What follows main() would look for machines to take down. */
	_exit(STATUS_OK);
}
