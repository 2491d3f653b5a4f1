/* SPDX-License-Identifier: MIT */
/* Loses one of each kind of memory, each in a function of its own; with none=1 nothing. */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#define NR_OBJECTS 3

static bool none;
module_param(none, bool, 0444);

static struct kmem_cache *cache;
static void *objects[NR_OBJECTS], *memory, *area;
static struct page *page;
static void __percpu *percpu;
static struct workqueue_struct *queue;
static struct proc_dir_entry *proc;
static struct dentry *folder;

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

static noinline void queue_lose(void)
{
	queue = alloc_workqueue("lost", 0, 0);
}

static noinline void proc_lose(void)
{
	proc = proc_mkdir("lost", NULL);
}

static noinline void debugfs_lose(void)
{
	folder = debugfs_create_dir("lost", NULL);
}

static int __init leak_init(void)
{
	cache = kmem_cache_create("leaky", 40, 0, 0, NULL);
	objects_lose();
	kmalloc_lose();
	page_lose();
	area_lose();
	percpu_lose();
	queue_lose();
	proc_lose();
	debugfs_lose();
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
	destroy_workqueue(queue);
	proc_remove(proc);
	debugfs_remove(folder);
	kmem_cache_destroy(cache);
}
module_exit(leak_exit);
MODULE_LICENSE("GPL");
