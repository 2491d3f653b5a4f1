// SPDX-License-Identifier: MIT
/*
 * What has changed its meaning or its prototype between kernels, written as each kernel's own
 * code has it: compiled for one of them (-DKALLOC_LINUX_VERSION) each call means what it meant
 * there.
 */
#include <linux/version.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 19)
#include <linux/config.h>
#endif
#include <linux/flex_array.h>
#include <linux/highmem.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static unsigned int nr_checks;

/* A failure is a warning, which is counted. */
#define CHECK(good)                                 \
	do {                                        \
		WARN(!(good), "not so: %s", #good); \
		nr_checks++;                        \
	} while (0)

static void max_order_is_past_the_largest_or_the_largest(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	const unsigned int largest = MAX_ORDER - 1;
#else
	const unsigned int largest = MAX_ORDER;
#endif
	unsigned long block = __get_free_pages(GFP_KERNEL, largest);

	CHECK(block);
	free_pages(block, largest);
	CHECK(!__get_free_pages(GFP_KERNEL | __GFP_NOWARN, largest + 1));
}

/* 256 elements of 16 bytes in each part. */
static void prealloc_names_the_last_or_a_number(void)
{
	struct flex_array *array = flex_array_alloc(16, 1000, GFP_KERNEL);

	CHECK(array && !flex_array_prealloc(array, 255, 255, GFP_KERNEL));
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 39)
	CHECK(array->parts[0] && !array->parts[1]);
#else
	CHECK(array->parts[0] && array->parts[1] && !array->parts[2]);
#endif
	flex_array_free(array);
}

static void resize_is_told_flags_or_not(void)
{
	mempool_t *pool = mempool_create(2, mempool_kmalloc, mempool_kfree, (void *)64);

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 1, 0)
	CHECK(pool && !mempool_resize(pool, 5, GFP_KERNEL));
#else
	CHECK(pool && !mempool_resize(pool, 5));
#endif
	CHECK(pool->min_nr == 5 && pool->curr_nr == 5);
	mempool_destroy(pool);
}

static void growing_is_told_the_size_or_not(void)
{
	char *p = kvmalloc(100, GFP_KERNEL);

	strcpy(p, "kept");
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	p = kvrealloc(p, 100, 100000, GFP_KERNEL);
#else
	p = kvrealloc(p, 100000, GFP_KERNEL);
#endif
	CHECK(p && !strcmp(p, "kept"));
	memset(p, 1, 100000);
	kvfree(p);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 24)
static void object_begin(void *object, struct kmem_cache *cache, unsigned long flags)
{
	*(int *)object = flags & SLAB_CTOR_CONSTRUCTOR ? 77 : 0;
}
#elif LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 27)
static void object_begin(struct kmem_cache *cache, void *object)
{
	*(int *)object = 77;
}
#else
static void object_begin(void *object)
{
	*(int *)object = 77;
}
#endif

static void constructors_have_their_arguments(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 23)
	struct kmem_cache *cache = kmem_cache_create("era", 64, 0, 0, object_begin, NULL);
#else
	struct kmem_cache *cache = kmem_cache_create("era", 64, 0, 0, object_begin);
#endif
	int *object = kmem_cache_alloc(cache, GFP_KERNEL);

	CHECK(object && *object == 77);
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 19)
	CHECK(kmem_cache_destroy(cache)); /* there is one left */
	kmem_cache_free(cache, object);
	CHECK(!kmem_cache_destroy(cache));
#else
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
#endif
}

static void areas_have_a_protection_or_not(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 8, 0)
	char *area = __vmalloc(10000, GFP_KERNEL | __GFP_HIGHMEM, PAGE_KERNEL);
#else
	char *area = __vmalloc(10000, GFP_KERNEL);
#endif
	CHECK(area);
	memset(area, 1, 10000);
	vfree(area);
}

static void pages_are_mapped_in_a_slot_or_not(void)
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	char *mapped;

#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 4, 0)
	mapped = kmap_atomic(page, KM_USER0);
	CHECK(in_atomic());
	strcpy(mapped, "written");
	kunmap_atomic(mapped, KM_USER0);
#else
	mapped = kmap_atomic(page);
	CHECK(in_atomic());
	strcpy(mapped, "written");
	kunmap_atomic(mapped);
#endif
	CHECK(!in_atomic() && !strcmp(kmap(page), "written"));
	kunmap(page);
	__free_page(page);
}

/* Until 4.4 GFP_NOWAIT was 0, and 0 the same request: neither sleeps, or that is told. */
static void who_cannot_wait_does_not(void)
{
	void *p, *q;

	preempt_disable();
	p = kmalloc(64, GFP_NOWAIT);
	q = kmalloc(64, 0);
	preempt_enable();
	CHECK(p && q);
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 4, 0)
	CHECK((GFP_KERNEL & __GFP_WAIT) && (GFP_NOIO & __GFP_WAIT));
	CHECK(!(GFP_ATOMIC & __GFP_WAIT) && !(GFP_NOWAIT & __GFP_WAIT));
#endif
	kfree(p);
	kfree(q);
}

static int __init era_init(void)
{
	max_order_is_past_the_largest_or_the_largest();
	prealloc_names_the_last_or_a_number();
	resize_is_told_flags_or_not();
	growing_is_told_the_size_or_not();
	constructors_have_their_arguments();
	areas_have_a_protection_or_not();
	pages_are_mapped_in_a_slot_or_not();
	who_cannot_wait_does_not();
	printk(KERN_INFO "era: %u checks for %#x\n", nr_checks, (unsigned int)LINUX_VERSION_CODE);
	return 0;
}

static void __exit era_exit(void)
{
}

module_init(era_init);
module_exit(era_exit);
MODULE_LICENSE("Dual MIT/GPL");
