/* SPDX-License-Identifier: MIT */
/*
 * Proves the command as its user meets it: exit status and message for good and
 * for bad arguments and files, that the replay's report carries its figures, that parity
 * tells where a transcript was changed, and that scripts are run.
 */
#include <sys/wait.h>

#include "files.h"

/* Run "kalloc ARGUMENTS", gather what it prints. Return: its exit status, -1 if it crashed. */
static int run(const char *arguments, char *output, size_t size)
{
	const char *kalloc = getenv("KALLOC");
	char line[1024];
	FILE *pipe;
	size_t len;
	int status;

	assert_non_null(kalloc);
	snprintf(line, sizeof(line), "exec 2>&1; '%s' %s", kalloc, arguments);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	len = fread(output, 1, size - 1, pipe);
	output[len] = '\0';
	while (fgetc(pipe) != EOF)
		;
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define SCENARIO(name) TEST_SCENARIOS "/" name

static const struct {
	const char *arguments;
	int status;
	const char *expected;
} rows[] = {
	{ "--help", 0, "replay TRACE" },
	{ "--version", 0, "kalloc " },
	{ "boot --help", 0, "--list" },
	{ "replay --help", 0, "--cmdline" },
	{ "--help", 0, "parity FILE..." },
	{ "parity --help", 0, "FILE..." },
	{ "--help", 0, "fragment PROFILE" },
	{ "fragment --help", 0, "--restore" },
	{ "", 2, "Usage" },
	{ "frobnicate", 2, "unknown command 'frobnicate'" },
	{ "help", 0, "replay TRACE" },
	{ "help run", 0, "Usage: kalloc run [OPTION...] SCRIPT" },
	{ "help frobnicate", 2, "unknown command 'frobnicate'" },
	{ "boot", 2, "no CMDLINE" },
	{ "boot mem=64M", 0, "Page map by type" },
	{ "boot mem=64M --map=order", 0, "Page map by free order" },
	{ "boot mem=64M --map=colour", 2, "--map=colour" },
	{ "boot mem=64M -- cat /proc/buddyinfo", 0, "Node 0, zone" },
	{ "boot mem=64M -- cat /proc/nothing", 2, "/proc/nothing: No such file" },
	{ "boot mem=64M -- cat", 2, "cat needs a path" },
	{ "boot mem=64M nr_cpus=2", 2, "'nr_cpus=2' is not 'cat'" },
	{ "boot mem=64M --list", 0, "/proc/slabinfo" },
	{ "boot mem=64M >/dev/full", 1, "standard output: No space left" },
	{ "boot mem=64M --list >/dev/full", 1, "standard output: No space left" },
	{ "boot mem=64M --list", 0, "/sys/kernel/slab/<cache>/objects" },
	{ "boot mem=64M -- cat /sys/kernel/slab/kmalloc-64/object_size", 0, "64\n" },
	{ "boot mem=64M --write-tree", 2, "write-tree" },
	{ "boot mem=64M --write-tree=/dev/null/tree", 1, "/dev/null/tree/proc/buddyinfo: Not a" },
	{ "boot no_such_parameter=1", 2, "no_such_parameter" },
	{ "boot mem=banana", 2, "mem=banana" },
	{ "replay", 2, "no TRACE" },
	{ "replay /nonexistent/trace", 2, "/nonexistent/trace: No such file" },
	{ "replay /dev/null", 2, "/dev/null: not a regular file" },
	{ "replay \"$KALLOC\"", 2, "binary data" },
	{ "replay --caches=many x", 2, "--caches=many" },
	{ "replay --cmdline=nonsense=1 " SAMPLE("ftrace.txt"), 2, "nonsense" },
	{ "replay " SAMPLE("ftrace.txt"), 0, "Verdict: 1 unmatched frees" },
	{ "replay --map=none " SAMPLE("perf.txt"), 0, "Verdict: 0 unmatched frees" },
	{ "replay " SAMPLE("log.txt"), 0, "with the objects born before" },
	{ "replay --help", 0, "--report=FILE.html" },
	{ "run --help", 0, "--report=FILE.html" },
	{ "run --report-every=3 " TEST_SCENARIOS "/other.kalloc", 2,
	  "kalloc run: --report-every: no --report to write to" },
	{ "fragment random --report-caches=dentry", 2,
	  "kalloc fragment: --report-caches: no --report to write to" },
	{ "run --report=/dev/full " TEST_SCENARIOS "/other.kalloc", 1,
	  "--report=/dev/full: No space left" },
	{ "run --report=/nonexistent/r.html " TEST_SCENARIOS "/other.kalloc", 2,
	  "kalloc run: --report=/nonexistent/r.html: No such file" },
	{ "fragment random --mem 16M --load 100 --report=/dev/stdout", 0, "<!doctype html>" },
	{ "fragment random --mem 16M --report=/dev/full", 1, "--report=/dev/full: No space left" },
	{ "fragment random --mem 16M --report=/nonexistent/r.html", 1,
	  "kalloc fragment: --report=/nonexistent/r.html: No such file" },
	{ "replay --report=/dev/stdout " SAMPLE("log.txt"), 0, "<!doctype html>" },
	{ "replay --report=/dev/full " SAMPLE("log.txt"), 1, "--report=/dev/full: No space left" },
	{ "replay --report=/nonexistent/r.html " SAMPLE("log.txt"), 1,
	  "kalloc replay: --report=/nonexistent/r.html: No such file" },
	{ "replay --report=. " SAMPLE("log.txt"), 1, "--report=.: Is a directory" },
	{ "replay --report=/dev/null --cmdline=mem=17G " SAMPLE("log.txt"), 1,
	  "kalloc replay: --report: the machine has 4456447 frames, more than 4194304" },
	{ "replay --report=/dev/null --report-every=0 " SAMPLE("log.txt"), 2, "--report-every=0" },
	{ "replay --report=/dev/null --report-every=1k " SAMPLE("log.txt"), 2,
	  "--report-every=1k" },
	{ "replay --help", 0, "--perfetto=FILE" },
	{ "run --help", 0, "--trace=FILE" },
	{ "replay --trace=/dev/stdout --map=none " SAMPLE("ftrace.txt"), 0, "# tracer: nop\n" },
	{ "replay --trace=/nonexistent/t " SAMPLE("ftrace.txt"), 1,
	  "kalloc replay: /nonexistent/t: No such file" },
	{ "replay --perfetto=/nonexistent/p " SAMPLE("ftrace.txt"), 1,
	  "kalloc replay: /nonexistent/p: No such file" },
	{ "replay --trace=/dev/full " SAMPLE("ftrace.txt"), 1, "/dev/full: No space left" },
	{ "replay --perfetto=/dev/full " SAMPLE("ftrace.txt"), 1, "/dev/full: No space left" },
	{ "replay --trace=/dev/null --perfetto=/dev/null " SAMPLE("ftrace.txt"), 0, "Verdict: 1" },
	{ "replay --events=kmem:kfree " SAMPLE("ftrace.txt"), 2,
	  "--events: no --trace or --perfetto" },
	{ "replay --trace=/dev/null --events=kmem:nothing " SAMPLE("ftrace.txt"), 2,
	  "kalloc replay: kmem:nothing: names no event" },
	{ "run --trace=/nonexistent/t " TEST_SCENARIOS "/other.kalloc", 2,
	  "kalloc run: /nonexistent/t: No such file" },
	{ "run --trace=/dev/full " TEST_SCENARIOS "/other.kalloc", 1, "/dev/full: No space left" },
	{ "parity", 2, "no FILE" },
	{ "parity /nonexistent/transcript", 2, "/nonexistent/transcript: No such file" },
	{ "parity " SAMPLE("frames.txt"), 0,
	  "/frames.txt: frames 4/4, failures 1/1, final lists equal\n" },
	{ "parity " SAMPLE("frames.txt") " " SAMPLE("frames.txt"), 0, "equal\n" },
	{ "parity " SAMPLE("log.txt"), 2, "/log.txt: line 1: not a transcript" },
	{ "fragment", 2, "no PROFILE given" },
	{ "fragment chessboard", 2, "kalloc: fragment: 'chessboard': not checkerboard, " },
	{ "fragment random 0.5", 2, "'0.5': one profile at a time, in quotes if it has words" },
	{ "fragment random --fraction 1.5", 2, "fraction=1.5: must be 0 to 1" },
	{ "fragment random --fraction", 2, "requires an argument" },
	{ "fragment random --index 0.5", 2, "index= says nothing to random" },
	{ "fragment random --ratio 1", 2, "ratio=1: must be MOVABLE:UNMOVABLE" },
	{ "fragment random --nothing", 2, "unrecognized option" },
	{ "fragment target --order 9", 2, "target needs index=" },
	{ "fragment target --order 3 --index 0.95 --of extfrag", 2, "cannot be had of what is" },
	{ "fragment random --zone Normal", 2, "this machine has no such zone" },
	{ "fragment random --mem banana", 2, "banana" },
	{ "fragment random --mem 1M", 2, "node 1 must have no memory, or at least 4M" },
	{ "fragment random --mem 64M --cmdline mem=64M", 2, "one machine at a time" },
	{ "fragment random --cmdline nonsense=1", 2, "nonsense" },
	{ "fragment random --load many", 2, "--load=many: not a number" },
	{ "fragment random --map colour", 2, "--map=colour" },
	{ "fragment fitted", 2, "fitted needs --trace" },
	{ "fragment aged --trace " SAMPLE("ftrace.txt"), 2, "--trace says nothing to aged" },
	{ "fragment fitted --trace /nonexistent/trace", 2, "/nonexistent/trace: No such file" },
	{ "fragment fitted --mix 0:1 --trace " SAMPLE("ftrace.txt"), 2, "mix=: fitted reads that" },
	{ "fragment fitted --trace " SAMPLE("ftrace.txt"), 0, "mix=0u:" },
	{ "fragment \"fitted seed=3\" --steps 10 --trace " SAMPLE("ftrace.txt"), 0,
	  "aged seed=3 node=1 fraction=0.8 ratio=0:1 steps=10 mix=" },
	{ "fragment random --restore x", 2, "--restore: the file says which profile" },
	{ "fragment --restore x --seed 3", 2, "--restore: the file says which profile" },
	{ "fragment --restore x --mem 64M", 2, "--restore: the file says which profile" },
	{ "fragment --restore /nonexistent/layout", 2, "/nonexistent/layout: No such file" },
	{ "fragment --restore " SAMPLE("log.txt"), 2, "/log.txt: line 1: not a transcript" },
	{ "fragment --restore " SAMPLE("frames.txt"), 0, "held   0 unmovable, 3 movable" },
	{ "fragment random --save /nonexistent/layout", 1, "/nonexistent/layout: No such file" },
	{ "fragment random --save /dev/full", 1, "/dev/full: No space left" },
	{ "fragment random --cmdline mem=64M --save /dev/null", 1,
	  "/dev/null: a zone that begins where each machine has one" },
	{ "fragment random >/dev/full", 1, "standard output: No space left" },
	{ "fragment checkerboard --mem 64M --map order", 0, "Page map by free order" },
	{ "fragment checkerboard --mem 4G", 0, "node 1, Normal: 1048576 frames, 524287 free" },
	{ "fragment checkerboard --cmdline mem=64M", 0, "node 0, DMA32: 12288 frames" },
	{ "fragment 'target order=9' --index 0.8 --seed 7", 0,
	  "target seed=7 node=1 order=9 index=0.8 of=unusable ratio=0:1\n"
	  "zone   node 1, DMA32: 65536 frames, 65434 free\n"
	  "held   101 unmovable, 0 movable, 0 reclaimable; fingerprint 393489478acb5929\n"
	  "level  unusable_index at order 9: 0.800\n"
	  "\n"
	  "                      unusable_index       extfrag_index\n"
	  "order  free blocks   target  achieved    target  achieved\n"
	  "    0          102        -     0.000         -    -1.000\n" },
	{ "fragment 'target order=9' --index 0.8 --seed 7", 0,
	  "    9           20    0.800     0.796         -    -1.000\n" },
	{ "fragment unmovable-scatter", 0,
	  "    9            0    1.000     1.000     0.889     0.889\n" },
	{ "fragment target --order 9 --index 0.6 --load 20000", 0,
	  "\n  requests   in use    before  sustained      held\n      2000 " },
	{ "--help", 0, "run SCRIPT" },
	{ "--help", 0, "  shell " },
	{ "shell --help", 0, "Tab completes" },
	{ "shell one", 2, "Too many arguments" },
	{ "shell </dev/null", 0, "" },
	{ "shell <" SCENARIO("pages.kalloc"), 0, "" },
	{ "run --help", 0, "--keep-going" },
	{ "run", 2, "no SCRIPT" },
	{ "run one two", 2, "one SCRIPT only: 'two'" },
	{ "run /nonexistent/script", 2, "/nonexistent/script: No such file" },
	{ "run /", 2, "kalloc run: /: Is a directory" },
	{ "run \"$KALLOC\"", 2, "binary data" },
	{ "run --verbs", 0, "alloc_pages [gfp] [order] [nid]" },
	{ "run --verbs", 0, "\nFunctions\n  pfn(thing[, page])" },
	{ "run - </dev/null", 0, "-: 0 expectations held\n" },
	{ "run " SCENARIO("pages.kalloc"), 0, "expectations held\n" },
	{ "run --echo " SCENARIO("pages.kalloc"), 0, "p = alloc_pages order=3\n" },
	{ "run --ask " SCENARIO("other.kalloc") " </dev/null", 0, "from 1M up?\n? " },
	{ "run " SCENARIO("pages.kalloc") " >/dev/full", 1, "standard output: No space left" },
};

static void test_rows(void **state)
{
	static char output[65536];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = run(rows[i].arguments, output, sizeof(output));

		if (status != rows[i].status || !strstr(output, rows[i].expected))
			fail_msg("kalloc %s: status %d, expected %d and '%s':\n%s",
				 rows[i].arguments, status, rows[i].status, rows[i].expected,
				 output);
	}
}

