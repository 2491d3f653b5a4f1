/* SPDX-License-Identifier: MIT */
/*
 * A program to be looked at: it boots a machine, holds some of everything, and does what
 * lines of its input say, answering each with a line "ok" or, for "cat", its length in
 * bytes and the text:
 *
 *   cat PATH     print a file of its own
 *   churn N      start N threads that allocate and free as fast as they can
 *   calm         end them
 *   fork         answer with the number of a child that does nothing until this one ends
 *
 * usage: load CMDLINE...
 *
 * Each is a machine; the first is the one that is used.
 */
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define THREADS_MAX 16
#define HELD	    100

static struct kalloc_machine *machine;
static atomic_bool ending;

static void *churn(void *unused)
{
	struct kmem_cache *cache;
	unsigned int round = 0;

	kalloc_enter(machine);
	cache = kmem_cache_create("churned", 200, 0, 0, NULL);
	while (!atomic_load(&ending)) {
		struct page *page = alloc_pages(GFP_KERNEL, round % 4);
		void *area = round % 64 ? NULL : vmalloc(5 * PAGE_SIZE);
		void *small[HELD];

		for (int i = 0; i < HELD; i++)
			small[i] = i % 2 ? kmem_cache_alloc(cache, GFP_KERNEL)
					 : kmalloc(8UL << (i + round) % 10, GFP_KERNEL);
		for (int i = 0; i < HELD; i++) {
			if (i % 2 && small[i])
				kmem_cache_free(cache, small[i]);
			else if (!(i % 2))
				kfree(small[i]);
		}
		if (area)
			vfree(area);
		if (page)
			__free_pages(page, round % 4);
		round++;
	}
	return NULL;
}

static void cat(const char *path)
{
	long len = kalloc_read(path, NULL, 0);
	char *text = calloc(1, (size_t)(len < 0 ? 0 : len) + 1);

	if (len >= 0)
		kalloc_read(path, text, (size_t)len + 1);
	printf("%ld\n", len);
	if (len > 0)
		fwrite(text, 1, (size_t)len, stdout);
	free(text);
}

/* Held until the end. */
static void hold(void)
{
	struct kmem_cache *cache =
		kmem_cache_create("held/here", 120, 0, SLAB_RECLAIM_ACCOUNT, NULL);

	for (int i = 0; i < 1000; i++)
		if (!kmalloc(64, GFP_KERNEL) || !kmem_cache_alloc(cache, GFP_KERNEL))
			abort();
	for (unsigned int order = 0; order < 6; order++)
		if (!alloc_pages(GFP_KERNEL, order))
			abort();
	if (!vmalloc(100 * PAGE_SIZE) || !vmalloc(PAGE_SIZE))
		abort();
}

static void child_start(void)
{
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	printf("%d\n", (int)child);
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	unsigned int nr_threads = 0;
	char line[256];

	machine = kalloc_boot(argc > 1 ? argv[1] : "");
	if (!machine)
		return 1;
	for (int i = 2; i < argc; i++)
		if (!kalloc_boot(argv[i]))
			return 1;
	kalloc_enter(machine);
	hold();
	printf("%d\n", (int)getpid());
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "cat ", 4) == 0) {
			cat(line + 4);
		} else if (strncmp(line, "churn ", 6) == 0) {
			atomic_store(&ending, false);
			for (nr_threads = 0; nr_threads < (unsigned int)atoi(line + 6);
			     nr_threads++)
				if (pthread_create(&threads[nr_threads], NULL, churn, NULL))
					return 1;
			puts("ok");
		} else if (strcmp(line, "fork") == 0) {
			child_start();
		} else if (strcmp(line, "calm") == 0) {
			atomic_store(&ending, true);
			while (nr_threads)
				pthread_join(threads[--nr_threads], NULL);
			puts("ok");
		}
		fflush(stdout);
	}
	return 0;
}
