/* SPDX-License-Identifier: MIT */
#include "cmdline.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

int cmdline_next(const char **cursor, struct cmdline_word *word)
{
	const char *p = *cursor;
	bool quoted = false;

	while (is_space(*p))
		p++;
	if (!*p)
		return 0;

	*word = (struct cmdline_word){ .name = p };
	for (; *p && (quoted || !is_space(*p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '=' && !word->value && !quoted) {
			word->name_len = (size_t)(p - word->name);
			word->value = p + 1;
		}
	}
	if (quoted)
		return -EINVAL;

	if (!word->value) {
		word->name_len = (size_t)(p - word->name);
	} else {
		word->value_len = (size_t)(p - word->value);
		if (word->value_len >= 2 && word->value[0] == '"' && p[-1] == '"') {
			word->value++;
			word->value_len -= 2;
		}
	}
	*cursor = p;
	return 1;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static int shift_of(char suffix)
{
	switch (suffix | 0x20) {
	case 'k':
		return 10;
	case 'm':
		return 20;
	case 'g':
		return 30;
	case 't':
		return 40;
	case 'p':
		return 50;
	default:
		return -1;
	}
}

int cmdline_bytes(const char *text, size_t len, unsigned long *bytes)
{
	const char *end = text + len;
	const char *p = text;
	unsigned long n = 0;
	int base = 10;

	if (len > 2 && p[0] == '0' && (p[1] | 0x20) == 'x') {
		base = 16;
		p += 2;
	}
	if (p == end || digit_of(*p) >= base)
		return -EINVAL;
	for (; p < end && digit_of(*p) < base; p++) {
		if (__builtin_mul_overflow(n, (unsigned long)base, &n) ||
		    __builtin_add_overflow(n, (unsigned long)digit_of(*p), &n))
			return -ERANGE;
	}
	if (p < end) {
		int shift = shift_of(*p++);

		if (shift < 0 || p != end)
			return -EINVAL;
		if (n > ~0UL >> shift)
			return -ERANGE;
		n <<= shift;
	}
	*bytes = n;
	return 0;
}
