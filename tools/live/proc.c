/* SPDX-License-Identifier: MIT */
/*
 * Running a program that sees the files of a machine in place of the host's. It gets mounts
 * of its own, where those files lie over the real ones; what it does otherwise is not
 * touched. No privileges are needed where the host lets users have namespaces.
 *
 * Three processes: the program enters its namespaces and mounts there; the server answers
 * for what is mounted and stays outside, as who is in a user namespace may not look at
 * processes that are not; this one waits for the program.
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../commands.h"
#include "choose.h"
#include "look.h"
#include "proc.h"
#include "program.h"

struct run {
	pid_t pid;
	unsigned int machine;
	char **argv;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *run = state->input;

	switch (key) {
	case 'm':
		if (choose_number(arg, &run->machine))
			argp_error(state, "--machine=%s: not a number", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (!run->pid) {
			if (choose_pid(arg, &run->pid))
				argp_error(state, "'%s' is no process number", arg);
			return 0;
		}
		run->argv = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (!run->pid || !run->argv)
			argp_error(state, "no %s given", run->pid ? "PROGRAM" : "PID");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Return: the descriptor that was sent; -1 if there was none. */
static int fd_receive(int socket)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *head;
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

/* Return: the exit status of @child, as a shell has it. */
static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What the program sends through @socket is served until it ends. */
static int program_serve(const char *command, const struct run *run, pid_t program, int socket)
{
	int fd = fd_receive(socket), status;
	pid_t server;

	if (fd < 0)
		return wait_for(program); /* which has said why */
	server = proc_fs_serve(command, fd, run->pid, run->machine);
	close(fd); /* the server alone has it, or the files would not end with it */
	if (server < 0) {
		kill(program, SIGKILL);
		wait_for(program);
		return STATUS_FAILED;
	}
	status = wait_for(program);
	kill(server, SIGTERM);
	wait_for(server);
	return status;
}

static int run_over(const char *command, const struct run *run)
{
	char folder[] = "/tmp/kalloc-XXXXXX";
	int ends[2], status = STATUS_FAILED;
	pid_t program = -1;

	if (!mkdtemp(folder)) {
		fprintf(stderr, "%s: %s: %s\n", command, folder, strerror(errno));
		return STATUS_FAILED;
	}
	signal(SIGINT, SIG_IGN); /* the program's, which says what happens then */
	signal(SIGQUIT, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0)
		program = fork();
	if (program == 0)
		program_become(command, folder, run->argv, ends[1]);
	if (program > 0) {
		close(ends[1]);
		status = program_serve(command, run, program, ends[0]);
	} else {
		fprintf(stderr, "%s: no process can be started: %s\n", command, strerror(errno));
	}
	rmdir(folder);
	return status;
}

int command_proc(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "machine", 'm', "N", 0, "Its machine N, counted from 0 (the default)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "PID -- PROGRAM [ARGUMENT...]",
		.doc = "Run a program that sees the files of a running process's machine in /proc "
		       "and /sys/kernel/slab in the place of the host's.\v"
		       "The exit status is the program's.\n\n"
		       "  kalloc proc 4711 -- slabtop",
	};
	struct run run = { 0 };

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &run);
	if (!proc_fs_is_built) {
		fprintf(stderr, "%s: built without libfuse3\n", argv[0]);
		return STATUS_FAILED;
	}
	if (look(run.pid, run.machine, NULL, 0))
		return look_failed(argv[0], run.pid, errno);
	return run_over(argv[0], &run);
}