static void test_truncated_names_the_line(void **state)
{
	static char output[65536];
	size_t len;
	char *bytes = files_read(SAMPLE("ftrace.txt"), &len);
	char *path = files_make(bytes, len - 20);
	char arguments[64];

	snprintf(arguments, sizeof(arguments), "replay %s", path);
	assert_int_equal(run(arguments, output, sizeof(output)), 2);
	assert_non_null(strstr(output, path));
	assert_non_null(strstr(output, "line 24"));
	files_drop(path);
	free(bytes);
}

/* A changed transcript: what is printed of the first divergence, and the exit status. */
static const struct {
	const char *from, *to;
	int status;
	const char *expected;
} divergences[] = {
	{ "A 1 0 202808 4801", "A 1 0 202808 4802", 1,
	  "frames 3/4, failures 1/1, final lists equal\n"
	  "  first divergence: line 9, allocation 1: order 0, movable, gfp 0x202808 "
	  "(GFP_NOWAIT|__GFP_NOWARN|__GFP_THISNODE|__GFP_MOVABLE)\n"
	  "    Linux   4802: before the call in block 4802, entry 2 of per-CPU list 1 (order 0)\n"
	  "    kalloc  4801: before the call in block 4801, entry 1 of per-CPU list 1 (order 0)\n"
	  "  before the call, on both sides:\n"
	  "    per-CPU list 1 (order 0): 4801/movable 4802/movable\n"
	  "    free list of order 0, movable: 4803\n"
	  "    marks: min 10 low 12 high 15, boost 0; high-atomic reserve 0\n"
	  "    free: 1024 folded -3, threshold 4; per-CPU 2, high 60 batch 3 factor 0\n"
	  "  after it, kalloc:\n"
	  "    per-CPU list 1 (order 0): 4802/movable\n"
	  "    free list of order 0, movable: 4803\n"
	  "    marks: min 10 low 12 high 15, boost 0; high-atomic reserve 0\n"
	  "    free: 1024 folded -3, threshold 4; per-CPU 1, high 60 batch 3 factor 0\n"
	  "  what Linux gave from then on for this order and type: 4802 4800\n" },
	{ "A 3 10 202808 0", "A 3 10 202808 4400", 1, "Linux   4400: before the call in use\n" },
	{ "A 3 10 202808 0", "A 3 10 202808 4400", 1, "kalloc  failed\n" },
	{ "A 3 10 202808 0", "A 3 10 202808 4400", 1, "frames 4/5, failures 0/0" },
	{ "A 4 0 202808 4800", "A 4 0 202808 0", 1, "frames 3/3, failures 1/2" },
	{ "F 0 0 1 4803", "F 0 0 1 4801", 1,
	  "frames 4/4, failures 1/1, final lists differ\n"
	  "  first divergence: at the end, free list of order 0, movable, from entry 1 on\n"
	  "    Linux:  4801\n"
	  "    kalloc: 4803\n"
	  "  at the end, Linux:\n" },
	{ "F 1 1 1 4802", "F 1 1 0 4802", 1, "    Linux:  4802/unmovable\n" },
	{ "F 1 1 1 4802", "F 1 0 0 4802", 1,
	  "per-CPU list 0 (order 0), from entry 1 on\n"
	  "    Linux:  4802/unmovable\n"
	  "    kalloc: (nothing)\n" },
	{ "B 4a00 1 1 0", "B 4a00 1 2 0", 1,
	  "at the end, pageblock 4a00: Linux reclaimable, kalloc movable\n" },
	{ "boost1 0", "boost1 512", 1,
	  "final lists differ\n  first divergence: at the end, the counts\n" },
	{ "ha1 0", "ha1 512", 1, "high-atomic reserve 512" },
	{ "ff1 0 diff1", "ff1 3 diff1", 1, "factor 3" },
	{ "diff1 0 gfree1 1021", "diff1 2 gfree1 1019", 1, "free: 1019 folded +2" },
	{ "F 0 0 1 4803", "F 0 0 1 4802", 2, ": line 24: frame 4802 is free twice\n" },
	{ "B 4800 1 1 0", "B 4800 1 1 1", 2, "pageblock 4800: 1 frames movable, 0 in use" },
	{ "A 3 10 202808 0", "A 3 10 20ac08 0", 2, ": line 12: gfp 0x20ac08: it may sleep" },
};

