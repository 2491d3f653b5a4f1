/* SPDX-License-Identifier: MIT */
/* Text to numbers, and to the variables behind module parameters. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/string.h>

#define NO_DIGIT 99

static unsigned int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20; /* to lower case */
	return c >= 'a' && c <= 'z' ? (unsigned int)(c - 'a') + 10 : NO_DIGIT;
}

/* The digits of one number, and a newline behind them at most. */
static int digits_read(const char *text, unsigned int base, unsigned long long *to)
{
	bool is_hex = text[0] == '0' && (text[1] | 0x20) == 'x';

	if (!base)
		base = is_hex ? 16 : *text == '0' ? 8 : 10;
	if (base == 16 && is_hex)
		text += 2;
	if (digit_of(*text) >= base)
		return -EINVAL;
	for (*to = 0; digit_of(*text) < base; text++)
		if (check_mul_overflow(*to, base, to) ||
		    check_add_overflow(*to, digit_of(*text), to))
			return -ERANGE;
	return strcmp(text, "\n") && *text ? -EINVAL : 0;
}

int kstrtoull(const char *text, unsigned int base, unsigned long long *to)
{
	return digits_read(text + (*text == '+'), base, to);
}

int kstrtoll(const char *text, unsigned int base, long long *to)
{
	bool is_negative = *text == '-';
	unsigned long long number;
	int error = digits_read(text + (is_negative || *text == '+'), base, &number);

	if (error)
		return error;
	if (number > (unsigned long long)LLONG_MAX + is_negative)
		return -ERANGE;
	*to = (long long)(is_negative ? -number : number);
	return 0;
}

#define NARROW(name, type, wide, of)                            \
	int name(const char *text, unsigned int base, type *to) \
	{                                                       \
		wide number;                                    \
		int error = of(text, base, &number);            \
                                                                \
		if (error)                                      \
			return error;                           \
		if (number != (wide)(type)number)               \
			return -ERANGE;                         \
		*to = (type)number;                             \
		return 0;                                       \
	}

NARROW(kstrtol, long, long long, kstrtoll)
NARROW(kstrtoint, int, long long, kstrtoll)
NARROW(kstrtoul, unsigned long, unsigned long long, kstrtoull)
NARROW(kstrtouint, unsigned int, unsigned long long, kstrtoull)

int kstrtobool(const char *text, bool *to)
{
	bool is_true = strchr("yYtT1", *text) != NULL, is_false = strchr("nNfF0", *text) != NULL;

	if (*text && (is_true || is_false))
		*to = is_true;
	else if (!strncmp(text, "on", 2) || !strncmp(text, "of", 2))
		*to = text[1] == 'n';
	else
		return -EINVAL;
	return 0;
}

#define PARAM(type, flag_bits, set_variable)                                      \
	static int type##_set(const char *text, const struct kernel_param *param) \
	{                                                                         \
		return set_variable;                                              \
	}                                                                         \
	const struct kernel_param_ops param_ops_##type = { .flags = flag_bits, .set = type##_set };

PARAM(int, 0, kstrtoint(text, 0, param->arg))
PARAM(uint, 0, kstrtouint(text, 0, param->arg))
PARAM(long, 0, kstrtol(text, 0, param->arg))
PARAM(ulong, 0, kstrtoul(text, 0, param->arg))
PARAM(bool, KERNEL_PARAM_OPS_FL_NOARG, kstrtobool(text ?: "1", param->arg))
PARAM(charp, 0, (*(const char **)param->arg = text, 0))
