/* SPDX-License-Identifier: MIT */
/*
 * Proves "kalloc exec" and libkalloc-malloc.so as their users meet them: programs do all that
 * exercise.c does, and the shell's children too; exit statuses are the program's; what
 * cannot be done is said in one line; each process that asks for it leaves its report.
 */
#include <stdbool.h>
#include <sys/wait.h>

#include "tools/files.h"

#define EXERCISE "\"$EXERCISE\" "
#define PRELOAD	 "LD_PRELOAD=\"$PRELOAD\" "

/* Run "COMMAND" in a shell, gather what it prints. Return: its exit status, -1 if it crashed. */
static int run(const char *command, char *output, size_t size)
{
	char line[2048];
	FILE *pipe;
	size_t len;
	int status;

	snprintf(line, sizeof(line), "exec 2>&1; %s", command);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	len = fread(output, 1, size - 1, pipe);
	output[len] = '\0';
	while (fgetc(pipe) != EOF)
		;
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct row {
	const char *command;
	int status;
	const char *expected; /* all of the output, where it has no '*' at its end */
};

static bool is_as_expected(const char *output, const char *expected)
{
	size_t len = strlen(expected);

	if (len && expected[len - 1] == '*')
		return strncmp(output, expected, len - 1) == 0;
	return strcmp(output, expected) == 0;
}

static void run_rows(const struct row *rows, size_t nr)
{
	static char output[65536];

	for (size_t i = 0; i < nr; i++) {
		int status = run(rows[i].command, output, sizeof(output));

		if (status != rows[i].status || !is_as_expected(output, rows[i].expected))
			fail_msg("%s: status %d, expected %d and '%s':\n%s", rows[i].command,
				 status, rows[i].status, rows[i].expected, output);
	}
}

#define RUN_ROWS(rows) run_rows(rows, sizeof(rows) / sizeof(rows[0]))
#define EXEC	       "\"$KALLOC\" exec "

static void test_programs(void **state)
{
	static const struct row rows[] = {
		{ EXEC EXERCISE "family", 0, "family: good\n" },
		{ EXEC EXERCISE "before-main", 0, "before-main: good\n" },
		{ EXEC EXERCISE "threads", 0, "threads: good\n" },
		{ EXEC EXERCISE "forks", 0, "forks: good\n" },
		{ EXEC EXERCISE "streams", 0, "streams: good\n" },
		{ EXEC EXERCISE "closed", 0, "closed: good\n" },
		{ EXEC EXERCISE "limited", 0, "limited: good\n" },
		{ EXEC EXERCISE "names", 0, "names: good\n" },
		{ EXEC EXERCISE "signals", 0, "signals: good\n" },
		{ EXEC EXERCISE "replaced", 5, "" },
		{ EXEC EXERCISE "jailed", 0, "jailed: good\n" },
		{ EXEC "--mem=1G " EXERCISE "ends 2>/dev/null", 0, "ends: good\n" },
		{ EXEC EXERCISE "family <&- >&- 2>&-", 0, "" },
		{ EXEC "--report=report " EXERCISE
		       "family <&- >&- 2>&-; ls report/exercise.*; rm -r report",
		  0, "console\nproc\nsummary\n" },
		{ "LD_PRELOAD=\"$HANDLERS\" " EXEC EXERCISE "forks", 0, "forks: good\n" },
		{ "HANDLERS_CLEAR=1 LD_PRELOAD=\"$PRELOAD:$HANDLERS\" " EXERCISE "family", 0,
		  "family: good\n" },
		{ EXEC "--machine=slub_debug=FZPU " EXERCISE "family", 0, "family: good\n" },
		{ EXEC "--machine=kalloc.kvmalloc=vmap " EXERCISE "family", 0, "family: good\n" },
		{ EXEC "--machine='numa=fake=2 init_on_alloc=1' " EXERCISE "family", 0,
		  "family: good\n" },
		{ EXEC "--machine='kalloc.ram=shared mem=1G' " EXERCISE "forks", 0,
		  "forks: good\n" },
		{ EXEC "--machine=page_owner=on " EXERCISE "threads", 0, "threads: good\n" },
		{ "GLIBC_TUNABLES=glibc.pthread.rseq=0 " EXEC EXERCISE "threads", 0,
		  "threads: good\n" },
	};

	RUN_ROWS(rows);
}

static void test_statuses(void **state)
{
	static const struct row rows[] = {
		{ EXEC "sh -c 'exit 3'", 3, "" },
		{ EXEC "-- sh -c 'exit 0'", 0, "" },
		{ EXEC EXERCISE "leave", 5, "" },
		{ EXEC EXERCISE "nothing", 2, "usage: *" },
		{ "{ " EXEC "sh -c 'kill -9 $$'; } 2>/dev/null; echo $?", 0, "137\n" },
		{ EXEC "/nonexistent/program", 127,
		  "kalloc exec: /nonexistent/program: No such file or directory\n" },
		{ EXEC "no-such-program", 127,
		  "kalloc exec: no-such-program: No such file or directory\n" },
		{ EXEC "/dev/null", 126, "kalloc exec: /dev/null: Permission denied\n" },
		{ EXEC "/", 126, "kalloc exec: /: Permission denied\n" },
		{ "printf 'exit 9' >plain; " EXEC "./plain; echo $?; PATH=$PWD:$PATH " EXEC
		  "plain; echo $?; chmod +x plain; " EXEC "./plain; echo $?; rm plain",
		  0,
		  "kalloc exec: ./plain: Permission denied\n126\n"
		  "kalloc exec: plain: Permission denied\n126\n9\n" },
		{ EXEC "/etc/passwd/program", 126,
		  "kalloc exec: /etc/passwd/program: Not a directory\n" },
		{ "cd \"$(dirname \"$ASAN_INIT\")\"; " EXEC "./asan-init", 126,
		  "kalloc exec: ./asan-init: built with a sanitizer, which has a malloc() of its "
		  "own: the two do not go together\n" },
		{ "PATH=\"$(dirname \"$OWN_MALLOC\")\"; " EXEC "own-malloc", 126,
		  "kalloc exec: own-malloc: has a malloc() of its own\n" },
	};

	RUN_ROWS(rows);
}

static void test_refused(void **state)
{
	static const struct row rows[] = {
		{ EXEC "", 2, "kalloc exec: no PROGRAM given\n*" },
		{ EXEC "--", 2, "kalloc exec: no PROGRAM given\n*" },
		{ EXEC "--colour true", 2, "kalloc exec: unrecognized option '--colour'\n*" },
		{ EXEC "--mem", 2, "kalloc exec: option '--mem' requires an argument\n*" },
		{ EXEC "''", 127, "kalloc exec: : No such file or directory\n" },
		{ EXEC "--mem=banana true", 2, "kalloc: mem=banana: not a size\n" },
		{ EXEC "--machine=colour=red true", 2, "kalloc: unknown parameter 'colour=red'\n" },
		{ EXEC "--machine='mem=1G highmem=64M' true", 2,
		  "kalloc: kalloc.ram=private: no highmem=, which is seen by mapping it\n" },
		{ EXEC "--report=/dev/null true", 2, "kalloc exec: --report=/dev/null: *" },
		{ ": >plain; " EXEC "--report=plain true; echo $?; rm plain", 0,
		  "kalloc exec: --report=plain: Not a directory\n2\n" },
		{ EXEC "--report=/nonexistent/folder true", 2,
		  "kalloc exec: --report=/nonexistent/folder: No such file or directory\n" },
		{ EXEC "--library=/nonexistent true", 1,
		  "kalloc exec: /nonexistent: No such file or directory\n" },
		{ EXEC "--library=/etc/passwd true", 1,
		  "kalloc exec: /etc/passwd: no library with a malloc()\n" },
		{ EXEC "--library=/bin true", 1, "kalloc exec: *" },
		{ EXEC "--library=\"$HANDLERS\" true", 1, "kalloc exec: *" },
		/* Where it is not even installed. */
		{ "mkdir d; cp \"$KALLOC\" d; d/kalloc exec true 2>&1 |"
		  " grep -cv '^kalloc exec: libkalloc-malloc.so: No such file or directory$'; rm -r d",
		  0, "0\n" },
		{ "ln -sf \"$PRELOAD\" 'a b'; " EXEC "--library='a b' true; rm 'a b'", 0, "" },
		{ "mkdir 'c d'; cp \"$PRELOAD\" 'c d/p'; " EXEC
		  "--library='c d/p' true; echo $?; rm -r 'c d'",
		  0, "kalloc exec: *" },
	};

	RUN_ROWS(rows);
}

/* Where there is no room for a machine the program runs all the same, and it is said. */
static void test_without_machine(void **state)
{
	static const struct row rows[] = {
		{ "ulimit -v 2000000; " PRELOAD EXERCISE "before-main", 0,
		  "kalloc: malloc: mem=128M: the host refuses the memory or address space (error "
		  "-12): exercise runs on the C library's malloc()\nbefore-main: good\n" },
		{ "ulimit -v 2000000; " PRELOAD EXERCISE "threads", 0, "kalloc: malloc: *" },
		{ "ulimit -v 20000000; " PRELOAD EXERCISE "family", 0, "family: good\n" },
		{ "KALLOC_MALLOC='colour=red' " PRELOAD EXERCISE "before-main", 0,
		  "kalloc: malloc: unknown parameter 'colour=red': exercise runs on the C "
		  "library's malloc()\nbefore-main: good\n" },
		{ "ulimit -v 2000000; " EXEC "true", 1, "kalloc: mem=*" },
		{ "KALLOC_MALLOC=$(printf %5000s x) " PRELOAD EXERCISE "before-main", 0,
		  "kalloc: malloc: KALLOC_MALLOC is too long: exercise runs on *" },
	};

	RUN_ROWS(rows);
}

/* A full machine is said once, and not to those who ask for more than it could have. */
static void test_full(void **state)
{
	static const struct row rows[] = {
		{ EXEC "--mem=256M " EXERCISE "full 2>/dev/null", 0, "full: good\n" },
		{ EXEC "--mem=256M " EXERCISE "full 2>&1 >/dev/null | sed 's/[0-9][0-9]*/N/g'", 0,
		  "kalloc: malloc: exercise[N]: no memory for N bytes; N of the machine's N KiB are "
		  "free\n" },
		/* 3 GiB */
		{ EXEC "--mem=2G " EXERCISE "family 2>&1 | head -n 1", 0, "line *" },
	};

	RUN_ROWS(rows);
}

/* The environment of kalloc exec is its children's, and an outer one's is not. */
static void test_environment(void **state)
{
	static const struct row rows[] = {
		{ EXEC "--mem=1G --machine=nr_cpus=2 sh -c 'echo \"$KALLOC_MALLOC\"'", 0,
		  "nr_cpus=2 mem=1G\n" },
		{ "LD_PRELOAD=/nonexistent.so " EXEC "sh -c 'echo \"$LD_PRELOAD\"' 2>/dev/null |"
		  " grep -c 'libkalloc-malloc.so:/nonexistent.so$'",
		  0, "1\n" },
		{ EXEC "--stats sh -c '" EXEC "true'", 0, "kalloc: malloc: *" },
		{ "KALLOC_MALLOC_STATS=1 " EXEC "true", 0, "" },
	};

	RUN_ROWS(rows);
}

/* One line, and the figures in it are plain. */
static void test_stats(void **state)
{
	static char output[65536];
	unsigned long allocations, frees, failures, live, peak;
	char name[64];
	int pid;

	assert_int_equal(run(EXEC "--stats " EXERCISE "family", output, sizeof(output)), 0);
	assert_int_equal(sscanf(strstr(output, "kalloc: malloc: "),
				"kalloc: malloc: %63[^[][%d]: %lu allocations, %lu frees, %lu "
				"failures; %lu KiB live, peak %lu KiB",
				name, &pid, &allocations, &frees, &failures, &live, &peak),
			 7);
	assert_string_equal(name, "exercise");
	assert_true(allocations >= frees && frees > 100);
	assert_in_range(failures, 6, 20);
	assert_in_range(peak, 3 << 20, 4 << 20);
	assert_true(live < 100);
}

/* Which report files there are, and what the summary says. */
static void test_report(void **state)
{
	static char output[65536];
	static const struct row rows[] = {
		{ EXEC "--report=report --mem=256M " EXERCISE "full 2>/dev/null", 0,
		  "full: good\n" },
		{ "cd report/exercise.* && find . -type f | LC_ALL=C sort", 0,
		  "./console\n./proc/buddyinfo\n./proc/cmdline\n./proc/meminfo\n"
		  "./proc/pagetypeinfo\n./proc/slabinfo\n./proc/vmallocinfo\n./proc/vmstat\n"
		  "./proc/zoneinfo\n./summary\n" },
		{ "cat report/exercise.*/proc/cmdline", 0, "kalloc.ram=private  mem=256M\n" },
		{ "grep -c '^kmalloc-64 ' report/exercise.*/proc/slabinfo", 0, "1\n" },
		{ "head -n 1 report/exercise.*/console", 0, "kalloc: vmalloc error: *" },
		{ "rm -r report", 0, "" },
		/* exit(), _exit(), and each process; who shares its parent's memory has none. */
		{ EXEC "--report=report sh -c '(:); " EXERCISE "leave; " EXERCISE
		       "shared-child'; ls report | sed 's/[.].*//' | LC_ALL=C sort",
		  0, "shared-child: good\nexercise\nexercise\nsh\nsh\n" },
		{ "cat report/exercise.*/summary | grep -c '^allocations [1-9]'", 0, "2\n" },
		{ "rm -r report", 0, "" },
		{ EXEC "--report=report " EXERCISE "shared-child & wait; ls -d report/exercise.$!",
		  0, "shared-child: good\nreport/exercise.*" },
		{ "rm -r report", 0, "" },
		{ EXEC "--stats \"$QUIET\"", 0, "kalloc: malloc: quiet[*" },
	};

	RUN_ROWS(rows);
	/* A file stands in the way of the folder. */
	assert_int_equal(run(EXEC "--report=report sh -c ': >report/sh.$$; exit 4'", output,
			     sizeof(output)),
			 4);
	assert_non_null(strstr(output, "/summary: Not a directory\n"));
	assert_int_equal(run("rm -r report", output, sizeof(output)), 0);
}

/* Each call, by threads and over forks, as kalloc replay reads it. */
static void test_trace(void **state)
{
	static const struct row rows[] = {
		{ EXEC "--trace true", 2,
		  "kalloc exec: --trace writes to the files of --report=DIR\n*" },
		{ "KALLOC_MALLOC_TRACE=1 " EXEC "--report=report true; ls report/true.*/trace", 2,
		  "ls: *" },
		{ "rm -r report", 0, "" },
		{ EXEC "--report=report --trace " EXERCISE "threads", 0, "threads: good\n" },
		{ "\"$KALLOC\" replay report/exercise.*/trace >played; echo $?; cut -d: -f2"
		  " report/exercise.*/trace | cut -d' ' -f2 | sort -u",
		  0, "0\nkfree\nkmalloc\n" },
		{ "grep -E '^(unmatched|born)' played | tr -s ' '", 0,
		  "unmatched frees 0\nborn before the trace 0\n" },
		/* What is left of it are the slots that threads share. */
		{ "awk '/kmalloc:/ { n++ } /kfree:/ { n-- } END { print n < 200 }'"
		  " report/exercise.*/trace; rm -r report",
		  0, "1\n" },
		{ EXEC "--report=report --trace " EXERCISE "forks", 0, "forks: good\n" },
		/* What another one of the pair wrote is in no file. */
		{ "for f in report/*/trace; do d=${f%/trace}; grep -cv -- \"-${d##*.} \" $f; done |"
		  " sort -u; rm -r report played",
		  0, "0\n" },
	};

	RUN_ROWS(rows);
}

/* What the shell makes lies in a folder of its own. */
static int enter_folder(void **state)
{
	static char folder[] = "kalloc-test-XXXXXX";

	*state = folder;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	return chdir("..") || rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),    cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_refused),	    cmocka_unit_test(test_without_machine),
		cmocka_unit_test(test_environment), cmocka_unit_test(test_stats),
		cmocka_unit_test(test_report),	    cmocka_unit_test(test_full),
		cmocka_unit_test(test_trace),
	};

	return cmocka_run_group_tests_name("exec", tests, enter_folder, leave_folder);
}
