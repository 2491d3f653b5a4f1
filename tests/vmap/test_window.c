/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/window.c: when the process has few mappings left, areas of one run of frames
 * cost none, and are otherwise like any: their own frames, a guard behind, a fault after they
 * are freed, in the child of a fork as well; and what cannot lie in a window takes a mapping.
 * The same of private memory (kalloc.ram=private), where each area has its own.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmap_test.h"

#include "plat.h"

#define SMALL "mem=64M nr_cpus=4"
#define FEW   300 /* mappings */

static unsigned int was; /* mappings left before the test */

/* Skips where the host has no markers (Linux before 6.15) or Valgrind keeps them from it. */
static struct kalloc_machine *begin(const char *cmdline)
{
	void *probe[2];
	struct kalloc_machine *m;

	was = map_budget_left();
	map_budget_set(FEW);
	m = machine_up(cmdline);
	/* The first one still takes mappings, and sees that there are windows from then on. */
	for (int i = 0; i < 2; i++)
		probe[i] = vmalloc(P);
	assert_non_null(probe[1]);
	if (!window_has(m, (unsigned long)probe[1])) {
		assert_true(m->vmap->windows.are_refused);
		machine_down(m);
		map_budget_set(was);
		skip();
	}
	for (int i = 0; i < 2; i++)
		vfree(probe[i]);
	return m;
}

static void end(struct kalloc_machine *m)
{
	machine_down(m);
	assert_int_equal(map_budget_left(), FEW); /* nothing was lost of it */
	map_budget_set(was);
}

static bool in_window(const struct kalloc_machine *m, const void *p)
{
	return window_has(m, (unsigned long)p);
}

#define NR 3000

static void test_many(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	unsigned long used = frames_used();
	unsigned int left = map_budget_left();
	static char *p[NR];

	(void)state;
	for (int i = 0; i < NR; i++) {
		p[i] = vmalloc(P);
		assert_true(in_window(m, p[i]));
		assert_int_equal((unsigned long)p[i] % P, 0);
		snprintf(p[i], P, "area %d", i);
		assert_true(faults(p[i] + P));
	}
	assert_int_equal(map_budget_left(), left);
	assert_int_equal(frames_used(), used + NR);
	assert_int_equal(vmap_nr_vmalloc(m), NR);
	assert_true(area_ok(&m->vmap->areas));
	for (int i = 0; i < NR; i++) {
		char text[20];

		snprintf(text, sizeof(text), "area %d", i);
		assert_string_equal(p[i], text);
		assert_string_equal(page_address(vmalloc_to_page(p[i])), text);
		assert_true(is_vmalloc_addr(p[i]));
		assert_ptr_equal(find_vm_area(p[i] + 5)->addr, p[i]);
	}
	for (int i = 0; i < NR; i++) {
		vfree(p[i]);
		assert_true(faults(p[i]));
		assert_null(find_vm_area(p[i]));
	}
	assert_int_equal(frames_used(), used);
	assert_int_equal(vmap_nr_vmalloc(m), 0);
	/* And again: markers are taken away where they are. */
	for (int i = 0; i < NR; i++) {
		p[i] = vzalloc(P);
		assert_int_equal(p[i][P - 1], 0);
		assert_true(faults(p[i] + P));
	}
	vfree(p[0]);
	vfree(p[0]);
	assert_true(said("Trying to vfree() nonexistent vm area"));
	for (int i = 1; i < NR; i++)
		vfree(p[i]);
	end(m);
}

