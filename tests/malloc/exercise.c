/* SPDX-License-Identifier: MIT */
/*
 * A program that does to its malloc() what programs do, for test_exec.c to run under
 * "kalloc exec": exercise CASE. It prints what is wrong and ends with 1, or "CASE: good".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "exercise.h"

/* --- before main(), and without an environment ---------------------------- */

static char *early, *early_too;
static void *constructed;

static int resolved(void)
{
	return 7;
}

/* The dynamic linker calls this while it puts the program together. */
static __attribute__((used)) int (*resolve(void))(void)
{
	free(malloc(10));
	early = realloc(malloc(100), 300);
	early_too = malloc(10);
	strcpy(early, "early");
	return resolved;
}

static int chosen(void) __attribute__((ifunc("resolve")));

static void __attribute__((constructor)) construct(void)
{
	constructed = malloc(100);
}

static void before_main(void)
{
	HOLDS(chosen() == 7);
	HOLDS(constructed && early && strcmp(early, "early") == 0);
	HOLDS(malloc_usable_size(early) >= 300);
	early = realloc(early, 100000);
	HOLDS(early && strcmp(early, "early") == 0);
	free(early);
	free(early_too);
	free(constructed);
	clearenv();
	free(alloc(100));
}

/* --- threads and forks ---------------------------------------------------- */

#define NR_THREADS 4
#define NR_SLOTS   64

static void *slots[NR_SLOTS]; /* what one thread allocated another one frees */

