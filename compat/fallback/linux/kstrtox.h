/* SPDX-License-Identifier: MIT */
/* Text to numbers. Return: 0, -EINVAL (not one number), -ERANGE (not of that type). */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/types.h>

int __must_check kstrtoll(const char *text, unsigned int base, long long *to);
int __must_check kstrtoull(const char *text, unsigned int base, unsigned long long *to);
int __must_check kstrtol(const char *text, unsigned int base, long *to);
int __must_check kstrtoul(const char *text, unsigned int base, unsigned long *to);
int __must_check kstrtoint(const char *text, unsigned int base, int *to);
int __must_check kstrtouint(const char *text, unsigned int base, unsigned int *to);
int __must_check kstrtobool(const char *text, bool *to);

#endif