/* Runs beside each other in memory, of any length: both faces of each guard are kept. */
static void test_neighbours(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	struct page *block = alloc_pages(GFP_KERNEL, 5), *pages[32];
	static const unsigned char lengths[] = { 1, 2, 1, 1, 3, 4, 1, 7, 5, 1, 1, 1, 1, 3 };
	static const unsigned char order[] = { 0, 3, 1, 2 };
	char *at[sizeof(lengths)];
	unsigned int first = 0, nr_windowed = 0;

	(void)state;
	split_page(block, 5);
	for (int i = 0; i < 32; i++)
		pages[i] = block + i;
	for (size_t i = 0; i < sizeof(lengths); i++) {
		at[i] = vmap(pages + first, lengths[i], VM_MAP, PAGE_KERNEL);
		assert_non_null(at[i]);
		nr_windowed += in_window(m, at[i]);
		memset(at[i], (int)i + 1, lengths[i] * P);
		first += lengths[i];
	}
	assert_int_equal(first, 32);
	assert_in_range(nr_windowed, sizeof(lengths) / 2, sizeof(lengths));
	first = 0;
	for (size_t i = 0; i < sizeof(lengths); i++) {
		const char *frame = page_address(pages[first]);

		assert_true(faults(at[i] + lengths[i] * P));
		assert_true(faults(at[i] - 1) || find_vm_area(at[i] - 1));
		assert_int_equal(frame[0], i + 1);
		assert_int_equal(frame[lengths[i] * P - 1], i + 1);
		first += lengths[i];
	}
	for (size_t i = 0; i < sizeof(lengths); i++)
		vunmap(at[i]);
	/* Areas of a page never meet, in whatever order they come. */
	for (int i = 0; i < 4; i++) {
		at[i] = vmap(pages + order[i], 1, VM_MAP, PAGE_KERNEL);
		assert_true(in_window(m, at[i]));
	}
	for (int i = 0; i < 4; i++)
		vunmap(at[i]);
	for (int i = 0; i < 32; i++)
		__free_page(pages[i]);
	end(m);
}

/* A frame that is shown twice and more, frames in no order, alignment: what takes a mapping. */
static void test_elsewhere(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	struct page *pages[3] = { alloc_page(GFP_KERNEL), NULL, NULL };
	char *p[3], *twisted, *aligned[8], *plain;
	unsigned int left;
	struct page *block = alloc_pages(GFP_KERNEL, 1);

	(void)state;
	for (int i = 0; i < 3; i++) {
		p[i] = vmap(pages, 1, VM_MAP, PAGE_KERNEL);
		assert_int_equal(in_window(m, p[i]), i < 2);
	}
	p[0][7] = 'x';
	assert_int_equal(p[1][7], 'x');
	assert_int_equal(p[2][7], 'x');
	split_page(block, 1);
	pages[1] = block + 1;
	pages[2] = block;
	twisted = vmap(pages + 1, 2, VM_MAP, PAGE_KERNEL);
	assert_false(in_window(m, twisted));
	for (int i = 0; i < 8; i++) {
		aligned[i] = __vmalloc_node(P, 64 * P, GFP_KERNEL, NUMA_NO_NODE, NULL);
		assert_non_null(aligned[i]);
		assert_int_equal((unsigned long)aligned[i] % (64 * P), 0);
	}
	for (int i = 0; i < 8; i++)
		vfree(aligned[i]);
	vunmap(twisted);
	/* Nor where there are mappings enough. */
	left = map_budget_set(was);
	plain = vmalloc(P);
	assert_false(in_window(m, plain));
	map_budget_set(map_budget_left() - was + left);
	vfree(plain);
	for (int i = 0; i < 3; i++)
		vunmap(p[i]);
	for (int i = 0; i < 3; i++)
		__free_page(pages[i]);
	end(m);
}

/* Mappings without a record, and no guard: the next frame's may be right behind. */
static void test_ram(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	struct page *block = alloc_pages(GFP_KERNEL, 2), *pages[4];
	char *p;

	(void)state;
	split_page(block, 2);
	for (int i = 0; i < 4; i++)
		pages[i] = block + i;
	p = vm_map_ram(pages, 4, NUMA_NO_NODE);
	assert_true(in_window(m, p));
	memset(p, 5, 4 * P);
	assert_int_equal(*(char *)page_address(pages[3]), 5);
	vm_unmap_ram(p, 3);
	assert_true(said("bad address"));
	vm_unmap_ram(p, 4);
	assert_true(faults(p));
	for (int i = 0; i < 4; i++)
		__free_page(pages[i]);
	end(m);
}