static void *churn(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;

	for (int i = 0; i < 20000; i++) {
		size_t size = (size_t)1 << rand_r(&seed) % (i % 500 ? 12 : 23);
		char *p = alloc(size), *other;

		if (!p)
			return "no memory";
		p[0] = p[size - 1] = 1;
		if (i % 7 == 0)
			p = realloc(p, size / 2 + 1);
		other = __atomic_exchange_n(&slots[rand_r(&seed) % NR_SLOTS], p, __ATOMIC_ACQ_REL);
		if (other && other[0] != 1)
			return "another's contents";
		free(other);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t all[NR_THREADS];
	void *why;

	for (uintptr_t i = 0; i < NR_THREADS; i++)
		HOLDS(pthread_create(&all[i], NULL, churn, (void *)i) == 0);
	for (int i = 0; i < NR_THREADS; i++) {
		HOLDS(pthread_join(all[i], &why) == 0);
		if (why)
			wrong_at(__FILE__, __LINE__, why);
	}
}

/* --- threads that end, small stacks, signals -------------------------------- */

static pthread_key_t key;

/* Runs again as long as there is a value, and frees what another run allocated. */
static void destruct(void *value)
{
	static __thread int nr;
	void *fresh = alloc((size_t)++nr * 3000);

	HOLDS(fresh);
	free(value);
	if (nr < PTHREAD_DESTRUCTOR_ITERATIONS)
		pthread_setspecific(key, fresh);
	else
		free(fresh);
}

static void *use_key(void *arg)
{
	HOLDS(pthread_setspecific(key, alloc(100)) == 0);
	free(__atomic_exchange_n(&slots[0], alloc(5000), __ATOMIC_ACQ_REL));
	if (arg)
		pthread_exit(NULL);
	return NULL;
}

/* All that a request can come to, on the smallest stack there is. */
static void *use_small_stack(void *arg)
{
	for (size_t size = 1; size < 20 * MIB; size = size * 5 / 4 + 1) {
		char *p = calloc(1, size);

		HOLDS(p && (p = realloc(p, 2 * size)) != NULL);
		free(p);
	}
	HOLDS(mallinfo2().arena > 0);
	HOLDS(malloc_trim(0) == 0);
	while (alloc(64 * MIB))
		;
	return arg;
}

static void run_thread(const pthread_attr_t *attr, void *(*function)(void *), uintptr_t arg)
{
	pthread_t thread;

	HOLDS(pthread_create(&thread, attr, function, (void *)arg) == 0);
	HOLDS(pthread_join(thread, NULL) == 0);
}

static void ends(void)
{
	pthread_attr_t attr;

	HOLDS(pthread_key_create(&key, destruct) == 0);
	for (uintptr_t i = 0; i < 300; i++)
		run_thread(NULL, use_key, i % 2);
	HOLDS(pthread_attr_init(&attr) == 0);
	HOLDS(pthread_attr_setstacksize(&attr, (size_t)PTHREAD_STACK_MIN) == 0);
	run_thread(&attr, use_small_stack, 0);
}

static sigjmp_buf after_signal;

static void on_signal(int signal)
{
	free(alloc(9 * MIB));
	free(alloc(100));
	siglongjmp(after_signal, 1);
}

/* A handler that allocates, where the program does not, and does not return. */
static void signals(void)
{
	const stack_t stack = { .ss_sp = alloc(64 << 10), .ss_size = 64 << 10 };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };

	HOLDS(sigaltstack(&stack, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0);
	for (volatile int i = 0; i < 100; i++) {
		if (!sigsetjmp(after_signal, 1))
			raise(SIGUSR1);
		free(alloc(200));
	}
}

/* --- forks and execs -------------------------------------------------------- */

static int wait_for(pid_t pid)
{
	int status = -1;

	HOLDS(pid > 0 && waitpid(pid, &status, 0) == pid);
	return status;
}

static void *churn_for_ever(void *arg)
{
	for (;;)
		churn(arg);
	return NULL;
}

/* The program's own handlers allocate, on every side of a fork. */
static void handler(void)
{
	free(alloc(3000));
}

/* The child of a process with threads goes on with its memory. */
static void forks(void)
{
	char *kept = alloc(9 * MIB);
	pthread_t thread;

	strcpy(kept, "kept");
	HOLDS(pthread_atfork(handler, handler, handler) == 0);
	for (uintptr_t i = 0; i < 2; i++)
		HOLDS(pthread_create(&thread, NULL, churn_for_ever, (void *)i) == 0);
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			char *p = alloc(5 * MIB);

			HOLDS(p && strcmp(kept, "kept") == 0);
			memset(p, 1, 5 * MIB);
			strcpy(kept, "child");
			free(kept);
			if (i == 0)
				threads();
			HOLDS(wait_for(fork() ?: (_exit(0), 0)) == 0);
			_exit(0);
		}
		HOLDS(wait_for(pid) == 0 && strcmp(kept, "kept") == 0);
	}
	free(kept);
	good_at_once("forks");
}

/* Another program takes the place of one whose threads allocate. */
static void replaced(void)
{
	pthread_t thread;

	for (uintptr_t i = 0; i < 2; i++)
		HOLDS(pthread_create(&thread, NULL, churn_for_ever, (void *)i) == 0);
	churn(NULL);
	execl("/proc/self/exe", "exercise", "leave", NULL);
	HOLDS(!"executed");
}

static ssize_t write_slowly(void *cookie, const char *bytes, size_t size)
{
	for (int i = 0; i < 2000; i++)
		free(alloc(3000 + (size_t)i));
	return (ssize_t)size;
}

/* A stream that allocates while the C library holds the list of all streams. */
static void *flush_for_ever(void *arg)
{
	FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = write_slowly });

	for (;;) {
		fputs("x", stream);
		fflush(NULL);
	}
	return NULL;
}

static void streams(void)
{
	pthread_t thread;

	HOLDS(pthread_create(&thread, NULL, flush_for_ever, NULL) == 0);
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			FILE *null = fopen("/dev/null", "w");

			HOLDS(null && fputs("child", null) >= 0 && fclose(null) == 0);
			_exit(0);
		}
		HOLDS(wait_for(pid) == 0);
	}
	good_at_once("streams");
}

/* A child that shares the memory ends by _exit(), which reports for nobody. */
static void shared_child(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(3);
	HOLDS(WEXITSTATUS(wait_for(pid)) == 3);
}

