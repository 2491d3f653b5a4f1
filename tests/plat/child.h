/* SPDX-License-Identifier: MIT */
/*
 * Runs a step that ends the process in a child, and keeps what it said on
 * standard error. For steps that abort, fault, or write where a console would.
 */
#ifndef TEST_PLAT_CHILD_H
#define TEST_PLAT_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	int status; /* as waitpid gives it */
	char said[16384];
};

/* In the child: no core file, the plain signals, standard error into @fd. */
static inline void child_prepare(int fd)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGABRT, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	dup2(fd, STDERR_FILENO);
}

static inline void child_run(struct child *child, void (*step)(void *arg), void *arg)
{
	size_t len = 0;
	ssize_t n;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(fds[0]);
		child_prepare(fds[1]);
		step(arg);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], child->said + len, sizeof(child->said) - 1 - len)) > 0)
		len += (size_t)n;
	child->said[len] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &child->status, 0), pid);
}

static inline bool child_died_of(const struct child *child, int signal)
{
	return WIFSIGNALED(child->status) && WTERMSIG(child->status) == signal;
}

static inline void child_touch(void *arg)
{
	*(volatile char *)arg = 1;
}

/* Whether a write to @at faults. */
static inline bool child_faults_at(void *at)
{
	struct child child;

	child_run(&child, child_touch, at);
	return child_died_of(&child, SIGSEGV) || child_died_of(&child, SIGBUS);
}

#endif