static void test_fork(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	char *p[20];
	pid_t pid;
	int status;

	(void)state;
	for (int i = 0; i < 20; i++) {
		p[i] = vmalloc((size_t)(i % 3 + 1) * P);
		*p[i] = (char)i;
	}
	vfree(p[3]);
	pid = fork();
	if (!pid) {
		bool good = faults(p[3]);

		for (int i = 0; i < 20; i++) {
			if (i == 3)
				continue;
			good = good && *p[i] == i && faults(p[i] + (i % 3 + 1) * P);
			*p[i] = 99;
			vfree(p[i]);
		}
		good = good && in_window(m, vmalloc(P));
		_exit(!good);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (int i = 0; i < 20; i++) {
		if (i == 3)
			continue;
		assert_int_equal(*p[i], i); /* the child had its own */
		vfree(p[i]);
	}
	end(m);
}

#define PRIVATE SMALL " kalloc.ram=private"

static size_t length_of(int i)
{
	return (size_t)(i % 3 + 1) * P;
}

/* Private memory: none is another's, and what was freed is zero when it is used anew. */
static void test_private(void **state)
{
	struct kalloc_machine *m = begin(PRIVATE);
	unsigned long used = frames_used();
	unsigned int left = map_budget_left(), nr_windowed = 0;
	static char *p[NR];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < NR; i++) {
			p[i] = round ? vzalloc(P) : vmalloc(P);
			assert_true(in_window(m, p[i]));
			assert_int_equal(p[i][0] | p[i][P - 1], 0);
			memset(p[i], i % 255 + 1, P);
			assert_true(faults(p[i] + P));
		}
		assert_int_equal(map_budget_left(), left);
		for (int i = 0; i < NR; i++) {
			assert_int_equal((unsigned char)p[i][P - 1], i % 255 + 1);
			vfree(p[i]);
			assert_true(faults(p[i]));
		}
		assert_int_equal(frames_used(), used);
	}
	/* Longer ones, of which some take a mapping. */
	for (int i = 0; i < 60; i++) {
		p[i] = vmalloc(length_of(i));
		nr_windowed += in_window(m, p[i]);
		memset(p[i], i + 1, length_of(i));
		assert_true(faults(p[i] + length_of(i)));
	}
	assert_in_range(nr_windowed, 30, 60);
	for (int i = 0; i < 60; i++) {
		assert_int_equal(p[i][0], i + 1);
		assert_int_equal(p[i][length_of(i) - 1], i + 1);
		vfree(p[i]);
	}
	assert_int_equal(frames_used(), used);
	end(m);
}

/* What the child of a fork sees of the areas, what it frees and what it allocates. */
static bool child_is_good(struct kalloc_machine *m, char *const p[], int nr)
{
	bool good = faults(p[3]);

	for (int i = 0; i < nr; i++) {
		if (i == 3)
			continue;
		good = good && *p[i] == i && faults(p[i] + length_of(i));
		*p[i] = 99;
		if (i % 2)
			vfree(p[i]);
		if (in_window(m, p[i]))
			good = good && faults(p[i]) == i % 2;
	}
	for (int i = 0; i < nr; i++) {
		char *fresh = vmalloc(P);

		good = good && in_window(m, fresh) && *fresh == 0 && faults(fresh + P);
		*fresh = 1;
	}
	return good;
}

static void test_private_fork(void **state)
{
	struct kalloc_machine *m = begin(PRIVATE);
	char *p[20];
	int status;
	pid_t pid;

	(void)state;
	for (int i = 0; i < 20; i++) {
		p[i] = vmalloc(length_of(i));
		*p[i] = (char)i;
	}
	vfree(p[3]);
	pid = fork();
	if (!pid)
		_exit(!child_is_good(m, p, 20));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (int i = 0; i < 20; i++) {
		if (i == 3)
			continue;
		assert_int_equal(*p[i], i); /* the child had its own */
		vfree(p[i]);
	}
	end(m);
}

/* The frames of one block, shown over and over. */
#define ORDER	 10
#define NR_SHOWN 40

static unsigned int show_often(struct page *block, char **shown, unsigned int most)
{
	static struct page *pages[1 << ORDER];
	unsigned int nr = 0;

	for (int i = 0; i < 1 << ORDER; i++)
		pages[i] = block + i;
	while (nr < most && (shown[nr] = vmap(pages, 1 << ORDER, VM_MAP, PAGE_KERNEL)))
		nr++;
	return nr;
}

