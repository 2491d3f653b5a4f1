/* SPDX-License-Identifier: MIT */
/*
 * Proves src/page/oom.c: notifiers go first, in order, and may come and go; the policies
 * fail, kill and panic, with the kernel's reports; whom kill chooses, and that each task
 * is killed once; requests that must not reach the policy end all the same.
 */
#include "rig.h"

#include <limits.h>
#include <pthread.h>
#include <unistd.h>

#include <kalloc/context.h>
#include <kalloc/reclaim.h>

#include "clock.h"
#include "plat/child.h"

#define SMALL "mem=32M nr_cpus=1 "

/* A machine with nothing left above the min mark, and what holds it. */
struct full {
	struct rig rig;
	struct list_head taken;
};

static void full_up(struct full *full, const char *cmdline)
{
	full->rig = rig_up(cmdline);
	list_init(&full->taken);
	rig_exhaust(&full->taken, GFP_KERNEL | __GFP_NORETRY, 0);
	said_clear();
}

static void full_down(struct full *full)
{
	rig_release(&full->taken, 0);
	rig_down(&full->rig);
}

static void free_some(struct list_head *pages, unsigned long nr)
{
	while (nr-- && !list_empty(pages)) {
		struct page *page = list_first_entry(pages, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
	}
}

/* --- notifiers ------------------------------------------------------------ */

struct notifier {
	struct notifier_block nb;
	struct list_head *pages;
	unsigned long nr; /* to free at each call */
	int nr_calls;
	int value;
	bool leaves; /* unregisters itself when called */
};

static char called[64]; /* the priorities of the notifiers called, as letters */

static int notified(struct notifier_block *nb, unsigned long action, void *data)
{
	struct notifier *notifier = container_of(nb, struct notifier, nb);
	size_t len = strlen(called);

	assert_int_equal(action, 0);
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	if (len < sizeof(called) - 1)
		snprintf(called + len, 2, "%c", 'a' + nb->priority);
	notifier->nr_calls++;
	if (notifier->leaves)
		assert_int_equal(unregister_oom_notifier(nb), 0);
	if (notifier->nr) {
		free_some(notifier->pages, notifier->nr);
		*(unsigned long *)data += notifier->nr;
	}
	return notifier->value;
}

static void test_notifier_frees(void **state)
{
	struct full full;
	struct notifier notifier = { .nb.notifier_call = notified, .nr = 256 };
	struct page *page;

	full_up(&full, SMALL "kalloc.oom=panic");
	notifier.pages = &full.taken;
	assert_int_equal(register_oom_notifier(&notifier.nb), 0);
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page);
	assert_int_equal(notifier.nr_calls, 1);
	assert_int_equal(kalloc_task()->flags, 0);
	assert_string_equal(said, "");
	__free_page(page);
	assert_int_equal(unregister_oom_notifier(&notifier.nb), 0);
	full_down(&full);
}

