/* SPDX-License-Identifier: MIT */
/*
 * Proves the verbs and functions of scripts: each script of tests/tools/scenarios holds
 * what it expects, and there is no verb and no function that none of them uses.
 */
#include <ctype.h>

#include "scenario/function.h"
#include "scenario/verb.h"
#include "scripting.h"

static const char *const scripts[] = { "pages", "slab",	    "areas",   "pools", "reclaim",
				       "oom",	"contexts", "explain", "other" };
#define NR_SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

static char *read_script(size_t i)
{
	char path[256];
	size_t len;

	snprintf(path, sizeof(path), "%s/%s.kalloc", TEST_SCENARIOS, scripts[i]);
	return files_read(path, &len);
}

static void test_scripts(void **state)
{
	for (size_t i = 0; i < NR_SCRIPTS; i++) {
		char *text = read_script(i), *output;

		if (script_run(text, &output))
			fail_msg("%s.kalloc:\n%s", scripts[i], output);
		free(output);
		free(text);
	}
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len) {
		bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');

		if (begins && !(isalnum((unsigned char)at[len]) || at[len] == '_'))
			return true;
	}
	return false;
}

static void assert_used(const char *word)
{
	bool used = false;

	for (size_t i = 0; i < NR_SCRIPTS && !used; i++) {
		char *text = read_script(i);

		used = has_word(text, word);
		free(text);
	}
	if (!used)
		fail_msg("no script uses %s", word);
}

static void test_all_are_used(void **state)
{
	for (size_t i = 0; verb_at(i); i++)
		assert_used(verb_at(i)->name);
	for (size_t i = 0; function_at(i); i++)
		assert_used(function_at(i)->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_all_are_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