/* Nothing else is placed among them, however full the space is. */
static void test_space(void **state)
{
	struct kalloc_machine *m = begin("mem=16M nr_cpus=1 vmalloc=128M");
	struct page *block = alloc_pages(GFP_KERNEL, ORDER);
	char *shown[NR_SHOWN];
	unsigned int nr = show_often(block, shown, NR_SHOWN), nr_windowed = 0;

	(void)state;
	assert_in_range(nr, 10, NR_SHOWN - 1);
	assert_true(said("vmap allocation for size"));
	for (unsigned int i = 0; i < nr; i++) {
		nr_windowed += in_window(m, shown[i]);
		assert_int_equal(in_window(m, shown[i]), in_window(m, shown[i] + (P << ORDER)));
	}
	assert_int_equal(nr_windowed, NR_WINDOWS);
	while (nr)
		vunmap(shown[--nr]);
	__free_pages(block, ORDER);
	end(m);
}

/* Where no room is left for them there are none; a purge may make some. */
static void test_no_room(void **state)
{
	struct kalloc_machine *m;
	char *shown[NR_SHOWN];
	struct page *block;
	unsigned int nr;
	void *p;

	(void)state;
	end(begin(SMALL)); /* or skip */
	was = map_budget_left();
	m = machine_up("mem=16M nr_cpus=1 vmalloc=128M");
	block = alloc_pages(GFP_KERNEL, ORDER);
	nr = show_often(block, shown, 25);
	assert_int_equal(nr, 25);
	map_budget_set(FEW);
	for (int i = 0; i < 3; i++) {
		p = vmalloc(P);
		assert_non_null(p);
		assert_false(in_window(m, p));
		vfree(p);
	}
	/* In the way until a purge, and nothing else is. */
	p = vmalloc(2 * P);
	while (nr)
		vunmap(shown[--nr]);
	vm_unmap_aliases();
	vfree(p);
	for (int i = 0; i < 2; i++)
		p = vmalloc((size_t)(i + 3) * P);
	assert_true(in_window(m, p));
	map_budget_set(was - m->vmap->aliases.mappings - m->vmap->windows.mappings);
	machine_down(m);
	assert_int_equal(map_budget_left(), was);
}

/* The host that does not let us open a window is not asked again. */
static void test_refused(void **state)
{
	struct kalloc_machine *m = begin(SMALL);
	struct ram *ram = (struct ram *)page_ram(m);
	int fd = ram->fd;
	void *p;

	(void)state;
	/* As it was before the first area lay there. */
	for (int i = 0; i < NR_WINDOWS; i++)
		assert_int_equal(map_uncommit((void *)(m->vmap->windows.start +
						       (unsigned int)i * m->vmap->windows.stride),
					      m->vmap->windows.stride),
				 0);
	window_forget(m);
	ram->fd = -1;
	assert_null(vmalloc(P)); /* nor does it map anything else */
	ram->fd = fd;
	assert_true(m->vmap->windows.are_refused);
	assert_int_equal(vmap_nr_vmalloc(m), 0);
	p = vmalloc(P);
	assert_non_null(p);
	assert_false(in_window(m, p));
	vfree(p);
	end(m);
}

#define NR_TURNS 3000
#define NR_HELD	 40

static struct kalloc_machine *shared;
static unsigned int nr_damaged;

static void *churn(void *arg)
{
	unsigned int seed = (unsigned int)(unsigned long)arg;
	char *held[NR_HELD] = { NULL };

	kalloc_enter(shared);
	for (unsigned int turn = 0; turn < NR_TURNS; turn++) {
		unsigned int i = turn * 7 % NR_HELD;

		if (held[i] && (held[i][0] != (char)(seed + i) || !vmalloc_to_page(held[i])))
			__atomic_add_fetch(&nr_damaged, 1, __ATOMIC_RELAXED);
		vfree(held[i]);
		held[i] = vmalloc((turn % 4 + 1) * P);
		if (held[i])
			held[i][0] = (char)(seed + i);
	}
	for (unsigned int i = 0; i < NR_HELD; i++)
		vfree(held[i]);
	kalloc_enter(NULL);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	shared = begin(SMALL);
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(i * 50)), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(nr_damaged, 0);
	assert_int_equal(vmap_nr_vmalloc(shared), 0);
	end(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),	     cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_elsewhere),    cmocka_unit_test(test_ram),
		cmocka_unit_test(test_fork),	     cmocka_unit_test(test_space),
		cmocka_unit_test(test_no_room),	     cmocka_unit_test(test_refused),
		cmocka_unit_test(test_threads),	     cmocka_unit_test(test_private),
		cmocka_unit_test(test_private_fork),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
