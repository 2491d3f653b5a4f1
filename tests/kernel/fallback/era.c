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
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 26)
#include <asm/semaphore.h>
#else
#include <linux/semaphore.h>
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 27)
#include <asm/atomic.h>
#include <asm/bitops.h>
#include <asm/system.h>
#else
#include <linux/atomic.h>
#include <linux/rculist.h>
#endif

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

struct entry {
	int value;
	struct hlist_node chain;
	struct list_head list;
};

/* Each digit is an entry that was come by. */
static void walks_have_a_node_beside_or_not(void)
{
	struct entry entries[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };
	int all = 0, rest = 0, last = 0, safe = 0, rcu = 0;
	struct hlist_node *later;
	struct entry *each;
	HLIST_HEAD(head);

	for (int i = 3; i--;)
		hlist_add_head(&entries[i].chain, &head);
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 9, 0)
	struct hlist_node *node;

	hlist_for_each_entry(each, node, &head, chain)
		all = all * 10 + each->value;
	node = &entries[0].chain;
	hlist_for_each_entry_continue(each, node, chain)
		rest = rest * 10 + each->value;
	node = &entries[2].chain;
	hlist_for_each_entry_from(each, node, chain)
		last = last * 10 + each->value;
	hlist_for_each_entry_rcu(each, node, &head, chain)
		rcu = rcu * 10 + each->value;
	hlist_for_each_entry_safe(each, node, later, &head, chain) {
#else
	hlist_for_each_entry(each, &head, chain)
		all = all * 10 + each->value;
	each = &entries[0];
	hlist_for_each_entry_continue(each, chain)
		rest = rest * 10 + each->value;
	each = &entries[2];
	hlist_for_each_entry_from(each, chain)
		last = last * 10 + each->value;
	hlist_for_each_entry_rcu(each, &head, chain)
		rcu = rcu * 10 + each->value;
	hlist_for_each_entry_safe(each, later, &head, chain) {
#endif
		safe = safe * 10 + each->value;
		hlist_del(&each->chain);
	}
	CHECK(all == 123 && rest == 23 && last == 3 && rcu == 123);
	CHECK(safe == 123 && hlist_empty(&head));
}

static void lists_have_older_names(void)
{
	struct entry entries[2] = { { .value = 1 }, { .value = 2 } };
	int all = 0, back = 0;
	struct list_head *at;
	struct entry *each;
	LIST_HEAD(head);

	list_add_tail(&entries[0].list, &head);
	list_add_tail(&entries[1].list, &head);
	list_for_each_entry_rcu(each, &head, list)
		all = all * 10 + each->value;
	list_for_each_prev(at, &head)
		back = back * 10 + list_entry(at, struct entry, list)->value;
#if LINUX_VERSION_CODE < KERNEL_VERSION(3, 9, 0)
	__list_for_each(at, &head)
		all = all * 10 + list_entry(at, struct entry, list)->value;
	list_for_each_rcu(at, &head)
		prefetch(at);
#else
	all = all * 100 + all;
#endif
	CHECK(all == 1212 && back == 21);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 37)
static DECLARE_MUTEX(inside);
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static DEFINE_SEMAPHORE(inside);
#else
static DEFINE_SEMAPHORE(inside, 1);
#endif
static struct semaphore begin, ended;
static unsigned int nr_inside, nr_done;

static int count_inside(void *arg)
{
	down(&begin);
	nr_done++;
	for (int i = 0; i < 10000; i++) {
		down(&inside);
		nr_inside++;
		up(&inside);
	}
	up(&ended);
	return 0;
}

static void semaphores_keep_threads_out(void)
{
	sema_init(&begin, 0);
	sema_init(&ended, 0);
	CHECK(!IS_ERR(kthread_run(count_inside, NULL, "one")));
	CHECK(down_timeout(&ended, 2) == -ETIME && down_trylock(&begin) == 1);
	CHECK(!nr_done); /* it waits for its beginning */
	up(&begin);
	for (int i = 0; i < 10000; i++) {
		if (down_interruptible(&inside))
			break;
		nr_inside++;
		up(&inside);
	}
	down(&ended);
	CHECK(nr_inside == 20000 && nr_done == 1 && down_trylock(&inside) == 0);
	up(&inside);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 39)
static spinlock_t spin = SPIN_LOCK_UNLOCKED;
static rwlock_t rw = RW_LOCK_UNLOCKED;

static void locks_have_an_unlocked_value(void)
{
	spin_lock(&spin);
	CHECK(spin_is_locked(&spin) && in_atomic());
	spin_unlock(&spin);
	read_lock(&rw);
	read_lock(&rw);
	read_unlock(&rw);
	read_unlock(&rw);
	write_lock(&rw);
	write_unlock(&rw);
	CHECK(!in_atomic());
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 23)
static int shrink_nothing(int nr, gfp_t flags)
{
	return 0;
}

static void shrinkers_are_set(void)
{
	struct shrinker *shrinker = set_shrinker(DEFAULT_SEEKS, shrink_nothing);

	CHECK(shrinker);
	remove_shrinker(shrinker);
}
#endif

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
	walks_have_a_node_beside_or_not();
	lists_have_older_names();
	semaphores_keep_threads_out();
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 39)
	locks_have_an_unlocked_value();
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 6, 23)
	shrinkers_are_set();
#endif
	printk(KERN_INFO "era: %u checks for %#x\n", nr_checks, (unsigned int)LINUX_VERSION_CODE);
	return 0;
}

static void __exit era_exit(void)
{
}

module_init(era_init);
module_exit(era_exit);
MODULE_LICENSE("Dual MIT/GPL");
