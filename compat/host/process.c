/* SPDX-License-Identifier: MIT */
/* Copies of the process in which something else happens. The machine is copied (src/fork.c). */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <urcu-bp.h>

#include <kalloc/kernel/host.h>

static struct host_fault *caught;

int host_fork(unsigned int seconds)
{
	int pid;

	fflush(NULL);
	urcu_bp_before_fork();
	pid = fork();
	if (pid) {
		int error = -errno;

		urcu_bp_after_fork_parent();
		return pid < 0 ? error : pid;
	}
	urcu_bp_after_fork_child();
	host_mute();
	alarm(seconds);
	return 0;
}

bool host_reap(struct host_end *end)
{
	int status, pid;

	do
		pid = waitpid(-1, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return false;
	*end = (struct host_end){
		.pid = pid,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
		.is_late = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM,
	};
	return true;
}

void host_leave(int status)
{
	_exit(status);
}

/* The signal then does what it would have done, or what a sanitizer does. */
static struct sigaction before[NSIG];

static void catch (int signal)
{
	if (signal == SIGSEGV || signal == SIGBUS)
		host_copy_leave();
	if (!caught->signal) {
		void *stack[17];
		int nr = backtrace(stack, 17) - 1; /* but for this function */

		caught->nr_stack = nr > 0 ? (unsigned int)nr : 0;
		memcpy(caught->stack, stack + 1, caught->nr_stack * sizeof(*caught->stack));
		caught->signal = signal;
	}
	sigaction(signal, &before[signal], NULL);
	if (signal == SIGABRT)
		raise(signal);
}

void host_catch(struct host_fault *fault)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = catch, .sa_flags = SA_ONSTACK | SA_NODEFER };
	void *entry;

	backtrace(&entry, 1); /* the first call takes memory */
	caught = fault;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, &before[signals[i]]);
}

void host_pipe(struct host_pipe *ends)
{
	if (pipe2(ends->ends, O_CLOEXEC)) {
		perror("kalloc: pipe");
		host_abort();
	}
}

void host_tell(struct host_pipe *ends, unsigned int word)
{
	ssize_t done;

	do
		done = write(ends->ends[1], &word, sizeof(word));
	while (done < 0 && errno == EINTR);
	close(ends->ends[1]);
}

unsigned int host_hear(struct host_pipe *ends)
{
	unsigned int word = 0;
	ssize_t done;

	close(ends->ends[1]);
	do
		done = read(ends->ends[0], &word, sizeof(word));
	while (done < 0 && errno == EINTR);
	return done == sizeof(word) ? word : 0;
}
