/* SPDX-License-Identifier: MIT */
/* Where the kernel's messages go, and where a program ends that cannot go on. */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kalloc/kernel/host.h>

static bool is_mute;

/* What others print, a sanitizer for instance, goes nowhere. */
void host_mute(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	is_mute = true;
}

static void print_to(int fd, const char *text, unsigned long bytes)
{
	int saved = errno;

	while (bytes && !is_mute) {
		ssize_t done = write(fd, text, bytes);

		if (done < 0 && errno != EINTR)
			break;
		if (done > 0) {
			text += done;
			bytes -= (unsigned long)done;
		}
	}
	errno = saved;
}

void host_print(const char *text, unsigned long bytes)
{
	print_to(STDOUT_FILENO, text, bytes);
}

void host_print_error(const char *text, unsigned long bytes)
{
	print_to(STDERR_FILENO, text, bytes);
}

void host_backtrace(void)
{
	unsigned long entries[32];
	char text[96];
	int saved = errno, nr;

	if (is_mute)
		return;
	nr = backtrace((void **)entries, 32);
	/* Not this function; nor what calls the program. */
	for (int i = 1; i < nr; i++) {
		if (!host_symbol_show(entries[i], text, sizeof(text)))
			break;
		print_to(STDERR_FILENO, "  ", 2);
		print_to(STDERR_FILENO, text, strlen(text));
		print_to(STDERR_FILENO, "\n", 1);
	}
	errno = saved;
}

void host_abort(void)
{
	abort();
}

void host_exit(int status)
{
	exit(status);
}

_Bool host_parse(const char *text, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 0);
	return end != text && !*end && !errno;
}

const char *host_getenv(const char *name)
{
	return getenv(name);
}
