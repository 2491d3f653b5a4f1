/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <kalloc/kalloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "heap.h"
#include "host.h"
#include "report.h"

#define CMDLINE_MOST 4096

/* Sizes to try, largest first; a machine's reservation is never less than 4 GiB. */
static const char *const default_sizes[] = { "64G", "8G", "1G", "128M" };

enum process_state process_state;

static bool booting;	    /* by the one thread there is */
static pid_t reporting_pid; /* the process that is to report; a child without fork's help is not */
static bool has_ended;	    /* and has done so */

/* Whether a word of the command line says how large the machine is. */
static bool names_size(const char *cmdline)
{
	static const char *const names[] = { "mem=", "kalloc.nodes=" };

	for (const char *word = cmdline; *word; word++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if ((word == cmdline || word[-1] == ' ') &&
			    strncmp(word, names[i], strlen(names[i])) == 0)
				return true;
		}
	}
	return false;
}

/* Why a machine did not boot: the line that is printed of it, without its end. */
struct refusal {
	char why[256];
};

static void refusal_note(void *ctx, const char *text)
{
	static const char name[] = "kalloc: ";
	struct refusal *refusal = ctx;

	if (strncmp(text, name, strlen(name)) == 0)
		text += strlen(name);
	snprintf(refusal->why, sizeof(refusal->why), "%.*s", (int)strcspn(text, "\n"), text);
}

/* @size: of the machine, or NULL if @words says it. */
static struct kalloc_machine *boot_words(const char *words, const char *size)
{
	char cmdline[CMDLINE_MOST + 64];

	snprintf(cmdline, sizeof(cmdline), PROCESS_CMDLINE " %s%s%s", words, size ? " mem=" : "",
		 size ? size : "");
	return kalloc_boot(cmdline);
}

static struct kalloc_machine *boot_machine(struct refusal *refusal)
{
	const char *words = getenv("KALLOC_MALLOC");
	struct kalloc_machine *m = NULL;

	if (words && strlen(words) > CMDLINE_MOST) {
		refusal_note(refusal, "KALLOC_MALLOC is too long");
		return NULL;
	}
	kalloc_set_console(refusal_note, refusal);
	if (words && names_size(words))
		m = boot_words(words, NULL);
	else
		for (size_t i = 0; !m && i < sizeof(default_sizes) / sizeof(default_sizes[0]); i++)
			m = boot_words(words ? words : "", default_sizes[i]);
	kalloc_set_console(NULL, NULL);
	return m;
}

/*
 * The C library's streams allocate under the lock of their list, which its fork() takes after
 * our handlers have stopped everybody: whoever is inside would wait for us and we for him.
 * So we take it before them. Its fork() takes it once more: it is recursive.
 */
void _IO_list_lock(void) __attribute__((weak));
void _IO_list_unlock(void) __attribute__((weak));
void _IO_list_resetlock(void) __attribute__((weak));

static void fork_prepare(void)
{
	if (_IO_list_lock)
		_IO_list_lock();
	calls_freeze();
}

static void fork_parent(void)
{
	calls_thaw();
	if (_IO_list_unlock)
		_IO_list_unlock();
}

static void fork_child(void)
{
	calls_thaw();
	if (_IO_list_resetlock)
		_IO_list_resetlock();
	reporting_pid = getpid();
}

/* The machine's own handlers are there already, so they run after these, and undo first. */
static void watch_forks(void)
{
	if (pthread_atfork(fork_prepare, fork_parent, fork_child))
		report_say("fork cannot be watched: its child may not use memory");
}

static enum process_state state_of_machine(struct kalloc_machine *m)
{
	bool is_plain;

	kalloc_set_default(m);
	is_plain = heap_learn();
	watch_forks();
	reporting_pid = getpid();
	if (report_is_wanted())
		report_begin();
	return is_plain && !report_is_wanted() ? PROCESS_PLAIN : PROCESS_WATCHED;
}

static enum process_state state_without(const struct refusal *refusal)
{
	if (!host_find()) {
		report_say("no machine, and no other malloc()");
		abort();
	}
	report_say("%s: %s runs on the C library's malloc()", refusal->why,
		   program_invocation_short_name);
	return PROCESS_HOST;
}

static void boot(void)
{
	struct refusal refusal = { 0 };
	struct kalloc_machine *m;
	int saved = errno;

	booting = true;
	report_prepare();
	m = boot_machine(&refusal);
	process_state = m ? state_of_machine(m) : state_without(&refusal);
	booting = false;
	errno = saved;
}

void process_boot(void)
{
	if (process_state == PROCESS_DOWN && !booting)
		boot();
}

enum process_state process_enter(void)
{
	if (process_state == PROCESS_DOWN && environ)
		process_boot();
	return process_state;
}

/* A program may clear its environment before it first allocates, in a constructor even. */
static void __attribute__((constructor)) begin(void)
{
	process_boot();
}

void process_refuse(size_t bytes)
{
	if (process_state == PROCESS_PLAIN || process_state == PROCESS_WATCHED)
		report_failure(bytes);
	errno = ENOMEM;
}

void process_end(void)
{
	if (process_state == PROCESS_WATCHED && reporting_pid == getpid() &&
	    !__atomic_exchange_n(&has_ended, true, __ATOMIC_RELAXED))
		report_write();
}

static void __attribute__((destructor)) end(void)
{
	process_end();
}
