/* SPDX-License-Identifier: MIT */
/*
 * Proves src/vmap/home.c and that an area which comes home is like any other: in a steady
 * state the host is not called, for one area at a time, for many, and for sizes in turn;
 * frames are truly aliased, guards fault, what is held beyond vfree() stays, mappings
 * that are kept are given up where they are needed, and a fork leaves them behind.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmap_test.h"

#include "plat.h"
#include "rand.h"

#define SMALL "mem=64M nr_cpus=1"

static const unsigned long sizes[] = { 1, 2, 3, 4, 7, 13, 16, 17, 64, 100, 256, 513 };

/* Both ends and the guards of an area, and that every frame is what it seems. */
static void check_area(char *p, unsigned long nr)
{
	const struct vm_struct *vm = find_vm_area(p);

	assert_non_null(vm);
	assert_ptr_equal(vm->addr, p);
	assert_int_equal(vm->nr_pages, nr);
	assert_int_equal(vm->size, (nr + 1) * P);
	assert_true(faults(p - 1));
	assert_true(faults(p + nr * P));
	assert_null(vmalloc_to_page(p + nr * P));
	for (unsigned long i = 0; i < nr; i++) {
		struct page *page = vmalloc_to_page(p + i * P);
		unsigned int *here = (unsigned int *)(p + i * P);

		assert_ptr_equal(page, vm->pages[i]);
		assert_int_equal(page_count(page), 1);
		*here = (unsigned int)i + 1;
		assert_int_equal(*(unsigned int *)page_address(page), i + 1);
	}
}

static void test_one_at_a_time(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned long calls;
		char *last = NULL;

		for (int turn = 0; turn < 8; turn++)
			vfree(vmalloc(sizes[i] * P));
		calls = m->vmap->aliases.nr_calls;
		for (int turn = 0; turn < 20; turn++) {
			char *p = vmalloc(sizes[i] * P);

			assert_ptr_not_equal(p, last); /* as in the kernel */
			check_area(p, sizes[i]);
			vfree(p);
			assert_null(find_vm_area(p));
			assert_null(vmalloc_to_page(p));
			last = p;
		}
		assert_int_equal(m->vmap->aliases.nr_calls, calls);
	}
	machine_down(m);
}

/* Sizes in turn, some of which begin with the same frames. */
static void test_sizes_in_turn(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned long calls = 0;

	for (int turn = 0; turn < 20; turn++) {
		if (turn == 5)
			calls = m->vmap->aliases.nr_calls;
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			char *p = vmalloc(sizes[i] * P);

			check_area(p, sizes[i]);
			vfree(p);
		}
	}
	assert_int_equal(m->vmap->aliases.nr_calls, calls);
	machine_down(m);
}

static void test_many(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned long calls = 0;
	char *p[300];

	for (int turn = 0; turn < 6; turn++) {
		if (turn == 4)
			calls = m->vmap->aliases.nr_calls;
		for (int i = 0; i < 300; i++)
			p[i] = vmalloc(16 * P);
		for (int i = 0; i < 300; i += 37)
			check_area(p[i], 16);
		for (int i = 0; i < 300; i++)
			vfree(p[turn % 2 ? 299 - i : i]);
	}
	assert_true(m->vmap->aliases.nr_calls - calls <=
		    2 * 4); /* but for those that were freed last */
	machine_down(m);
}

