/* SPDX-License-Identifier: MIT */
#include "soak.h"

static void set_size(struct hoard *hoard, unsigned long nr_pages)
{
	__atomic_store_n(&hoard->task.nr_pages, nr_pages, __ATOMIC_RELAXED);
}

static void free_all(struct hoard *hoard)
{
	struct list_head *at, *next;

	pthread_mutex_lock(&hoard->lock);
	for (at = hoard->pages.next; at != &hoard->pages; at = next) {
		next = at->next;
		__free_page((struct page *)((char *)at - offsetof(struct page, lru)));
	}
	hoard->pages.next = hoard->pages.prev = &hoard->pages;
	set_size(hoard, 0);
	pthread_mutex_unlock(&hoard->lock);
}

static void hoard_kill(struct kalloc_oom_task *task)
{
	struct hoard *hoard = (struct hoard *)((char *)task - offsetof(struct hoard, task));

	free_all(hoard);
	hoard->nr_killed++;
	/* Another task of the same name: this one would not be killed again. */
	kalloc_oom_del(task);
	kalloc_oom_add(task);
}

void hoard_init(struct hoard *hoard, int pid)
{
	*hoard = (struct hoard){ .task = { .pid = pid, .comm = "hoard", .kill = hoard_kill } };
	pthread_mutex_init(&hoard->lock, NULL);
	hoard->pages.next = hoard->pages.prev = &hoard->pages;
	kalloc_oom_add(&hoard->task);
}

/* Return: false if there was no page. */
static bool add_one(struct hoard *hoard, gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (!page) {
		hoard->nr_refused++;
		return false;
	}
	pthread_mutex_lock(&hoard->lock);
	page->lru.next = hoard->pages.next;
	page->lru.prev = &hoard->pages;
	hoard->pages.next->prev = &page->lru;
	hoard->pages.next = &page->lru;
	set_size(hoard, hoard->task.nr_pages + 1);
	pthread_mutex_unlock(&hoard->lock);
	return true;
}

void hoard_step(struct hoard *hoard, unsigned long most, gfp_t gfp)
{
	for (unsigned long i = 0; i < most; i++) {
		if (!add_one(hoard, gfp))
			break;
	}
	free_all(hoard);
}

void hoard_fini(struct hoard *hoard)
{
	kalloc_oom_del(&hoard->task);
	free_all(hoard);
	pthread_mutex_destroy(&hoard->lock);
}
