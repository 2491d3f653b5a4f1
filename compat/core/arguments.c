/* SPDX-License-Identifier: MIT */
/* The program's arguments: the layer's own ("--quiet"), and module parameters. */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "arguments.h"
#include "core.h"

extern const struct kernel_param __start___param[] __weak, __stop___param[] __weak;

struct arguments arguments;

enum kind {
	KIND_LATER, /* has its time */
	KIND_FLAG,
	KIND_NUMBER, /* any */
	KIND_COUNT,  /* 1 and more */
	KIND_SEED,
};

static const struct option {
	const char *name; /* with '=': a value follows */
	enum kind kind;
	void *to;
	const char *value, *what, *more; /* for --help */
} options[] = {
	{ "--machine=", KIND_LATER, NULL, "P",
	  "the parameters of the machine, instead of $KALLOC_CMDLINE", NULL },
	{ "--warns=", KIND_NUMBER, &arguments.warns, "N", "as many warnings are expected (0)",
	  NULL },
	{ "--live=", KIND_NUMBER, &arguments.live, "N", "so much is expected to be left behind (0)",
	  NULL },
	{ "--init-errors=", KIND_NUMBER, &arguments.init_errors, "N",
	  "as many calls of init are expected to fail (0)", NULL },
	{ "--fail-nth=", KIND_COUNT, &arguments.fail_nth, "N",
	  "the N-th request for memory that the program makes fails", NULL },
	{ "--fail-each", KIND_FLAG, NULL, "",
	  "run on and on, one request for memory failing each time", NULL },
	{ "--fail-each=", KIND_COUNT, &arguments.fail_each, "K", "so, but each K-th only, and of",
	  "each call stack the first, the second and the last" },
	{ "--jobs=", KIND_COUNT, &arguments.nr_jobs, "N",
	  "as many runs of --fail-each at a time (the host's CPUs)", NULL },
	{ "--limit=", KIND_COUNT, &arguments.limit_s, "S",
	  "seconds that such a run may take (30, and 20 times the first)", NULL },
	{ "--cat=", KIND_LATER, NULL, "FILE",
	  "print a file, such as /proc/NAME, after the calls of init", NULL },
	{ "--write=", KIND_LATER, NULL, "FILE=TEXT",
	  "write to a file then; these are done in the order given", NULL },
	{ "--leaks", KIND_FLAG, &arguments.leaks, "", "what is left behind is told, but no error",
	  NULL },
	{ "--leak-sites", KIND_FLAG, &arguments.leak_sites, "", "with who allocated it", NULL },
	{ "--quiet", KIND_FLAG, &printk_quiet, "", "print warnings and errors only", NULL },
	{ "--seed=", KIND_SEED, NULL, "N", "another sequence of random numbers", NULL },
};

static void help(const char *program)
{
	const struct option *option;
	char name[32];

	printk("usage: %s [ARGUMENT...]\n", program);
	for (option = options; option < options + ARRAY_SIZE(options); option++) {
		snprintf(name, sizeof(name), "%s%s", option->name, option->value);
		printk("  %-18s %s\n", name, option->what);
		if (option->more)
			printk("  %-18s %s\n", "", option->more);
	}
	printk("  %-18s %s\n", "NAME=VALUE", "a module parameter, or MODULE.NAME=VALUE");
	for (const struct kernel_param *p = __start___param; p < __stop___param; p++)
		printk("  %s=\n", p->name);
}

/* The value behind @option's name in @argument, if it is this one; otherwise NULL. */
static const char *value_of(const struct option *option, const char *argument)
{
	size_t length = strlen(option->name);

	if (strncmp(argument, option->name, length))
		return NULL;
	argument += length;
	return option->name[length - 1] == '=' || !*argument ? argument : NULL;
}

/* Return: what is wrong with it, or NULL. */
static const char *option_set(const struct option *option, const char *value)
{
	long long number;

	switch (option->kind) {
	case KIND_LATER:
		return NULL;
	case KIND_FLAG:
		if (option->to)
			*(bool *)option->to = true;
		else
			arguments.fail_each = 1;
		return NULL;
	default:
		break;
	}
	if (!host_parse(value, &number))
		return "not a number";
	if (option->kind == KIND_COUNT && (number < 1 || number > INT_MAX))
		return "not a number of 1 and more";
	if (option->kind == KIND_SEED)
		host_seed((unsigned long long)number);
	else
		*(long long *)option->to = number;
	return NULL;
}

static bool option_take(const char *argument)
{
	const char *value, *wrong = "no such argument; --help lists them";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		value = value_of(&options[i], argument);
		if (!value)
			continue;
		wrong = option_set(&options[i], value);
		break;
	}
	if (wrong)
		printk("%s: %s\n", argument, wrong);
	return !wrong;
}

/* As a kernel compares them: '-' and '_' are the same. */
static char letter(char c)
{
	return c == '-' ? '_' : c;
}

/* @length bytes of @name. */
static bool is_called(const char *whole, const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (letter(whole[i]) != letter(name[i]))
			return false;
	return !whole[length];
}

/* @value: NULL: none was given, as is right for a switch. Return: what is wrong, or NULL. */
static const char *param_set(const struct kernel_param *param, const char *value)
{
	if (!value && !(param->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
		return "needs a value";
	return param->ops->set(value, param) ? "not a value that it can have" : NULL;
}

static bool param_take(char *argument)
{
	size_t length = strcspn(argument, "=");
	char *value = argument[length] ? argument + length + 1 : NULL;
	/* A list is cut into pieces when it is set. */
	char *as_given = host_zalloc(strlen(argument) + 1);
	const char *wrong = "no such parameter; --help lists them";

	strcpy(as_given, argument);
	for (const struct kernel_param *p = __start___param; p < __stop___param; p++) {
		const char *dot = strrchr(p->name, '.');

		if (!is_called(p->name, as_given, length) &&
		    (!dot || !is_called(dot + 1, as_given, length)))
			continue;
		wrong = param_set(p, value);
		if (wrong)
			break;
	}
	if (wrong)
		printk("%s: %s\n", as_given, wrong);
	host_free(as_given);
	return !wrong;
}

bool arguments_take(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help")) {
			help(argv[0]);
			host_exit(0);
		}
		if (!(strncmp(argv[i], "--", 2) ? param_take(argv[i]) : option_take(argv[i])))
			return false;
	}
	/* Each has an observer of its own. */
	if (arguments.fail_each && (arguments.fail_nth || arguments.leak_sites)) {
		printk("--fail-each excludes --fail-nth and --leak-sites\n");
		return false;
	}
	return true;
}
