/* SPDX-License-Identifier: MIT */
/* Misuses memory in one of many ways, as it is told, in a function of that name. */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "ways.h"

static char *what = "";
module_param(what, charp, 0444);

static struct kmem_cache *cache;

/* So that no access is left out, and none is seen to be wrong at compile time. */
static volatile char sink;

static void *hide(void *p)
{
	OPTIMIZER_HIDE_VAR(p);
	return p;
}

static noinline void read_at(const char *p)
{
	sink = *p;
}

static noinline void write_at(char *p)
{
	*p = 1;
}

static void use_after_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	read_at(hide(p));
}

static void use_after_cache_free(void)
{
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	write_at((char *)hide(p) + 39);
}

/* Somebody else allocates meanwhile: the object waits in quarantine. */
static void use_after_others(void)
{
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);
	int i;

	kmem_cache_free(cache, p);
	for (i = 0; i < 100; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	read_at(hide(p));
}

static void use_after_bulk(void)
{
	void *p[4];

	if (kmem_cache_alloc_bulk(cache, GFP_KERNEL, 4, p) != 4)
		return;
	kmem_cache_free_bulk(cache, 4, p);
	read_at(hide(p[2]));
}

static void use_after_krealloc(void)
{
	char *p = kmalloc(64, GFP_KERNEL), *q = krealloc(p, 300, GFP_KERNEL);

	read_at(hide(p));
	kfree(q);
}

static void use_after_free_pages(void)
{
	char *p = (char *)__get_free_pages(GFP_KERNEL, 1);

	free_pages((unsigned long)p, 1);
	read_at((char *)hide(p) + 5000);
}

static void use_after_large_free(void)
{
	char *p = kmalloc(20000, GFP_KERNEL);

	kfree(p);
	write_at(hide(p));
}

static void use_after_vfree(void)
{
	char *p = vmalloc(8192);

	vfree(p);
	read_at((char *)hide(p) + 8191);
}

static void overflow(void)
{
	char *p = kmalloc(61, GFP_KERNEL);

	write_at((char *)hide(p) + 61);
	kfree(p);
}

/* A size that is a class: what follows is the next object's slot. */
static void overflow_of_class(void)
{
	size_t bytes = 64;
	char *p, *next;

	OPTIMIZER_HIDE_VAR(bytes);
	p = kmalloc(bytes, GFP_KERNEL);
	next = kmalloc(bytes, GFP_KERNEL);
	write_at((char *)hide(p) + 64);
	kfree(next);
	kfree(p);
}

static void overflow_of_cache(void)
{
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	read_at((char *)hide(p) + 40);
	kmem_cache_free(cache, p);
}

static void overflow_of_zeroed(void)
{
	char *p = kzalloc(3, GFP_KERNEL);

	write_at((char *)hide(p) + 3);
	kfree(p);
}

static void overflow_of_krealloc(void)
{
	char *p = krealloc(kmalloc(60, GFP_KERNEL), 20, GFP_KERNEL);

	write_at((char *)hide(p) + 20);
	kfree(p);
}

static void overflow_of_large(void)
{
	char *p = kmalloc(20000, GFP_KERNEL);

	write_at((char *)hide(p) + 20000);
	kfree(p);
}

static void overflow_of_vmalloc(void)
{
	char *p = vmalloc(5000);

	write_at((char *)hide(p) + 5000);
	vfree(p);
}

static void underflow(void)
{
	char *p = kmem_cache_alloc(cache, GFP_KERNEL), *q = kmem_cache_alloc(cache, GFP_KERNEL);

	read_at((char *)hide(q) - 1);
	kmem_cache_free(cache, p);
	kmem_cache_free(cache, q);
}

static void overflow_by_memset(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	memset(hide(p), 0, 101);
	kfree(p);
}

static void double_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	kfree(hide(p));
}

static void double_cache_free(void)
{
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	kmem_cache_free(cache, hide(p));
}

static void double_large_free(void)
{
	char *p = kmalloc(20000, GFP_KERNEL);

	kfree(p);
	kfree(hide(p));
}

static void inner_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	kfree((char *)hide(p) + 8);
	kfree(p);
}

static void ksize_of_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	if (ksize(hide(p)))
		read_at(p);
}

/* What is all right: none of it may be reported. */
static void nothing(void)
{
	size_t bytes, step;
	char *p, *q;

	for (bytes = 1; bytes < 40000; bytes += bytes / 7 + 1) {
		p = kzalloc(bytes, GFP_KERNEL);
		memset(p, 1, bytes);
		step = ksize(p);
		memset(p, 2, step);
		p = krealloc(p, bytes / 2 + 1, GFP_KERNEL | __GFP_ZERO);
		memset(p, 3, bytes / 2 + 1);
		p = krealloc(p, 2 * step, GFP_KERNEL);
		memset(p, 4, 2 * step);
		q = kvmalloc(bytes, GFP_KERNEL);
		memcpy(q, p, bytes);
		kvfree(q);
		kfree(p);
		p = vmalloc(bytes);
		memset(p, 5, bytes);
		vfree(p);
	}
	p = kmem_cache_zalloc(cache, GFP_KERNEL);
	memset(p, 6, 40);
	kmem_cache_free(cache, p);
	p = kstrdup("a string", GFP_KERNEL);
	kfree_sensitive(p);
	p = (char *)get_zeroed_page(GFP_KERNEL);
	memset(p, 7, PAGE_SIZE);
	free_page((unsigned long)p);
}

static const struct way ways[] = {
	WAY(nothing),
	WAY(use_after_free),
	WAY(use_after_cache_free),
	WAY(use_after_others),
	WAY(use_after_bulk),
	WAY(use_after_krealloc),
	WAY(use_after_free_pages),
	WAY(use_after_large_free),
	WAY(use_after_vfree),
	WAY(overflow),
	WAY(overflow_of_class),
	WAY(overflow_of_cache),
	WAY(overflow_of_zeroed),
	WAY(overflow_of_krealloc),
	WAY(overflow_of_large),
	WAY(overflow_of_vmalloc),
	WAY(overflow_by_memset),
	WAY(underflow),
	WAY(double_free),
	WAY(double_cache_free),
	WAY(double_large_free),
	WAY(inner_free),
	WAY(ksize_of_free),
};

static int __init misuse_init(void)
{
	cache = kmem_cache_create("misused", 40, 0, 0, NULL);
	ways_go(ways, ARRAY_SIZE(ways), what);
	kmem_cache_destroy(cache);
	return 0;
}
module_init(misuse_init);
MODULE_LICENSE("GPL");
