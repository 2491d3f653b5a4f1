/* SPDX-License-Identifier: MIT */
#include "oom.h"

#include <limits.h>

#include "event.h"
#include "explain.h"
#include "request.h"
#include "show_mem.h"

#define WAIT_MS		  1000
#define KB(nr_pages)	  ((unsigned long)(nr_pages) << (PAGE_SHIFT - 10))

#define NOTIFY_STOP_MASK  0x8000
#define OOM_SCORE_ADJ_MIN (-1000)

static struct oom *oom_current(void)
{
	return &machine_current()->page->oom;
}

void oom_init(struct oom *oom)
{
	lock_init(&oom->lock, RANK_OOM);
	list_init(&oom->tasks);
	oom->limit = (struct ratelimit){ .interval_ms = 10000, .burst = 1 };
}

void oom_forget_run(struct oom *oom)
{
	if (oom->owner == &kalloc_self.task)
		return;
	oom->owner = NULL;
	oom->calling = NULL;
}

/* --- one at a time -------------------------------------------------------- */

/* Return: false if another thread was in; it has left, or may have freed something. */
static bool enter(struct oom *oom)
{
	u32 ticket = waitq_ticket(&oom->idle);
	bool free;

	lock_take(&oom->lock);
	free = !oom->owner;
	if (free)
		oom->owner = &kalloc_self.task;
	lock_drop(&oom->lock);
	if (!free)
		waitq_wait(&oom->idle, ticket, WAIT_MS);
	return free;
}

/* Whether the calling thread is in: a console or callback of its own allocates. */
static bool is_inside(struct oom *oom)
{
	bool inside;

	lock_take(&oom->lock);
	inside = oom->owner == &kalloc_self.task;
	lock_drop(&oom->lock);
	return inside;
}

static void leave(struct oom *oom)
{
	lock_take(&oom->lock);
	oom->owner = NULL;
	lock_drop(&oom->lock);
	waitq_wake(&oom->idle);
}

/* A callback runs on the machine that needs memory, and from its reserves. */
struct callback {
	struct kalloc_machine *entered;
	unsigned int scope;
};

static struct callback callback_begin(struct page_room *room)
{
	return (struct callback){ machine_enter(room->m), kalloc_scope_enter(PF_MEMALLOC) };
}

static void callback_end(struct oom *oom, struct callback call)
{
	kalloc_scope_leave(PF_MEMALLOC, call.scope);
	machine_enter(call.entered);
	lock_take(&oom->lock);
	oom->calling = NULL;
	lock_drop(&oom->lock);
	waitq_wake(&oom->idle);
}

/* Take the lock at a moment when nobody else is in a callback of @object. */
static void lock_uncalled(struct oom *oom, const void *object)
{
	for (;;) {
		u32 ticket = waitq_ticket(&oom->idle);

		lock_take(&oom->lock);
		if (oom->calling != object || oom->owner == &kalloc_self.task)
			return;
		lock_drop(&oom->lock);
		waitq_wait(&oom->idle, ticket, WAIT_MS);
	}
}

/* --- notifiers ------------------------------------------------------------ */

int register_oom_notifier(struct notifier_block *nb)
{
	struct oom *oom = oom_current();
	struct notifier_block **link = &oom->notifiers;
	bool known = false;

	lock_take(&oom->lock);
	for (struct notifier_block *at = oom->notifiers; at; at = at->next)
		known |= at == nb;
	while (*link && (*link)->priority >= nb->priority)
		link = &(*link)->next;
	if (!known) {
		nb->next = *link;
		*link = nb;
	}
	lock_drop(&oom->lock);
	return WARN(known, "notifier callback %p already registered\n", (void *)nb) ? -EEXIST : 0;
}

int unregister_oom_notifier(struct notifier_block *nb)
{
	struct oom *oom = oom_current();
	struct notifier_block **link = &oom->notifiers;
	bool known;

	lock_uncalled(oom, nb);
	while (*link && *link != nb)
		link = &(*link)->next;
	known = *link;
	if (known)
		*link = nb->next;
	if (oom->next == nb)
		oom->next = nb->next;
	lock_drop(&oom->lock);
	return known ? 0 : -ENOENT;
}

/* The notifier whose turn it is, named as being called; NULL after the last. */
static struct notifier_block *notifier_turn(struct oom *oom)
{
	struct notifier_block *nb;

	lock_take(&oom->lock);
	nb = oom->next;
	if (nb) {
		oom->next = nb->next;
		oom->calling = nb;
	}
	lock_drop(&oom->lock);
	return nb;
}

