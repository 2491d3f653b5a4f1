/* SPDX-License-Identifier: MIT */
/*
 * Proves the language of scripts (tools/scenario): what each statement does and prints,
 * what a failed expectation shows, and for each way in which a script can be wrong the line
 * and the words that say so, and that nothing is lost by it.
 */
#include "scenario/suggest.h"
#include "scripting.h"

static const struct {
	const char *text;
	int status;
	const char *output; /* all of it; but for a bad script, a part of it */
} rows[] = {
	/* values and operators */
	{ "print 1 + 2 * 3 - 4, 7 / 2, 7 % 4, -7 / 2", 0, "3 3 3 -3" },
	{ "print 1 << 4 | 3, 12 & 10, 12 ^ 10, 256 >> 4, ~0", 0, "19 8 6 16 -1" },
	{ "print 6 ^ 3 & 5, 2 | 6 ^ 2, 6 & 1 << 1", 0, "7 6 2" },
	{ "print (1 + 2) * 3, - -3, 2 - -3", 0, "9 3 5" },
	{ "print 0.5 + 1, 1 / 4.0, 2.5 * 2 - 1, -0.5", 0, "1.500 0.250 4.000 -0.500" },
	{ "print 1 == 1, 1 != 1, 1 < 2, 2 <= 2, 3 > 4, 4 >= 4, 1 == 1.0, 0.5 < 1", 0,
	  "1 0 1 1 0 1 1 1" },
	{ "print \"a\" == \"a\", \"a\" < \"b\", NULL == NULL", 0, "1 1 1" },
	{ "print 5 == 1 | 4, not 1 == 2, 1 == 1 and 2 == 2, 0 or 3", 0, "1 1 1 1" },
	{ "print 0 and no_such, 1 or no_such", 0, "0 1" },
	{ "print \"one, # two\", 3 # a comment", 0, "one, # two 3" },
	{ "print \"a\" + 1 + 2, 1 + 2 + \"b\", \"a\" + \"b\" == \"ab\"", 0, "a12 3b 1" },
	{ "print", 0, "" },
	{ "print GFP_KERNEL, GFP_KERNEL | __GFP_ZERO, PAGE_SIZE, SLAB_HWCACHE_ALIGN", 0,
	  "3264 3520 4096 8192" },
	/* variables and lists */
	{ "a = 3\na = a + 1\nprint a", 0, "4" },
	{ "a[0] = 1\na[2] = \"x\"\nprint a, count(a), a[2]", 0, "[1, nothing, x] 3 x" },
	{ "a[0] = 1\nb = a\nb[0] = 2\nprint a[0], b[0], a == b, a != b", 0, "1 2 0 1" },
	{ "a = 1\na[1] = 2\nprint a", 0, "[nothing, 2]" },
	{ "size = 3\np = kmalloc size*100\nprint size, p size\nkfree p", 0, "3 512" },
	{ "repeat 12 as i\na[i] = i\nend\nprint a", 0, "[0, 1, 2, 3, 4, 5, 6, 7, ... 12 in all]" },
	{ "a[0] = 5\na[1] = a\nprint a[1][0], a", 0, "5 [5, [5]]" },
	/* blocks */
	{ "repeat 2 as i\nrepeat 2 as k\nprint i, k\nend\nend", 0, "0 0\n0 1\n1 0\n1 1" },
	{ "repeat 0\nprint 1\nend\nprint 2", 0, "2" },
	{ "i = 0\nwhile i < 3\ni = i + 1\nend\nprint i", 0, "3" },
	{ "if 0\nprint 1\nelse\nprint 2\nend\nif 1\nprint 3\nend", 0, "2\n3" },
	{ "if \"\"\nprint 1\nelse\nif NULL\nprint 2\nelse\nprint 3\nend\nend", 0, "3" },
	/* calls, by place and by name */
	{ "p = alloc_pages GFP_KERNEL 2\nprint p order, order(p)\nfree p", 0, "2 2" },
	{ "p = alloc_pages order=2 gfp=GFP_KERNEL|__GFP_NOWARN\nprint p order\nfree p", 0, "2" },
	{ "p = alloc_pages order=2\nx[0] = p\nprint x\nfree p", 0,
	  "[a block of pages of order 2 at frame " },
	{ "p = alloc_pages\nq = p\nprint p == q, p != NULL\nfree p", 0, "1 1" },
	{ "x = free(10)\nexpect x == free(10, \"DMA\") + free(10, \"DMA32\")", 0, NULL },
	{ "p = kmalloc 100\nprint p, p size\nkfree p NULL", 0,
	  "memory of the slab layer, 100 bytes 128" },
	{ "repeat 3 as i\np[i] = alloc_pages\nend\nfree p[1]\n__free_pages p", 0, "" },
	{ "seed 7\na = random(1000)\nb = random(1000)\nseed 7\nexpect a == random(1000)\n"
	  "expect b == random(1000)\nexpect a != b",
	  0, NULL },
	{ "a = cpu_ns\nexpect cpu_ns >= a", 0, NULL },
	{ "predict 3 \"How many?\"\nx = predict 4 \"And now?\"\nprint x", 0, "4" },
	/* contexts */
	{ "as cpu 0\nprint nr_cpus\nend", 0, "1" },
	{ "boot nr_cpus=4\nas cpu 3\np = alloc_pages\nfree p\nend\n"
	  "print pcp(\"DMA32\", \"count\", 3) > 0, pcp(\"DMA32\", \"count\", 2)",
	  0, "1 0" },
	{ "in atomic\np = kmalloc 64 GFP_ATOMIC\nend\nprint said(\"sleeping\")\nkfree p", 0, "0" },
	{ "in irq\nv = vmalloc 4096\nvfree v\nend\nexpect said(\"sleeping function called\")", 0,
	  NULL },
	/* files */
	{ "set /proc/sys/vm/min_free_kbytes 2000\ncat /proc/sys/vm/min_free_kbytes\n"
	  "print proc(\"/proc/sys/vm/min_free_kbytes\")",
	  0, "2000\n2000" },
	{ "set /proc/sys/vm/min_free_kbytes \"512\"\ncat /proc/sys/vm/min_free_kbytes "
	  "/proc/sys/vm/watermark_scale_factor",
	  0, "512\n10" },
	{ "explain\np = alloc_pages order=4\nexplain\nfree p\nexpect explained(\"is given back\")",
	  0,
	  "The last call asked for no memory, and gave no page back.\n"
	  "A block of order 4 (16 pages), GFP_KERNEL, type Unmovable\n " },
	{ "boot mem=16M numa=fake=2\ncat /proc/cmdline\nhalt\nhalt", 0,
	  "mem=64M nr_cpus=1 kalloc.sheaves=off mem=16M numa=fake=2" },
	/* expectations */
	{ "expect 1\nexpect 2 > 1\nexpect \"x\"", 0, NULL },
	{ "expect 1\n\nexpect 2 + 2 == 5\nexpect 1", 1,
	  "t:3: not as expected: 2 + 2 == 5\n    2 + 2 is 4\nt: 1 expectations held, 1 failed\n" },
	{ "p = alloc_pages order=3\nx = pfn(p)\nq = p\nexpect q pfn - x == pfn(p) - x ^ 8", 1,
	  "t:4: not as expected: q pfn - x == pfn(p) - x ^ 8\n    q pfn - x is 0\n"
	  "    pfn(p) - x ^ 8 is 8\nt: 0 expectations held, 1 failed\n" },
	{ "a = 1\nexpect a == 2 or not (a < 3)", 1,
	  "t:2: not as expected: a == 2 or not (a < 3)\n    a is 1\n    a is 1\n"
	  "t: 0 expectations held, 1 failed\n" },
	{ "p = kmalloc 5M __GFP_NOWARN\nexpect p", 1,
	  "t:2: not as expected: p\n    p is NULL\nt: 0 expectations held, 1 failed\n" },
	/* what is not given back */
	{ "p = kmalloc 100\nrepeat 3\nkmalloc 200\nend", 1,
	  "t:1: not given back: memory of the slab layer, 100 bytes\n"
	  "t:3: not given back: 3 times, first memory of the slab layer, 200 bytes\n"
	  "t: 0 expectations held\n" },
	{ "p = kmalloc 100\nboot\nprint 1", 1,
	  "t:1: not given back: memory of the slab layer, 100 bytes\n1\nt: 0 expectations held\n" },
	/* bad scripts */
	{ "\np = aloc_pages order=3", 2, "t:2: no verb 'aloc_pages'; did you mean 'alloc_pages'?" },
	{ "p = aloc_pages", 2, "t:1: no variable 'aloc_pages'; did you mean 'alloc_pages'?" },
	{ "print nr_fre", 2, "t:1: no variable 'nr_fre'; did you mean 'nr_free'?" },
	{ "print a", 2, "t:1: no variable 'a': nothing was assigned to it" },
	{ "p = pressure DMA 100", 2,
	  "'DMA': nothing was assigned to it; a text stands in double quotes" },
	{ "a b", 2, "t:1: no verb 'a': a line is a call" },
	{ "kfre p", 2, "did you mean 'kfree'?" },
	{ "12", 2, "t:1: a statement is missing before '12'" },
	{ "p = alloc_pages oder=3", 2,
	  "t:1: alloc_pages has no parameter 'oder': alloc_pages [gfp] [order] [nid]" },
	{ "kmalloc", 2, "t:1: kmalloc needs size: kmalloc size [gfp] [nid]" },
	{ "kmalloc 1 2 3 4", 2, "t:1: 4 is an argument too many: kmalloc" },
	{ "kmalloc size=1 size=2", 2, "t:1: kmalloc: size is given twice" },
	{ "kmalloc 1 size=2", 2, "t:1: kmalloc: size is given twice" },
	{ "kmalloc \"x\"", 2, "t:1: kmalloc: size is to be a number, and \"x\" is a text" },
	{ "kmalloc -1", 2, "t:1: kmalloc: size is at least 0, not -1" },
	{ "alloc_pages order=99", 2, "t:1: alloc_pages: order is from 0 to 63, not 99" },
	{ "kmalloc 1, 2", 2, "t:1: arguments of kmalloc are separated by blanks" },
	{ "kmalloc )", 2, "t:1: an argument is missing before ')'" },
	{ "kfree(p)", 2, "the arguments of a verb stand behind it without parentheses" },
	{ "kfree", 2, "t:1: kfree: what?" },
	{ "kfree x=1", 2, "t:1: kfree has no parameter 'x'" },
	{ "p = alloc_pages\nkfree p", 2,
	  "t:2: kfree: its argument is to be memory of the slab layer, and p is a block of pages" },
	{ "p = kmalloc 9\nkfree p\n\nkfree p", 2, "t:4: p was given back on line 2" },
	{ "p = kmalloc 9\nfree p\nprint p size", 2,
	  "t:3: size(thing): memory of the slab layer that was given back on line 2" },
	{ "p = kmalloc 9\nboot\nkfree p", 2, "t:3: p is gone with its machine" },
	{ "x = kfree NULL", 2, "t:1: x: there is nothing to assign: the verb has no result" },
	{ "nr_free = 3", 2, "t:1: 'nr_free' is a function and cannot be a variable" },
	{ "kfree = 3", 2, "t:1:" },
	{ "end = 3", 2, "t:1: 'end' without a block" },
	{ "if = 3", 2, "t:1: a value is missing before '='" },
	{ "GFP_KERNEL = 3", 2, "t:1: 'GFP_KERNEL' is a constant and cannot be a variable" },
	{ "print kfree", 2, "'kfree' is a verb, which stands first or behind '='" },
	{ "print 12abc", 2, "t:1: '12abc' is no number" },
	{ "print \"abc", 2, "t:1: '\"abc' has no closing quote" },
	{ "print 1 $", 2, "t:1: '$' has no meaning here" },
	{ "print 1 2", 2, "t:1: '2' is too much here" },
	{ "expect a = 1", 2, "t:1: '=' is too much here; '==' compares" },
	{ "print (1", 2, "t:1: ')' is missing at the end of the line" },
	{ "print 1 +", 2, "t:1: a value is missing at the end of the line" },
	{ "print 1 + )", 2, "t:1: a value is missing before ')'" },
	{ "a[1 = 2", 2, "t:1: ']' is missing before '='" },
	{ "a[1] + 2", 2, "t:1: no verb 'a'" },
	{ "print a[1", 2, "t:1: ']' is missing at the end of the line" },
	{ "a = 1\nprint a[0]", 2, "t:2: a is a number, not a list" },
	{ "a[0] = 1\nprint a[1]", 2, "t:2: a[1] was not assigned; count(a) is 1" },
	{ "a[5] = 1\nprint a[0]", 2, "t:2: a[0] was not assigned; count(a) is 6" },
	{ "a[0] = 1\nprint a[\"x\"]", 2, "t:2: \"x\" is a text, not a number" },
	{ "a[-1] = 1", 2, "t:1: a[-1]: an index is from 0 to 16M" },
	{ "print 1 / 0", 2, "t:1: 1 / 0, with 1 and 0, has no result" },
	{ "print 1 % 0", 2, "has no result" },
	{ "print 9223372036854775807 + 1", 2, "has no result" },
	{ "print 1 << 63", 2, "has no result" },
	{ "print 1 << -1", 2, "has no result" },
	{ "print -9223372036854775807 - 1 - 1", 2, "has no result" },
	{ "print (-9223372036854775807 - 1) / -1", 2, "has no result" },
	{ "print 1.5 / 0", 2, "has no result with a fraction" },
	{ "print 1.5 & 1", 2, "has no result with a fraction" },
	{ "print 1 - \"x\"", 2, "t:1: 1 - \"x\" wants numbers, and has a number and a text" },
	{ "print -\"x\"", 2, "t:1: '-' wants a number, and \"x\" is a text" },
	{ "print ~0.5", 2, "t:1: '~' wants a number, and 0.5 is a fraction" },
	{ "print 1 == \"x\"", 2, "t:1: 1 == \"x\" compares a number with a text" },
	{ "print NULL < NULL", 2, "have no order" },
	{ "print pfn(3)", 2, "t:1: pfn(thing[, page]): argument 1 is to be a block of pages" },
	{ "print zone(\"DMA\")", 2, "t:1: zone needs more arguments: zone(zone, field[, node])" },
	{ "print pfn()", 2, "t:1: pfn needs an argument: pfn(thing[, page])" },
	{ "print pfn", 2, "t:1: no variable 'pfn'" },
	{ "print count(1, 2)", 2, "t:1: count takes no more than 1: count(list)" },
	{ "print count(1 2)", 2, "t:1: ',' or ')' is missing before '2'" },
	{ "print count(1)", 2, "t:1: count: it is a number, not a list" },
	{ "repeat \"x\"\nend", 2, "t:1: \"x\" is a text, not a number" },
	{ "repeat -1\nend", 2, "t:1: repeat -1: not a number of times" },
	{ "repeat 2 as 3\nend", 2, "t:1: the name of a variable is missing before '3'" },
	{ "repeat 3\nprint 1", 2, "t:1: 'repeat' has no 'end'" },
	{ "while 1\nif 1\nend\n", 2, "t:1: 'while' has no 'end'" },
	{ "end", 2, "t:1: 'end' without a block that it belongs to" },
	{ "if 1\nelse\nelse\nend", 2, "t:3: 'else' without its 'if'" },
	{ "repeat 1\nelse\nend", 2, "t:2: 'else' without its 'if'" },
	{ "as node 1\nend", 2, "t:1: 'cpu', as in 'as cpu 1', is missing before 'node'" },
	{ "as cpu 1\nend", 2, "t:1: as cpu 1: the machine has CPUs 0 to 0" },
	{ "in bed\nend", 2, "t:1: 'atomic' or 'irq' is missing before 'bed'" },
	{ "scope all\nend", 2,
	  "t:1: 'noio', 'nofs', 'noreclaim' or 'pin' is missing before 'all'" },
	{ "repeat 1\nprint 1\n\nprint x\nend", 2, "t:4: no variable 'x'" },
	{ "boot mem=banana", 2, "t:1: no machine boots with 'mem=banana'" },
	{ "cat /proc/nothing", 2, "t:1: cat /proc/nothing: No such file" },
	{ "cat", 2, "t:1: cat: which file?" },
	{ "set /proc/buddyinfo 1", 2, "t:1: set /proc/buddyinfo 1: Permission denied" },
	{ "set /proc/sys/vm/min_free_kbytes \"x\"", 2, "Invalid argument" },
	{ "set /proc/sys/vm/min_free_kbytes", 2, "t:1: set needs value: set path value" },
	{ "print said(1)", 2, "t:1: said(text): argument 1 is to be a text, and is a number" },
	{ "f = fragment chessboard", 2,
	  "t:1: fragment chessboard: not so; 'kalloc fragment --help'" },
	{ "f = fragment target order=3", 2, "t:1: fragment target order=3: not so" },
	{ "print unusable(11)", 2, "t:1: unusable: the machine has no order 11" },
	{ "print random(0)", 2, "t:1: random: below 0 there is nothing" },
	{ "predict 1", 2, "t:1: predict needs question" },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char whole[1024], *output;
		int status = script_run(rows[i].text, &output);
		bool is;

		/* A row of status 0 leaves out the line at the end; one that ends in a blank, more. */
		snprintf(whole, sizeof(whole), "%s\nt: ", rows[i].output ? rows[i].output : "");
		if (rows[i].output && *rows[i].output &&
		    rows[i].output[strlen(rows[i].output) - 1] == ' ')
			snprintf(whole, sizeof(whole), "%s", rows[i].output);
		if (rows[i].status == 0)
			is = !rows[i].output || !*rows[i].output ||
			     strncmp(output, whole, strlen(whole)) == 0;
		else if (rows[i].status == 1)
			is = strcmp(output, rows[i].output) == 0;
		else
			is = strstr(output, rows[i].output) != NULL;
		if (status != rows[i].status || !is)
			fail_msg("%s\nstatus %d, expected %d and '%s':\n%s", rows[i].text, status,
				 rows[i].status, rows[i].output, output);
		free(output);
	}
}