/* --- without descriptors, under limits, out of memory ---------------------- */

static void fill(char *areas[], int nr)
{
	for (int i = 0; i < nr; i++) {
		areas[i] = alloc(6 * MIB);
		HOLDS(areas[i]);
		memset(areas[i], i, 6 * MIB);
	}
}

static void closed(void)
{
	char *areas[10];

	closefrom(3);
	fill(areas, 10);
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 10; i++) {
			HOLDS(areas[i][MIB] == i);
			free(areas[i]);
		}
		fill(areas, 10);
		_exit(0);
	}
	HOLDS(wait_for(pid) == 0);
	for (int i = 0; i < 10; i++)
		HOLDS(areas[i][MIB] == i);
}

static void limit(__rlimit_resource_t what, rlim_t bytes)
{
	struct rlimit limits;

	HOLDS(getrlimit(what, &limits) == 0);
	limits.rlim_cur = bytes;
	HOLDS(setrlimit(what, &limits) == 0);
}

/* Less than the process has: what it has may still be used, and given back. */
static void limited(void)
{
	char *areas[10];

	limit(RLIMIT_DATA, 64 * MIB);
	errno = 0;
	HOLDS(alloc(200 * MIB) == NULL && errno == ENOMEM);
	free(alloc(100));
	limit(RLIMIT_DATA, RLIM_INFINITY);
	limit(RLIMIT_AS, 64 * MIB);
	for (int round = 0; round < 5; round++) {
		fill(areas, 10);
		for (int i = 0; i < 10; i++)
			free(areas[i]);
	}
}

/* Where there is no /proc, nor anything else. */
static void jailed(void)
{
	pid_t pid;

	/* Root may; others may not, and not everywhere. */
	if (chroot(".") && (unshare(CLONE_NEWUSER) || chroot(".")))
		return;
	HOLDS(chdir("/") == 0 && access("/proc", F_OK) != 0);
	threads();
	pid = fork();
	if (pid == 0) {
		threads();
		_exit(0);
	}
	HOLDS(wait_for(pid) == 0);
}

static void full(void)
{
	void **last = NULL, **p;
	size_t nr[2] = { 0 };

	for (int round = 0; round < 2; round++) {
		errno = 0;
		while ((p = alloc(100000)) != NULL) {
			*p = last;
			last = p;
			nr[round]++;
		}
		HOLDS(errno == ENOMEM);
		for (; last; last = p) {
			p = *last;
			free(last);
		}
	}
	HOLDS(nr[0] > 100 && nr[1] + nr[0] / 10 > nr[0]);
	HOLDS(alloc(300 * MIB) == NULL);
}

/* --- names of the library's that the program has, too ---------------------- */

static int nr_own;

__attribute__((visibility("default"))) void kfree(const void *p);
__attribute__((visibility("default"))) void *kalloc_boot(const char *cmdline);

void kfree(const void *p)
{
	nr_own++;
}

void *kalloc_boot(const char *cmdline)
{
	nr_own++;
	return NULL;
}

static void names(void)
{
	for (size_t size = 1; size < 10 * MIB; size *= 3)
		free(alloc(size));
	HOLDS(nr_own == 0);
	kfree(NULL);
	HOLDS(nr_own == 1);
}

static void leave(void)
{
	_exit(5);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "family", family },	{ "before-main", before_main },
	{ "threads", threads }, { "forks", forks },
	{ "streams", streams }, { "shared-child", shared_child },
	{ "closed", closed },	{ "limited", limited },
	{ "full", full },	{ "names", names },
	{ "leave", leave },	{ "ends", ends },
	{ "signals", signals }, { "replaced", replaced },
	{ "jailed", jailed },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(argv[1], cases[i].name) != 0)
			continue;
		cases[i].run();
		printf("%s: good\n", argv[1]);
		return 0;
	}
	fprintf(stderr, "usage: exercise CASE\n");
	return 2;
}
