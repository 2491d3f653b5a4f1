/* SPDX-License-Identifier: MIT */
/* Copies of strings and memory: contents, ends, and the size taken for them. */
#include "same.h"

static const char text[] = "the quick brown fox jumps over the lazy dog, twice, and sleeps";

static void show_string(const char *what, char *s)
{
	if (!s) {
		SAME("%s: null", what);
		return;
	}
	SAME("%s: \"%s\", %zu long, ksize %zu", what, s, strlen(s), ksize(s));
	kfree(s);
}

static void show_copies(size_t length)
{
	char *p = kmemdup(text, length, GFP_KERNEL);

	SAME("kmemdup %zu: ksize %zu, equal %d", length, ksize(p), !memcmp(p, text, length));
	kfree(p);
	show_string("kstrndup", kstrndup(text, length, GFP_KERNEL));
	show_string("kmemdup_nul", kmemdup_nul(text, length, GFP_KERNEL));
	show_string("kstrdup of a tail", kstrdup(text + length, GFP_KERNEL));
}

static void show_prints(void)
{
	show_string("empty", kasprintf(GFP_KERNEL, "%s", ""));
	show_string("string", kasprintf(GFP_KERNEL, "%s-%d", "node", 17));
	show_string("seven", kasprintf(GFP_KERNEL, "%07d", 1234567));
	show_string("eight", kasprintf(GFP_KERNEL, "%08d", 1234567));
	show_string("mixed", kasprintf(GFP_KERNEL, "%5u|%-5d|%05x|%c|%%|%llu", 12U, -3, 0xabU, 'z',
				       18446744073709551615ULL));
	show_string("precision", kasprintf(GFP_KERNEL, "%.5s|%10.3s|", text, text));
	show_string("long", kasprintf(GFP_KERNEL, "%s %s %s %s", text, text, text, text));
}

void same_strings(void)
{
	char zeros[4] = { 'a', 0, 'b', 0 };
	char *p;
	size_t length;

	for (length = 0; length < sizeof(text); length++)
		show_copies(length);
	show_prints();
	show_string("kstrdup(NULL)", kstrdup(NULL, GFP_KERNEL));
	show_string("kstrndup(NULL)", kstrndup(NULL, 5, GFP_KERNEL));
	show_string("kmemdup_nul(NULL)", kmemdup_nul(NULL, 5, GFP_KERNEL));
	show_string("kstrndup past the end", kstrndup("abc", 1000, GFP_KERNEL));
	show_string("kstrndup over a null", kstrndup(zeros, 4, GFP_KERNEL));
	p = kmemdup_nul(zeros, 4, GFP_KERNEL);
	SAME("kmemdup_nul over a null: %d, end %d", !memcmp(p, zeros, 4), p[4]);
	kfree(p);
}