/* Nothing of a bad script runs, wherever it is bad. */
static void test_parsed_before_it_runs(void **state)
{
	char *output;

	assert_int_equal(script_run("print 1\nprint 2\nprint (", &output), 2);
	assert_null(strstr(output, "1\n2"));
	free(output);
}

static void test_keep_going(void **state)
{
	char *output;

	assert_int_equal(script_run_with((struct session_options){ .keep_going = true },
					 "expect 0\nexpect 1\nexpect 0\nprint 5", &output),
			 1);
	assert_non_null(strstr(output, "t:3: not as expected"));
	assert_non_null(strstr(output, "5\nt: 1 expectations held, 2 failed"));
	free(output);
}

static void test_may_leak(void **state)
{
	char *output;

	assert_int_equal(script_run_with((struct session_options){ .may_leak = true },
					 "p = kmalloc 100", &output),
			 0);
	assert_string_equal(output, "t: 0 expectations held\n");
	free(output);
}

static void test_echo(void **state)
{
	char *output;

	assert_int_equal(script_run_with((struct session_options){ .echo = true },
					 "# head\nrepeat 2 as i\n  print i\nend\n# tail", &output),
			 0);
	assert_string_equal(output, "# head\nrepeat 2 as i\n  print i\n0\n1\nend\n# tail\n"
				    "t: 0 expectations held\n");
	free(output);
}