/* Return: frames that the notifiers say they freed. */
static unsigned long notify(struct page_room *room)
{
	struct oom *oom = &room->oom;
	struct notifier_block *nb;
	unsigned long freed = 0;
	bool stop = false;

	lock_take(&oom->lock);
	oom->next = oom->notifiers;
	lock_drop(&oom->lock);
	while (!stop && (nb = notifier_turn(oom))) {
		struct callback call = callback_begin(room);

		stop = nb->notifier_call(nb, 0, &freed) & NOTIFY_STOP_MASK;
		callback_end(oom, call);
	}
	return freed;
}

/* --- tasks ---------------------------------------------------------------- */

void kalloc_oom_add(struct kalloc_oom_task *task)
{
	struct oom *oom = oom_current();

	task->is_victim = 0;
	lock_take(&oom->lock);
	list_add_tail(&task->list, &oom->tasks);
	lock_drop(&oom->lock);
}

void kalloc_oom_del(struct kalloc_oom_task *task)
{
	struct oom *oom = oom_current();

	lock_uncalled(oom, task);
	list_del(&task->list);
	lock_drop(&oom->lock);
}

long oom_badness(const struct kalloc_oom_task *task, unsigned long totalpages)
{
	if (task->oom_score_adj == OOM_SCORE_ADJ_MIN)
		return LONG_MIN;
	return (long)task->nr_pages + task->oom_score_adj * (long)(totalpages / 1000);
}

/* A task's numbers may change at any time: what they are now. */
static struct kalloc_oom_task task_look(const struct kalloc_oom_task *task)
{
	struct kalloc_oom_task seen = {
		.pid = task->pid,
		.oom_score_adj = READ_ONCE(task->oom_score_adj),
		.nr_pages = READ_ONCE(task->nr_pages),
		.is_victim = task->is_victim,
	};

	memcpy(seen.comm, task->comm, sizeof(seen.comm));
	return seen;
}

/*
 * Choose the worst task, the youngest of equals, and name it as being called. @copy
 * receives what the report says of it. Return: NULL if none may be killed.
 */
static struct kalloc_oom_task *choose(struct oom *oom, unsigned long totalpages,
				      struct kalloc_oom_task *copy)
{
	struct kalloc_oom_task *task, *chosen = NULL;
	long worst = LONG_MIN;

	lock_take(&oom->lock);
	list_for_each_entry(task, &oom->tasks, list) {
		struct kalloc_oom_task seen = task_look(task);
		long points = seen.is_victim ? LONG_MIN : oom_badness(&seen, totalpages);

		if (points == LONG_MIN || points < worst)
			continue;
		worst = points;
		chosen = task;
		*copy = seen;
	}
	if (chosen) {
		chosen->is_victim = 1;
		oom->calling = chosen;
	}
	lock_drop(&oom->lock);
	return chosen;
}

/* --- the report ----------------------------------------------------------- */

/* Add the lines of tasks from number @first on, as many as fit. Return: how many. */
static unsigned int add_tasks(struct text *text, struct oom *oom, unsigned int first)
{
	struct kalloc_oom_task *task;
	unsigned int at = 0, nr = 0;

	lock_take(&oom->lock);
	list_for_each_entry(task, &oom->tasks, list) {
		struct kalloc_oom_task seen = task_look(task);

		if (at++ < first)
			continue;
		if (text->len + 128 > text->size)
			break;
		text_add(text, "[%7d] %5d %5d %8lu %8lu %8ld %8lu         %5hd %.16s\n", seen.pid,
			 0, seen.pid, seen.nr_pages, seen.nr_pages, 0L, 0UL, seen.oom_score_adj,
			 seen.comm);
		nr++;
	}
	lock_drop(&oom->lock);
	return nr;
}

static void show_tasks(struct oom *oom)
{
	unsigned int first = 0, nr;

	console_print("Tasks state (memory values in pages):\n"
		      "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents "
		      "oom_score_adj name\n");
	do {
		char buf[2048];
		struct text text = text_on(buf, sizeof(buf));

		nr = add_tasks(&text, oom, first);
		first += nr;
		console_print("%s", buf);
	} while (nr);
}

static void show_head(const struct alloc_request *req)
{
	char flags[256];

	kalloc_gfp_show(req->gfp, flags, sizeof(flags));
	console_print("%s invoked oom-killer: gfp_mask=%#x(%s), order=%u, oom_score_adj=0\n",
		      task_name(), req->gfp, flags, req->order);
	show_mem(req->room);
	show_tasks(&req->room->oom);
}

