/* SPDX-License-Identifier: MIT */
/*
 * printk: formatted by the tree's own vsnprintf, without the level, one write for a message.
 * KUnit's results are counted as they go by, because where they are kept is different in
 * every version: a line of a case is "ok" or "not ok" behind four spaces, a suite's without.
 * A bug that is an emergency counts as a warning: what debugs spinlocks gives no other.
 */
#include <linux/console.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/ratelimit.h>

#include "core.h"

atomic_t kunit_passed = ATOMIC_INIT(0);
atomic_t kunit_failed = ATOMIC_INIT(0);
atomic_t suites_failed = ATOMIC_INIT(0);

/* With quiet=1 only what is worse than a notice is printed. */
bool printk_quiet, printk_mute;

#define CASE_INDENT "    "

int console_printk[4] = { 7, 4, 1, 7 };
int suppress_printk;

static void line_count(const char *line)
{
	if (!strncmp(line, "not ok ", 7))
		atomic_inc(&suites_failed);
	if (strncmp(line, CASE_INDENT, strlen(CASE_INDENT)))
		return;
	line += strlen(CASE_INDENT);
	if (!strncmp(line, "ok ", 3))
		atomic_inc(&kunit_passed);
	else if (!strncmp(line, "not ok ", 7))
		atomic_inc(&kunit_failed);
}

/* Past the level that @text begins with. @goes_on: whether the line before goes on. */
static char *level_skip(char *text, int *level, bool *goes_on)
{
	int found;

	while ((found = printk_get_level(text))) {
		if (found >= '0' && found <= '7')
			*level = found - '0';
		*goes_on |= found == KERN_CONT[1];
		text = (char *)printk_skip_level(text);
	}
	return text;
}

static DEFINE_RAW_SPINLOCK(line_lock);
static bool is_open; /* the last message did not end its line */

/* Each message has a line of its own, whether it ends one or not. */
static void line_put(char *text, unsigned long bytes, bool goes_on)
{
	unsigned long flags;

	if (!bytes)
		return;
	raw_spin_lock_irqsave(&line_lock, flags);
	if (is_open && !goes_on)
		*--text = '\n'; /* where the level stood, or the byte in front */
	bytes += is_open && !goes_on;
	is_open = text[bytes - 1] != '\n';
	host_print(text, bytes);
	raw_spin_unlock_irqrestore(&line_lock, flags);
}

void printk_line_end(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&line_lock, flags);
	if (is_open)
		host_print("\n", 1);
	is_open = false;
	raw_spin_unlock_irqrestore(&line_lock, flags);
}

asmlinkage int vprintk(const char *fmt, va_list args)
{
	char buf[1025], *text;
	int level = 4;
	bool goes_on = false;
	int bytes;

	if (READ_ONCE(printk_mute))
		return 0;
	bytes = vscnprintf(buf + 1, sizeof(buf) - 1, fmt, args);
	text = level_skip(buf + 1, &level, &goes_on);
	line_count(text);
	if (level == LOGLEVEL_EMERG && !strncmp(text, "BUG: ", 5))
		atomic_inc(&warns_seen);
	if (!printk_quiet || level <= 4)
		line_put(text, bytes - (text - (buf + 1)), goes_on);
	return bytes;
}

asmlinkage int _printk(const char *fmt, ...)
{
	va_list args;
	int bytes;

	va_start(args, fmt);
	bytes = vprintk(fmt, args);
	va_end(args);
	return bytes;
}

asmlinkage int vprintk_emit(int facility, int level, const struct dev_printk_info *info,
			    const char *fmt, va_list args)
{
	return vprintk(fmt, args);
}

int _printk_deferred(const char *fmt, ...) __alias(_printk);

void console_verbose(void)
{
	console_loglevel = CONSOLE_LOGLEVEL_MOTORMOUTH;
}

int __printk_ratelimit(const char *func)
{
	return 1;
}

bool printk_timed_ratelimit(unsigned long *last, unsigned int ms)
{
	return true;
}