/* A question is not read before it is asked, for its answer stands there. */
static void test_echo_hides_answers(void **state)
{
	char answers[] = "3\n";
	FILE *file = fmemopen(answers, strlen(answers), "r");
	char *output;

	assert_int_equal(script_run_with((struct session_options){ .answers = file, .echo = true },
					 "# one\nx = predict 3 \"How many?\"\nexpect x == 3\n",
					 &output),
			 0);
	assert_string_equal(output, "# one\nHow many?\n? expect x == 3\nt: 1 expectations held\n");
	free(output);
	fclose(file);
}

/* Answers are expressions; what is none is asked for again, and the last answer is the script's. */
static void test_predict(void **state)
{
	char answers[] = "\nx +\n3 * 4\n ?\n";
	FILE *file = fmemopen(answers, strlen(answers), "r");
	char *output;

	assert_int_equal(
		script_run_with((struct session_options){ .answers = file, .keep_going = true },
				"x = predict 12 \"Three fours?\"\n"
				"z = predict \"zed\" \"Who?\"\n"
				"y = predict 7 \"No answer?\"\nexpect x == 12\nprint y",
				&output),
		0);
	assert_string_equal(output,
			    "Three fours?\n"
			    "? A number, a text in double quotes, or an expression, please; "
			    "or ? for the answer.\n"
			    "? A number, a text in double quotes, or an expression, please; "
			    "or ? for the answer.\n"
			    "? Who?\n? It is zed.\nNo answer?\n? \n7\nt: 1 expectations held\n");
	free(output);
	fclose(file);
}