/* vmap() and vm_map_ram() of the same frames, too; but each to its own kind. */
static void test_given_pages(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *pages[5];
	unsigned long calls = 0;

	for (int i = 0; i < 5; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	pages[4] = pages[1];
	for (int turn = 0; turn < 8; turn++) {
		char *p = vmap(pages, 5, VM_MAP, PAGE_KERNEL);
		char *r = vm_map_ram(pages, 5, NUMA_NO_NODE);

		if (turn == 3)
			calls = m->vmap->aliases.nr_calls;
		p[P] = (char)turn;
		assert_int_equal(r[P], turn);
		assert_int_equal(p[4 * P], turn);
		assert_true(faults(p + 5 * P));
		assert_int_equal(find_vm_area(p)->flags, VM_MAP);
		assert_null(find_vm_area(r));
		vunmap(p);
		vm_unmap_ram(r, 5);
	}
	assert_int_equal(m->vmap->aliases.nr_calls, calls);
	machine_down(m);
}

/* The middle, the ends, the size agree; a page between does not. */
static void test_almost_home(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	struct page *block = alloc_pages(GFP_KERNEL, 3), *pages[7];
	char *first, *p;

	split_page(block, 3);
	for (int i = 0; i < 7; i++)
		pages[i] = block + i;
	first = vmap(pages, 7, VM_MAP, PAGE_KERNEL);
	vunmap(first);
	vfree(vmalloc(P));
	vfree(vmalloc(2 * P)); /* freed last */
	pages[1] = block + 7;
	p = vmap(pages, 7, VM_MAP, PAGE_KERNEL);
	assert_ptr_equal(p, first);
	for (int i = 0; i < 7; i++) {
		p[i * P] = (char)('a' + i);
		assert_int_equal(*(char *)page_address(pages[i]), 'a' + i);
	}
	assert_true(faults(p + 7 * P));
	machine_down(m);
}

/* A frame that somebody else holds is not free, and its area does not come home. */
static void test_held_frame(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned long used = frames_used();

	for (unsigned long held = 0; held < 16; held++) {
		char *p = vmalloc(16 * P);
		struct page *page = vmalloc_to_page(p + held * P);

		get_page(page);
		strcpy(page_address(page), "held");
		vfree(p);
		assert_int_equal(page_count(page), 1);
		assert_int_equal(frames_used(), used + 1);
		p = vmalloc(16 * P);
		memset(p, 1, 16 * P);
		check_area(p, 16);
		assert_string_equal(page_address(page), "held");
		vfree(p);
		put_page(page);
		assert_int_equal(frames_used(), used);
	}
	machine_down(m);
}

/* Mappings kept for nobody are given up before a request fails, all of them if need be. */
static void test_budget(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned int was = map_budget_left();
	char *p[4];

	map_budget_set(8);
	for (unsigned long nr = 1; nr < 200; nr++) {
		for (int i = 0; i < 4; i++) {
			p[i] = vmalloc(16 * P);
			assert_non_null(p[i]);
			p[i][0] = 1;
		}
		assert_int_equal(map_budget_left(), 0);
		for (int i = 0; i < 4; i++)
			vfree(p[i]);
		vfree(vmalloc(P << nr % 4));
	}
	vm_unmap_aliases();
	assert_int_equal(map_budget_left(), 8);
	map_budget_set(was);
	machine_down(m);
}

static int child_checks(char *freed, char *area)
{
	char *p[3];

	if (!faults(freed) || strcmp(area, "parent"))
		return 1;
	vm_unmap_aliases(); /* what the parent kept */
	strcpy(area, "child");
	for (int turn = 0; turn < 4; turn++) {
		for (int i = 0; i < 3; i++) {
			p[i] = vmalloc(5 * P);
			if (!p[i] || !faults(p[i] + 5 * P) || !faults(p[i] - 1))
				return 2;
			strcpy(p[i] + P, "child");
			if (strcmp(page_address(vmalloc_to_page(p[i] + P)), "child"))
				return 3;
		}
		for (int i = 0; i < 3; i++)
			vfree(p[i]);
	}
	vm_unmap_aliases();
	return faults(p[2]) ? 0 : 4;
}

static bool is_settled(const struct kalloc_machine *m, unsigned int left)
{
	return map_budget_left() + m->vmap->aliases.mappings == left;
}

static void test_fork(void **state)
{
	struct kalloc_machine *m = machine_up(SMALL);
	unsigned int left = map_budget_left();
	char *freed[3], *area = vmalloc(5 * P);
	int status;
	pid_t pid;

	strcpy(area, "parent");
	for (int i = 0; i < 3; i++) {
		freed[i] = vmalloc(5 * P);
		strcpy(freed[i], "freed");
	}
	for (int i = 0; i < 3; i++)
		vfree(freed[i]);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child_checks(freed[0], area) ?: is_settled(m, left) ? 0 : 9);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_string_equal(area, "parent");
	assert_true(is_settled(m, left));
	check_area(vmalloc(5 * P), 5);
	machine_down(m);
}

struct churn {
	struct kalloc_machine *m;
	struct rand rand;
	bool good;
};

static bool is_mine(const unsigned long *words, unsigned long nr, unsigned long mark)
{
	for (unsigned long i = 0; i < nr; i++) {
		if (words[i * P / sizeof(*words)] != mark + i)
			return false;
	}
	return true;
}

/* Every page of every area holds a mark of its own as long as the area lives. */
static void *churn(void *arg)
{
	struct churn *self = arg;
	int turns = getenv("KALLOC_UNDER_VALGRIND") ? 300 : 6000;
	unsigned long *held[12] = { NULL }, nr[12], mark[12], next = self->rand.state << 32;

	kalloc_enter(self->m);
	self->good = true;
	for (int turn = 0; turn < turns && self->good; turn++) {
		unsigned int slot = rand_below(&self->rand, 12);

		if (held[slot]) {
			self->good = is_mine(held[slot], nr[slot], mark[slot]);
			vfree(held[slot]);
			held[slot] = NULL;
			continue;
		}
		nr[slot] = sizes[rand_below(&self->rand, 9)];
		held[slot] = vmalloc(nr[slot] * P);
		mark[slot] = next += 1000;
		self->good = held[slot] != NULL;
		for (unsigned long i = 0; i < nr[slot] && self->good; i++)
			held[slot][i * P / sizeof(**held)] = mark[slot] + i;
		if (turn % 500 == 499)
			vm_unmap_aliases();
	}
	for (int slot = 0; slot < 12; slot++)
		vfree(held[slot]);
	return NULL;
}

static void test_threads(void **state)
{
	struct kalloc_machine *m = machine_up("mem=64M nr_cpus=2");
	unsigned int left = map_budget_left();
	unsigned long used = frames_used();
	struct churn churns[3];
	pthread_t threads[3];

	for (unsigned int i = 0; i < 3; i++) {
		churns[i] = (struct churn){ .m = m, .rand = { .state = i + 1 } };
		assert_int_equal(pthread_create(&threads[i], NULL, churn, &churns[i]), 0);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_true(churns[i].good);
	}
	assert_int_equal(frames_used(), used);
	vm_unmap_aliases();
	assert_int_equal(map_budget_left(), left);
	assert_int_equal(m->vmap->nr_lazy, 0);
	assert_null(area_first(&m->vmap->areas));
	machine_down(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_at_a_time), cmocka_unit_test(test_sizes_in_turn),
		cmocka_unit_test(test_many),	      cmocka_unit_test(test_given_pages),
		cmocka_unit_test(test_almost_home),   cmocka_unit_test(test_held_frame),
		cmocka_unit_test(test_budget),	      cmocka_unit_test(test_fork),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("home", tests, NULL, NULL);
}
