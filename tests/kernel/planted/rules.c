/* SPDX-License-Identifier: MIT */
/* Breaks a rule that the library looks after, as it is told. Compiles without a tree, too. */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *what = "";
module_param(what, charp, 0444);

static DEFINE_SPINLOCK(lock);

static void sleep_atomic(void)
{
	void *p;

	spin_lock(&lock);
	p = kmalloc(100, GFP_KERNEL);
	spin_unlock(&lock);
	kfree(p);
}

/* To another cache than it came from. */
static void free_wrong(void)
{
	struct kmem_cache *one = kmem_cache_create("one", 40, 0, SLAB_CONSISTENCY_CHECKS, NULL);
	struct kmem_cache *other = kmem_cache_create("other", 80, 0, SLAB_CONSISTENCY_CHECKS, NULL);
	void *p = kmem_cache_alloc(one, GFP_KERNEL);

	kmem_cache_free(other, p);
	kmem_cache_destroy(other);
	kmem_cache_destroy(one);
}

/* While it is mapped still. */
static void free_used(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	page->mapping = (struct address_space *)page;
	__free_page(page);
	page->mapping = NULL;
}

static int __init rules_init(void)
{
	if (!strcmp(what, "sleep"))
		sleep_atomic();
	else if (!strcmp(what, "free"))
		free_wrong();
	else if (!strcmp(what, "page"))
		free_used();
	return 0;
}
module_init(rules_init);
MODULE_LICENSE("GPL");