/* Equal scripts give equal frames, and so do equal seeds. */
static void test_deterministic(void **state)
{
	static const char text[] =
		"seed 3\nf = fragment target order=4 index=0.7 seed=9\nrepeat 200 as i\n"
		"p[i] = alloc_pages order=random(4)\nend\n"
		"repeat 100\nfree p[random(100)]\nprint nr_free\nend\n"
		"repeat 200 as i\nprint p[i] pfn\nend\nfree p f";
	char *output[2];

	for (int i = 0; i < 2; i++)
		script_run_with((struct session_options){ .keep_going = true }, text, &output[i]);
	assert_string_equal(output[0], output[1]);
	free(output[0]);
	free(output[1]);
}

static void test_suggest(void **state)
{
	assert_string_equal(suggest("alloc_page", 10, suggest_verb), "alloc_pages");
	assert_string_equal(suggest("kmem_cache_aloc", 15, suggest_verb), "kmem_cache_alloc");
	assert_string_equal(suggest("vmstet", 6, suggest_function), "vmstat");
	assert_null(suggest("banana", 6, suggest_verb));
	assert_null(suggest("xy", 2, suggest_verb));
	assert_null(suggest("a_word_that_is_longer_than_all_of_them", 38, suggest_verb));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	   cmocka_unit_test(test_parsed_before_it_runs),
		cmocka_unit_test(test_keep_going), cmocka_unit_test(test_may_leak),
		cmocka_unit_test(test_echo),	   cmocka_unit_test(test_echo_hides_answers),
		cmocka_unit_test(test_predict),	   cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
