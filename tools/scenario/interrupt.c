/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stddef.h>

#include "interrupt.h"

static volatile sig_atomic_t came;
static struct sigaction before;

static void note(int signal)
{
	(void)signal;
	came = 1;
}

static void catch_with(int flags, struct sigaction *old)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, old);
}

void interrupt_begin(void)
{
	catch_with(SA_RESTART, &before);
}

void interrupt_end(void)
{
	sigaction(SIGINT, &before, NULL);
}

void interrupt_reading(bool breaks)
{
	catch_with(breaks ? 0 : SA_RESTART, NULL);
}

bool interrupt_came(void)
{
	return came;
}

void interrupt_forget(void)
{
	came = 0;
}
