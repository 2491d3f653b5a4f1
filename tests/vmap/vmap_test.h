/* SPDX-License-Identifier: MIT */
/* What the suites of the vmap room share: a machine per test, faults, counting frames. */
#ifndef TEST_VMAP_TEST_H
#define TEST_VMAP_TEST_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/inspect.h>
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#include "page.h"
#include "vmap.h"
#include "vmap/space.h"

/* A fault that is meant is no error to Valgrind; its package brings the header. */
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_DISABLE_ERROR_REPORTING
#define VALGRIND_ENABLE_ERROR_REPORTING
#endif

#define P PAGE_SIZE

static sigjmp_buf fault_jump;

static void fault_caught(int signal)
{
	siglongjmp(fault_jump, signal);
}

/* True if reading the byte at @addr faults. */
static inline bool faults(const void *addr)
{
	struct sigaction catch = { .sa_handler = fault_caught }, segv, bus;
	volatile bool faulted = true;

	VALGRIND_DISABLE_ERROR_REPORTING;
	sigaction(SIGSEGV, &catch, &segv);
	sigaction(SIGBUS, &catch, &bus);
	if (!sigsetjmp(fault_jump, 1)) {
		(void)*(const volatile char *)addr;
		faulted = false;
	}
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	VALGRIND_ENABLE_ERROR_REPORTING;
	return faulted;
}

static char console_said[16384];

static void console_append(void *ctx, const char *text)
{
	size_t len = strlen(console_said);

	snprintf(console_said + len, sizeof(console_said) - len, "%s", text);
}

/* Forget what the library said, and go on catching it. */
static inline void console_catch(void)
{
	console_said[0] = '\0';
	kalloc_set_console(console_append, NULL);
}

/* Boot a machine of the given command line and enter it, with the console caught. */
static inline struct kalloc_machine *machine_up(const char *cmdline)
{
	struct kalloc_machine *m = kalloc_boot(cmdline);

	assert_non_null(m);
	kalloc_enter(m);
	console_catch();
	return m;
}

static inline void machine_down(struct kalloc_machine *m)
{
	assert_true(area_ok(&m->vmap->areas));
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(m);
}

static inline void frames_add(void *ctx, const struct kalloc_block *block)
{
	if (block->state == KALLOC_FRAMES_USED)
		*(unsigned long *)ctx += 1UL << block->order;
}

/* Frames in use outside the slab layer, current machine. */
static inline unsigned long frames_used(void)
{
	unsigned long nr = 0;

	kalloc_inspect_frames(frames_add, &nr);
	return nr;
}

static inline bool said(const char *text)
{
	return strstr(console_said, text) != NULL;
}

#endif
