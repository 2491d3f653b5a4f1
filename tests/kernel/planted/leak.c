/* SPDX-License-Identifier: MIT */
/* Loses one of each kind of memory, each in a function of its own; with none=1 nothing. */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define NR_OBJECTS 3

static bool none;
module_param(none, bool, 0444);

static struct kmem_cache *cache;
static void *objects[NR_OBJECTS], *memory, *area;
static struct page *page;
static void __percpu *percpu;

static noinline void object_lose(int i)
{
	objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
}

static noinline void objects_lose(void)
{
	int i;

	for (i = 0; i < NR_OBJECTS; i++)
		object_lose(i);
}

static noinline void kmalloc_lose(void)
{
	memory = kmalloc(100, GFP_KERNEL);
}

static noinline void page_lose(void)
{
	page = alloc_pages(GFP_KERNEL, 2);
}

static noinline void area_lose(void)
{
	area = vmalloc(5 * PAGE_SIZE);
}

static noinline void percpu_lose(void)
{
	percpu = __alloc_percpu(48, 8);
}

static int __init leak_init(void)
{
	cache = kmem_cache_create("leaky", 40, 0, 0, NULL);
	objects_lose();
	kmalloc_lose();
	page_lose();
	area_lose();
	percpu_lose();
	return 0;
}
module_init(leak_init);

static void __exit leak_exit(void)
{
	if (!none)
		return;
	kfree_bulk(NR_OBJECTS, objects);
	kfree(memory);
	__free_pages(page, 2);
	vfree(area);
	free_percpu(percpu);
	kmem_cache_destroy(cache);
}
module_exit(leak_exit);
MODULE_LICENSE("GPL");