/* Whether the request may not use every node that has memory. */
static bool is_constrained(const struct alloc_request *req)
{
	return req->nodemask && show_memory_nodes(req->room) & ~*req->nodemask;
}

static void show_victim(const struct alloc_request *req, const struct kalloc_oom_task *victim)
{
	char buf[1024];
	struct text text = text_on(buf, sizeof(buf));

	text_add(&text, "oom-kill:constraint=%s,nodemask=",
		 is_constrained(req) ? "CONSTRAINT_MEMORY_POLICY" : "CONSTRAINT_NONE");
	show_nodes(&text, req->nodemask);
	show_mems_allowed(&text, req->room);
	text_add(&text, ",global_oom,task_memcg=/,task=%.16s,pid=%d,uid=0\n", victim->comm,
		 victim->pid);
	text_add(&text,
		 "Out of memory: Killed process %d (%.16s) total-vm:%lukB, anon-rss:%lukB, "
		 "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:0kB oom_score_adj:%hd\n",
		 victim->pid, victim->comm, KB(victim->nr_pages), KB(victim->nr_pages),
		 victim->oom_score_adj);
	console_print("%s", buf);
}

/* --- policies ------------------------------------------------------------- */

/* Frames and swap slots of the nodes that the request may use. */
static unsigned long total_pages(const struct alloc_request *req)
{
	struct page_room *room = req->room;
	unsigned long nr = room->swap_pages;
	struct zone *zone;

	if (!is_constrained(req))
		return nr + pages_total(room->m);
	for_each_zone(zone, room)
		nr += node_allows(req->nodemask, zone->nid) ? zone->present_pages : 0;
	return nr;
}

static void note_killed(const struct kalloc_oom_task *victim)
{
	struct kalloc_note note = {
		.kind = KALLOC_NOTE_OOM,
		.oom = { .what = KALLOC_OOM_KILLED, .pid = victim->pid, .pages = victim->nr_pages },
	};

	if (!explain_on())
		return;
	memccpy(note.oom.name, victim->comm, '\0', sizeof(note.oom.name) - 1);
	explain_add(&note);
}

static void kill(const struct alloc_request *req)
{
	struct oom *oom = &req->room->oom;
	struct kalloc_oom_task copy, *victim = choose(oom, total_pages(req), &copy);
	struct callback call;

	show_head(req);
	if (!victim)
		console_panic("Out of memory and no killable processes...\n"
			      "Kernel panic - not syncing: System is deadlocked on memory\n");
	show_victim(req, &copy);
	page_event_add(req->room->m, OOM_KILL, 1);
	note_killed(&copy);
	call = callback_begin(req->room);
	victim->kill(victim);
	callback_end(oom, call);
}

static void fail(const struct alloc_request *req)
{
	struct oom *oom = &req->room->oom;
	unsigned int suppressed;

	if (req->gfp & __GFP_NOWARN || !ratelimit_pass(&oom->limit, &suppressed))
		return;
	if (suppressed)
		console_print("oom_kill_process: %u callbacks suppressed\n", suppressed);
	show_head(req);
}

/* Return: as oom_handle(). */
static bool decide(const struct alloc_request *req)
{
	switch (req->room->m->params.oom) {
	case OOM_KILL_TASK:
		kill(req);
		return true;
	case OOM_PANIC:
		show_head(req);
		console_panic("Kernel panic - not syncing: Out of memory: "
			      "system-wide panic_on_oom is enabled\n");
	default:
		explain(.kind = KALLOC_NOTE_OOM, .oom = { .what = KALLOC_OOM_FAILED });
		fail(req);
		return false;
	}
}

bool oom_handle(const struct alloc_request *req)
{
	struct oom *oom = &req->room->oom;
	unsigned long freed;
	bool go_on = true;

	if (is_inside(oom))
		return false;
	if (!enter(oom)) {
		explain(.kind = KALLOC_NOTE_OOM, .oom = { .what = KALLOC_OOM_BUSY });
		return true;
	}
	freed = notify(req->room);
	/* Without __GFP_FS, much could be reclaimed by others: no reason to kill. */
	if (freed)
		explain(.kind = KALLOC_NOTE_OOM,
			.oom = { .what = KALLOC_OOM_NOTIFIED, .pages = freed });
	else if (req->gfp & __GFP_FS)
		go_on = decide(req);
	else
		explain(.kind = KALLOC_NOTE_OOM, .oom = { .what = KALLOC_OOM_NO_FS });
	leave(oom);
	return go_on;
}