static void test_notifier_order(void **state)
{
	struct notifier n[] = {
		{ .nb = { notified, NULL, 1 } }, { .nb = { notified, NULL, 3 } },
		{ .nb = { notified, NULL, 2 } }, { .nb = { notified, NULL, 3 }, .leaves = true },
		{ .nb = { notified, NULL, 0 } }, { .nb = { notified, NULL, 4 }, .leaves = true },
	};
	struct full full;

	full_up(&full, SMALL);
	for (size_t i = 0; i < ARRAY_SIZE(n); i++)
		assert_int_equal(register_oom_notifier(&n[i].nb), 0);
	assert_string_equal(said, "");
	assert_int_equal(register_oom_notifier(&n[2].nb), -EEXIST);
	assert_int_equal(said_count("already registered"), 1);
	assert_int_equal(unregister_oom_notifier(&n[4].nb), 0);
	assert_int_equal(unregister_oom_notifier(&n[4].nb), -ENOENT);

	called[0] = '\0';
	assert_null(alloc_page(GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(called, "eddcb");
	n[2].value = 0x8000; /* NOTIFY_STOP: nobody after it */
	called[0] = '\0';
	assert_null(alloc_page(GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(called, "dc");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(unregister_oom_notifier(&n[i].nb), 0);
	full_down(&full);
}

/* A notifier that takes the next one away. */
static struct notifier *to_leave;

static int takes_away(struct notifier_block *nb, unsigned long action, void *data)
{
	assert_int_equal(unregister_oom_notifier(&to_leave->nb), 0);
	to_leave->nb.next = NULL;
	return 0;
}

static void test_notifier_taken_away(void **state)
{
	struct notifier_block first = { takes_away, NULL, 5 };
	struct notifier second = { .nb = { notified, NULL, 4 } };
	struct notifier third = { .nb = { notified, NULL, 3 } };
	struct full full;

	full_up(&full, SMALL);
	register_oom_notifier(&first);
	register_oom_notifier(&second.nb);
	register_oom_notifier(&third.nb);
	to_leave = &second;
	called[0] = '\0';
	assert_null(alloc_page(GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(called, "d");
	full_down(&full);
}

/* --- kill ----------------------------------------------------------------- */

struct hog {
	struct kalloc_oom_task task;
	struct list_head pages;
	int nr_kills;
	bool stays; /* does not deregister */
};

static void hog_killed(struct kalloc_oom_task *task)
{
	struct hog *hog = container_of(task, struct hog, task);

	hog->nr_kills++;
	assert_true(kalloc_task()->flags & PF_MEMALLOC);
	free_some(&hog->pages, ULONG_MAX);
	if (!hog->stays)
		kalloc_oom_del(task);
}

/* A task of the machine that holds @nr of its frames. */
static void hog_up(struct hog *hog, struct full *full, const char *comm, int pid, unsigned long nr,
		   short adj)
{
	*hog = (struct hog){
		.task = { .pid = pid, .oom_score_adj = adj, .nr_pages = nr, .kill = hog_killed }
	};
	snprintf(hog->task.comm, sizeof(hog->task.comm), "%s", comm);
	list_init(&hog->pages);
	while (nr--)
		list_move(full->taken.next, &hog->pages);
	kalloc_oom_add(&hog->task);
}

static unsigned long killed(const struct rig *rig)
{
	return page_event(rig->m, OOM_KILL);
}

static void test_badness(void **state)
{
	static const struct {
		unsigned long nr_pages;
		short adj;
		long badness;
	} rows[] = {
		{ 0, 0, 0 },
		{ 500, 0, 500 },
		{ 500, 1000, 100500 },
		{ 500, 1, 600 },
		{ 500, -5, 0 },
		{ 500, -999, 500 - 99900 },
		{ 500, -1000, LONG_MIN },
		{ 1UL << 40, 0, 1L << 40 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kalloc_oom_task task = { .nr_pages = rows[i].nr_pages,
						      .oom_score_adj = rows[i].adj };

		assert_int_equal(oom_badness(&task, 100999), rows[i].badness);
	}
}

static void test_kill_report(void **state)
{
	struct hog small, big;
	struct full full;
	struct page *page;

	full_up(&full, SMALL "kalloc.oom=kill");
	hog_up(&small, &full, "small", 41, 100, 0);
	hog_up(&big, &full, "big", 42, 1000, -1);
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page);
	assert_int_equal(big.nr_kills, 1);
	assert_int_equal(small.nr_kills, 0);
	assert_int_equal(killed(&full.rig), 1);

	assert_ptr_equal(strstr(said, "kalloc invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), "
				      "order=0, oom_score_adj=0\nMem-Info:\n"),
			 said);
	assert_int_equal(said_count(
				 " pages reserved\n"
				 "Tasks state (memory values in pages):\n"
				 "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
				 "oom_score_adj name\n"
				 "[     41]     0    41      100      100        0        0"
				 "             0 small\n"
				 "[     42]     0    42     1000     1000        0        0"
				 "            -1 big\n"
				 "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
				 "mems_allowed=0,global_oom,task_memcg=/,task=big,pid=42,uid=0\n"
				 "Out of memory: Killed process 42 (big) total-vm:4000kB, "
				 "anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:0kB "
				 "oom_score_adj:-1\n"),
			 1);
	__free_page(page);
	free_some(&small.pages, ULONG_MAX);
	kalloc_oom_del(&small.task);
	full_down(&full);
}

/* Rounds of exhausting: who goes first, second, third; -1000 never. */
static void test_kill_order(void **state)
{
	struct hog never, light, liked, disliked, twin;
	struct hog *const order[] = { &disliked, &twin, &light, &liked };
	struct full full;

	full_up(&full, SMALL "kalloc.oom=kill");
	hog_up(&never, &full, "never", 1, 900, -1000);
	hog_up(&light, &full, "light", 2, 300, 0);
	hog_up(&twin, &full, "twin", 3, 300, 0); /* the youngest of equals goes first */
	hog_up(&liked, &full, "liked", 4, 400, -500);
	hog_up(&disliked, &full, "disliked", 5, 200, 500);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		struct page *page;

		while (!order[i]->nr_kills) {
			page = alloc_page(GFP_KERNEL);
			assert_non_null(page);
			list_add(&page->lru, &full.taken);
		}
		assert_int_equal(killed(&full.rig), i + 1);
	}
	assert_int_equal(never.nr_kills, 0);
	free_some(&never.pages, ULONG_MAX);
	kalloc_oom_del(&never.task);
	full_down(&full);
}

/* A victim that stays known, with nothing left to free, is not chosen again. */
static void test_killed_once(void **state)
{
	struct hog first, second;
	struct full full;
	struct page *page;

	full_up(&full, SMALL "kalloc.oom=kill");
	hog_up(&first, &full, "first", 1, 1, 1000);
	hog_up(&second, &full, "second", 2, 500, 0);
	first.stays = true;
	page = alloc_page(GFP_KERNEL);
	assert_non_null(page);
	assert_int_equal(first.nr_kills, 1);
	assert_int_equal(second.nr_kills, 1);
	assert_int_equal(killed(&full.rig), 2);
	kalloc_oom_del(&first.task);
	__free_page(page);
	full_down(&full);
}

/* The summary says so if the request may not use every node. */
static void test_kill_constrained(void **state)
{
	unsigned long mask = 1UL << 1 | 1UL << 2;
	struct hog hog;
	struct full full;
	struct page *page;

	full_up(&full, "mem=64M numa=fake=4 nr_cpus=1 kalloc.oom=kill");
	hog_up(&hog, &full, "hog", 1, 8000, 0);
	page = __alloc_pages(GFP_KERNEL, 0, 1, &mask);
	assert_non_null(page);
	assert_int_equal(said_count("oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=1-2,"
				    "cpuset=/,mems_allowed=0-3,"),
			 1);
	__free_page(page);
	full_down(&full);
}

struct removal {
	struct hog hog;
	bool killing, removing, done;
};

static void slow_kill(struct kalloc_oom_task *task)
{
	struct removal *removal = container_of(task, struct removal, hog.task);

	__atomic_store_n(&removal->killing, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&removal->removing, __ATOMIC_ACQUIRE))
		sched_yield();
	free_some(&removal->hog.pages, ULONG_MAX);
	__atomic_store_n(&removal->done, true, __ATOMIC_RELEASE);
}

static void *remove_task(void *arg)
{
	struct removal *removal = arg;

	kalloc_enter(machine_of(removal->hog.pages.next));
	while (!__atomic_load_n(&removal->killing, __ATOMIC_ACQUIRE))
		sched_yield();
	__atomic_store_n(&removal->removing, true, __ATOMIC_RELEASE);
	kalloc_oom_del(&removal->hog.task);
	assert_true(__atomic_load_n(&removal->done, __ATOMIC_ACQUIRE));
	return NULL;
}

/* Another thread that takes the task away waits until it is dead. */
static void test_del_waits(void **state)
{
	struct removal removal = { .killing = false };
	pthread_t thread;
	struct full full;
	struct page *page;

	full_up(&full, SMALL "kalloc.oom=kill");
	hog_up(&removal.hog, &full, "slow", 1, 500, 0);
	removal.hog.task.kill = slow_kill;
	assert_int_equal(pthread_create(&thread, NULL, remove_task, &removal), 0);
	page = alloc_page(GFP_KERNEL);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_non_null(page);
	assert_true(list_empty(&removal.hog.task.list));
	__free_page(page);
	full_down(&full);
}

/* A second thread without memory, while a task is being killed. */
struct meeting {
	struct hog hog;
	struct kalloc_machine *m;
	struct page *page; /* what the second thread got */
	bool killing;
};

static void kill_when_met(struct kalloc_oom_task *task)
{
	struct meeting *meeting = container_of(task, struct meeting, hog.task);

	__atomic_store_n(&meeting->killing, true, __ATOMIC_RELEASE);
	while (!READ_ONCE(meeting->m->page->oom.idle.waiters))
		sched_yield();
	hog_killed(task);
}

static void *come_late(void *arg)
{
	struct meeting *meeting = arg;

	kalloc_enter(meeting->m);
	kalloc_set_cpu(0);
	while (!__atomic_load_n(&meeting->killing, __ATOMIC_ACQUIRE))
		sched_yield();
	meeting->page = alloc_page(GFP_KERNEL);
	return NULL;
}

/* It waits and then finds what was freed: nobody else is killed. */
static void test_second_thread_waits(void **state)
{
	struct meeting meeting = { .killing = false };
	struct hog other;
	pthread_t thread;
	struct full full;
	struct page *page;

	full_up(&full, SMALL "kalloc.oom=kill");
	meeting.m = full.rig.m;
	hog_up(&other, &full, "other", 1, 500, 0);
	hog_up(&meeting.hog, &full, "met", 2, 600, 0);
	meeting.hog.task.kill = kill_when_met;
	assert_int_equal(pthread_create(&thread, NULL, come_late, &meeting), 0);
	page = alloc_page(GFP_KERNEL);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_non_null(page);
	assert_non_null(meeting.page);
	assert_int_equal(killed(&full.rig), 1);
	assert_int_equal(other.nr_kills, 0);
	__free_page(page);
	__free_page(meeting.page);
	free_some(&other.pages, ULONG_MAX);
	kalloc_oom_del(&other.task);
	full_down(&full);
}

/* --- fail ----------------------------------------------------------------- */

static void test_fail(void **state)
{
	struct full full;

	full_up(&full, SMALL);
	assert_null(alloc_page(GFP_KERNEL | __GFP_NOWARN));
	assert_string_equal(said, "");
	assert_null(alloc_page(GFP_KERNEL));
	assert_int_equal(said_count("kalloc invoked oom-killer: "), 1);
	assert_int_equal(said_count("Tasks state"), 1);
	assert_int_equal(said_count("kalloc: page allocation failure: order:0, mode:0xcc0"), 1);
	assert_null(alloc_page(GFP_KERNEL));
	assert_int_equal(said_count("invoked oom-killer"), 1);

	said_clear();
	full.rig.m->page->oom.limit.begin_ms = clock_ms() - 10001;
	assert_null(alloc_page(GFP_KERNEL));
	assert_ptr_equal(strstr(said, "oom_kill_process: 1 callbacks suppressed\n"
				      "kalloc invoked oom-killer: "),
			 said);
	assert_int_equal(killed(&full.rig), 0);
	full_down(&full);
}

/* Neither high orders nor requests that may give up get here; NOFS does not to the policy. */
static void test_not_for_everybody(void **state)
{
	static const struct {
		gfp_t gfp;
		unsigned int order;
		bool notifies;
	} rows[] = {
		{ GFP_KERNEL, PAGE_ALLOC_COSTLY_ORDER + 1, false },
		{ GFP_KERNEL | __GFP_NORETRY, 0, false },
		{ GFP_KERNEL | __GFP_RETRY_MAYFAIL, 0, false },
		{ GFP_KERNEL | __GFP_THISNODE, 0, false },
		{ GFP_KERNEL | GFP_DMA, 0, false },
		{ GFP_ATOMIC, 9, false },
		{ GFP_NOWAIT, 0, false },
		{ GFP_NOFS, 0, true },
		{ GFP_NOIO, 0, true },
	};
	struct notifier notifier = { .nb.notifier_call = notified };
	struct full full;
	struct hog hog;

	full_up(&full, SMALL "kalloc.oom=kill");
	rig_exhaust(&full.taken, GFP_KERNEL | GFP_DMA | __GFP_NORETRY, 0);
	hog_up(&hog, &full, "hog", 1, 500, 0);
	register_oom_notifier(&notifier.nb);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		notifier.nr_calls = 0;
		assert_null(alloc_pages(rows[i].gfp | __GFP_NOWARN, rows[i].order));
		if (rows[i].notifies)
			assert_in_range(notifier.nr_calls, 1, OOM_MAX_ROUNDS);
		else
			assert_int_equal(notifier.nr_calls, 0);
	}
	assert_int_equal(hog.nr_kills, 0);
	assert_string_equal(said, "");
	free_some(&hog.pages, ULONG_MAX);
	kalloc_oom_del(&hog.task);
	full_down(&full);
}

static void test_nofail(void **state)
{
	struct full full;
	struct page *page;
	struct hog hog;

	full_up(&full, SMALL "kalloc.oom=kill");
	hog_up(&hog, &full, "hog", 1, 500, 0);
	page = alloc_page(GFP_KERNEL | __GFP_NOFAIL);
	assert_non_null(page);
	list_add(&page->lru, &full.taken);
	assert_int_equal(hog.nr_kills, 1);
	full_down(&full);
}

/* --- the end -------------------------------------------------------------- */

static void die(void *cmdline)
{
	struct full full;
	struct hog hog;

	full_up(&full, cmdline);
	hog_up(&hog, &full, "never", 7, 100, -1000);
	kalloc_set_console(NULL, NULL);
	for (;;)
		alloc_page(GFP_KERNEL | __GFP_NOFAIL);
}

static void test_deaths(void **state)
{
	static const struct {
		const char *cmdline;
		const char *last_words;
	} rows[] = {
		{ SMALL "kalloc.oom=panic", "Kernel panic - not syncing: Out of memory: "
					    "system-wide panic_on_oom is enabled\n" },
		{ SMALL "kalloc.oom=kill",
		  "Out of memory and no killable processes...\n"
		  "Kernel panic - not syncing: System is deadlocked on memory\n" },
		{ SMALL "kalloc.oom=fail", "Kernel panic - not syncing: Out of memory: "
					   "__GFP_NOFAIL request of order 0 cannot be met\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static struct child child;
		size_t len = strlen(rows[i].last_words);

		child_run(&child, die, (void *)rows[i].cmdline);
		assert_true(child_died_of(&child, SIGABRT));
		assert_non_null(strstr(child.said, "kalloc invoked oom-killer: "));
		assert_non_null(strstr(child.said, "never\n"));
		assert_string_equal(child.said + strlen(child.said) - len, rows[i].last_words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notifier_frees),
		cmocka_unit_test(test_notifier_order),
		cmocka_unit_test(test_notifier_taken_away),
		cmocka_unit_test(test_badness),
		cmocka_unit_test(test_kill_report),
		cmocka_unit_test(test_kill_order),
		cmocka_unit_test(test_killed_once),
		cmocka_unit_test(test_kill_constrained),
		cmocka_unit_test(test_del_waits),
		cmocka_unit_test(test_second_thread_waits),
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_not_for_everybody),
		cmocka_unit_test(test_nofail),
		cmocka_unit_test(test_deaths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
