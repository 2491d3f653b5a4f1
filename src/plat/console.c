/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <kalloc/kalloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "console.h"
#include "cpu.h"
#include "lock.h"
#include "text.h"

#define MESSAGE_MAX 8192

static struct lock console_lock = LOCK_INIT(RANK_CONSOLE);
static void (*console_write)(void *ctx, const char *text); /* under console_lock, as its ctx */
static void *console_ctx;

void kalloc_set_console(void (*write)(void *ctx, const char *text), void *ctx)
{
	lock_take(&console_lock);
	console_write = write;
	console_ctx = ctx;
	lock_drop(&console_lock);
}

void console_freeze(void)
{
	lock_take(&console_lock);
}

void console_thaw(void)
{
	lock_drop(&console_lock);
}

static void write_all(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(STDERR_FILENO, text, left);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
}

static void emit(const char *text)
{
	void (*write)(void *, const char *);
	void *ctx;

	lock_take(&console_lock);
	write = console_write;
	ctx = console_ctx;
	lock_drop(&console_lock);
	if (write)
		write(ctx, text);
	else
		write_all(text);
}

void console_print(const char *fmt, ...)
{
	char buf[MESSAGE_MAX];
	struct text text = text_on(buf, sizeof(buf));
	int saved = errno;
	va_list args;

	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	emit(buf);
	errno = saved;
}

void console_panic(const char *fmt, ...)
{
	char buf[MESSAGE_MAX];
	struct text text = text_on(buf, sizeof(buf));
	va_list args;

	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	emit(buf);
	abort();
}

void console_warn(const char *file, int line, const char *func, const char *fmt, ...)
{
	char buf[MESSAGE_MAX];
	struct text text = text_on(buf, sizeof(buf));
	int saved = errno;
	va_list args;

	text_add(&text, "------------[ cut here ]------------\n");
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	if (buf[0] && text.len < sizeof(buf) && buf[text.len - 1] != '\n')
		text_add(&text, "\n");
	text_add(&text,
		 "WARNING: CPU: %d PID: %d at %s:%d %s\n---[ end trace 0000000000000000 ]---\n",
		 kalloc_self.cpu < 0 ? 0 : kalloc_self.cpu, (int)getpid(), file, line, func);
	emit(buf);
	errno = saved;
}