static void test_divergences(void **state)
{
	static char output[65536];

	for (size_t i = 0; i < sizeof(divergences) / sizeof(divergences[0]); i++) {
		char *path =
			files_edit(SAMPLE("frames.txt"), divergences[i].from, divergences[i].to);
		char arguments[64];
		int status;

		snprintf(arguments, sizeof(arguments), "parity %s", path);
		status = run(arguments, output, sizeof(output));
		if (status != divergences[i].status || !strstr(output, divergences[i].expected))
			fail_msg("%s for %s: status %d, expected %d and '%s':\n%s",
				 divergences[i].to, divergences[i].from, status,
				 divergences[i].status, divergences[i].expected, output);
		files_drop(path);
	}
}

/* One bad file does not keep the others from being compared, and decides the status. */
static void test_several_files(void **state)
{
	static char output[65536];
	char *differs = files_edit(SAMPLE("frames.txt"), "boost1 0", "boost1 512");
	char arguments[512];

	snprintf(arguments, sizeof(arguments), "parity %s %s", differs, SAMPLE("frames.txt"));
	assert_int_equal(run(arguments, output, sizeof(output)), 1);
	assert_non_null(strstr(output, "final lists equal"));
	snprintf(arguments, sizeof(arguments), "parity /nonexistent %s", differs);
	assert_int_equal(run(arguments, output, sizeof(output)), 2);
	assert_non_null(strstr(output, "final lists differ"));
	files_drop(differs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_truncated_names_the_line),
		cmocka_unit_test(test_divergences),
		cmocka_unit_test(test_several_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
