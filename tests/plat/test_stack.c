/* SPDX-License-Identifier: MIT */
/*
 * Proves src/plat/stack.c: a stack begins where it is told to and goes on with the
 * callers, a deep one is cut off; and the name of a function is found where its object
 * exports it.
 */
#include <dlfcn.h>
#include <search.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "stack.h"

/* Left alone by the optimizer, so that the calls are what they look like. */
static void (*volatile barrier)(void);

static void nothing(void)
{
}

struct saved {
	unsigned long entries[STACK_DEPTH];
	unsigned int nr;
	const void *from;
};

/* From the caller of this on. */
static never_inline void save(struct saved *saved)
{
	saved->from = __builtin_return_address(0);
	saved->nr = stack_save(saved->entries, saved->from);
	barrier();
}

/* Through a pointer, so that one level looks like any other. */
static void (*volatile deeper)(struct saved *saved, unsigned int depth);

static void save_deep(struct saved *saved, unsigned int depth)
{
	if (depth)
		deeper(saved, depth - 1);
	else
		save(saved);
	barrier();
}

static void test_from(void **state)
{
	struct saved saved;

	save(&saved);
	assert_in_range(saved.nr, 2, STACK_DEPTH);
	assert_int_equal(saved.entries[0], saved.from);

	/* An address that is not there leaves nothing out. */
	saved.nr = stack_save(saved.entries, NULL);
	assert_in_range(saved.nr, 2, STACK_DEPTH);
}

static void test_depth(void **state)
{
	struct saved shallow, deep;

	deeper(&shallow, 1);
	deeper(&deep, 3);
	assert_int_equal(shallow.entries[0], deep.entries[0]);
	assert_int_equal(shallow.entries[1], deep.entries[1]);
	/* The frames of the recursion are all at one place but the innermost. */
	assert_int_equal(deep.entries[1], deep.entries[2]);
	assert_int_equal(deep.entries[2], deep.entries[3]);

	deeper(&deep, 100);
	assert_int_equal(deep.nr, STACK_DEPTH);
}

/* Where libunwind walks, a child of fork does without. */
static void test_child(void **state)
{
	struct saved parent, child;
	int status;
	pid_t pid;

	if (dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL) && !getenv("KALLOC_UNDER_VALGRIND"))
		assert_true(stack_is_fast());
	deeper(&parent, 3);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		deeper(&child, 3);
		_exit(!stack_is_fast() && child.nr == parent.nr &&
				      !memcmp(child.entries, parent.entries,
					      4 * sizeof(child.entries[0]))
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static struct saved called_back;

static int compare(const void *key, const void *element)
{
	save(&called_back);
	return 0;
}

/* The C library exports the function that calls us back. */
static void test_symbol(void **state)
{
	static const char element[1];
	size_t nr = 1;
	bool found = false;

	assert_ptr_equal(lfind(element, element, &nr, 1, compare), element);
	for (unsigned int i = 0; i < called_back.nr; i++) {
		struct stack_symbol symbol;

		if (!stack_symbol_find(called_back.entries[i], &symbol) ||
		    strcmp(symbol.name, "lfind") != 0)
			continue;
		found = true;
		assert_in_range(symbol.offset, 1, symbol.size);
	}
	assert_true(found);
}

static void test_no_symbol(void **state)
{
	struct stack_symbol symbol;

	assert_false(stack_symbol_find(1, &symbol));
	assert_false(stack_symbol_find((unsigned long)&symbol, &symbol));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from),	  cmocka_unit_test(test_depth),
		cmocka_unit_test(test_child),	  cmocka_unit_test(test_symbol),
		cmocka_unit_test(test_no_symbol),
	};

	barrier = nothing;
	deeper = save_deep;
	stack_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
