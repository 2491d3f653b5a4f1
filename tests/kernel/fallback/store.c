/* SPDX-License-Identifier: MIT */
/*
 * Kernel code without a kernel tree: a store of items, in a hash table that is read without
 * a lock and changed under one by several threads, and the plain tools beside it. What goes
 * wrong is a bug or a warning, and what is left over is found by the runtime.
 */
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hashtable.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#define NR_KEYS	   64
#define NR_ROUNDS  2000
#define NR_THREADS 4

struct item {
	unsigned int key;
	unsigned int check; /* ~key while the item is valid */
	struct kref refs;
	struct hlist_node in_table;
	struct llist_node in_dead;
	struct rcu_head rcu;
};

static unsigned int nr_rounds = NR_ROUNDS;
module_param_named(rounds, nr_rounds, uint, 0444);

static DEFINE_HASHTABLE(table, 4);
static DEFINE_SPINLOCK(table_lock);
static struct kmem_cache *item_cache;
static atomic_t nr_items = ATOMIC_INIT(0);

static void item_free(struct rcu_head *rcu)
{
	struct item *item = container_of(rcu, struct item, rcu);

	item->check = 0;
	kmem_cache_free(item_cache, item);
	atomic_dec(&nr_items);
}

static void item_release(struct kref *refs)
{
	call_rcu(&container_of(refs, struct item, refs)->rcu, item_free);
}

static struct item *item_find(unsigned int key)
{
	struct item *item, *found = NULL;

	rcu_read_lock();
	hash_for_each_possible_rcu(table, item, in_table,
				   key) if (item->key == key && kref_get_unless_zero(&item->refs))
	{
		found = item;
		break;
	}
	rcu_read_unlock();
	return found;
}

static struct item *item_add(unsigned int key)
{
	struct item *item = kmem_cache_zalloc(item_cache, GFP_KERNEL), *other;

	if (!item)
		return ERR_PTR(-ENOMEM);
	item->key = key;
	item->check = ~key;
	kref_init(&item->refs);
	spin_lock(&table_lock);
	hash_for_each_possible(table, other, in_table, key) if (other->key == key)
	{
		spin_unlock(&table_lock);
		kmem_cache_free(item_cache, item);
		return ERR_PTR(-EEXIST);
	}
	hash_add_rcu(table, &item->in_table, key);
	spin_unlock(&table_lock);
	atomic_inc(&nr_items);
	return item;
}

static void item_remove(unsigned int key)
{
	struct item *item;
	struct hlist_node *later;
	unsigned long flags;

	spin_lock_irqsave(&table_lock, flags);
	hash_for_each_possible_safe(table, item, later, in_table, key) if (item->key == key)
	{
		hash_del_rcu(&item->in_table);
		kref_put(&item->refs, item_release);
	}
	spin_unlock_irqrestore(&table_lock, flags);
}

/* --- several threads change the store ------------------------------------------ */

static DECLARE_COMPLETION(all_go);

static int churn(void *arg)
{
	int nr_found = 0;

	wait_for_completion(&all_go);
	for (unsigned int i = 0; i < nr_rounds; i++) {
		unsigned int key = get_random_u32_below(NR_KEYS);
		struct item *item = item_find(key);

		if (item) {
			BUG_ON(item->check != ~key);
			nr_found++;
			kref_put(&item->refs, item_release);
			if (i % 2)
				item_remove(key);
		} else {
			item = item_add(key);
			WARN_ON(IS_ERR(item) && PTR_ERR(item) != -EEXIST);
		}
		cond_resched();
	}
	return nr_found;
}

static void store_test(void)
{
	struct task_struct *threads[NR_THREADS];
	int nr_found = 0;

	item_cache = KMEM_CACHE(item, SLAB_HWCACHE_ALIGN);
	BUG_ON(!item_cache);
	for (unsigned int i = 0; i < ARRAY_SIZE(threads); i++) {
		threads[i] = kthread_create(churn, NULL, "churn/%u", i);
		BUG_ON(IS_ERR(threads[i]));
		get_task_struct(threads[i]);
		wake_up_process(threads[i]);
	}
	complete_all(&all_go);
	for (unsigned int i = 0; i < ARRAY_SIZE(threads); i++) {
		nr_found += kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
	WARN_ON(!nr_found);
	for (unsigned int key = 0; key < NR_KEYS; key++)
		item_remove(key);
	WARN_ON(!hash_empty(table));
	rcu_barrier();
	WARN_ON(atomic_read(&nr_items));
	kmem_cache_destroy(item_cache);
}

/* --- threads -------------------------------------------------------------------- */

static DEFINE_MUTEX(mutex);
static struct completion started;

static int until_stopped(void *arg)
{
	mutex_lock(&mutex);
	complete(&started);
	mutex_unlock(&mutex);
	while (!kthread_should_stop())
		usleep_range(50, 100);
	return *(int *)arg;
}

static void thread_test(void)
{
	int answer = 42;
	struct task_struct *task;

	init_completion(&started);
	mutex_lock(&mutex);
	WARN_ON(mutex_trylock(&mutex));
	task = kthread_run(until_stopped, &answer, "until_stopped");
	WARN_ON(wait_for_completion_timeout(&started, 1));
	mutex_unlock(&mutex);
	wait_for_completion(&started);
	WARN_ON(strcmp(task->comm, "until_stopped") || task->pid == current->pid);
	WARN_ON(kthread_stop(task) != 42);
	task = kthread_create(until_stopped, &answer, "never");
	WARN_ON(kthread_stop(task) != -EINTR);
}

/* --- lists ------------------------------------------------------------------------ */

struct number {
	int n;
	struct list_head list;
	struct llist_node node;
};

static void list_test(void)
{
	LIST_HEAD(odd);
	LIST_HEAD(even);
	LLIST_HEAD(stack);
	struct number numbers[10], *number, *later;
	int sum = 0;

	for (int i = 0; i < 10; i++) {
		numbers[i].n = i;
		list_add_tail(&numbers[i].list, i % 2 ? &odd : &even);
		WARN_ON(llist_add(&numbers[i].node, &stack) != !i);
	}
	list_splice_tail_init(&odd, &even);
	WARN_ON(!list_empty(&odd) || list_first_entry(&even, struct number, list)->n != 0 ||
		list_last_entry(&even, struct number, list)->n != 9);
	list_for_each_entry_reverse(number, &even, list)
		sum = 2 * sum + number->n % 2;
	WARN_ON(sum != 0x3e0);
	list_for_each_entry_safe(number, later, &even, list)
		list_del_init(&number->list);
	WARN_ON(!list_empty(&even));
	WARN_ON(llist_entry(llist_del_first(&stack), struct number, node)->n != 9);
	sum = 0;
	llist_for_each_entry(number, llist_del_all(&stack), node) sum += number->n;
	WARN_ON(sum != 36 || !llist_empty(&stack));
}

/* --- numbers, bits and text ---------------------------------------------------------- */

static void number_test(void)
{
	unsigned int number = 257;
	int negative;
	bool flag;

	BUILD_BUG_ON(GENMASK(7, 4) != 0xf0);
	WARN_ON(ilog2(4096) != 12 || roundup_pow_of_two(33) != 64 || order_base_2(1) != 0);
	WARN_ON(min(3, 4) != 3 || max_t(u8, number, 0) != 1 || clamp(11, 0, 10) != 10);
	WARN_ON(ALIGN(13, 8) != 16 || DIV_ROUND_UP(9, 4) != 3 || round_down(15, 4) != 12);
	WARN_ON(fls(0) || fls(0x80) != 8 || ffs(0x80) != 8 || __ffs(0x80) != 7);
	WARN_ON(size_mul(SIZE_MAX, 2) != SIZE_MAX);
	WARN_ON(kmalloc(array_size(SIZE_MAX, 2), GFP_KERNEL | __GFP_NOWARN));
	WARN_ON(kstrtouint("0x10\n", 0, &number) || number != 16);
	WARN_ON(kstrtouint("4294967296", 0, &number) != -ERANGE);
	WARN_ON(kstrtoint("-12", 10, &negative) || negative != -12);
	WARN_ON(kstrtoint("12a", 10, &negative) != -EINVAL);
	WARN_ON(kstrtobool("off", &flag) || flag);
	WARN_ON(IS_ENABLED(CONFIG_X86) || !IS_ENABLED(CONFIG_SMP));
	WARN_ON(PTR_ERR_OR_ZERO(ERR_PTR(-EIO)) != -EIO || IS_ERR(&number));
}

static void bitmap_test(void)
{
	unsigned long *bitmap = bitmap_zalloc(200, GFP_KERNEL);
	unsigned long bit, sum = 0;

	BUG_ON(!bitmap);
	bitmap_set(bitmap, 60, 10);
	WARN_ON(test_and_set_bit(199, bitmap) || !test_and_clear_bit(60, bitmap));
	for_each_set_bit(bit, bitmap, 200) sum += bit;
	WARN_ON(sum != 61 + 62 + 63 + 64 + 65 + 66 + 67 + 68 + 69 + 199);
	WARN_ON(bitmap_weight(bitmap, 200) != 10 || find_last_bit(bitmap, 200) != 199);
	WARN_ON(find_next_zero_bit(bitmap, 200, 61) != 70);
	WARN_ON(find_next_bit(bitmap, 199, 70) != 199);
	bitmap_free(bitmap);
}

static void text_test(void)
{
	char text[8];
	char *copy;

	WARN_ON(strscpy(text, "12345678", sizeof(text)) != -E2BIG || strcmp(text, "1234567"));
	WARN_ON(scnprintf(text, sizeof(text), "%d", 123456789) != 7);
	copy = kstrdup("text", GFP_KERNEL);
	WARN_ON(strcmp(copy, "text"));
	kfree(copy);
	memset(text, 'x', sizeof(text));
	WARN_ON(memchr_inv(text, 'x', sizeof(text)));
	printk(KERN_INFO "100%% of %-5s|%5.1d|%zu|%ps|\n", "text", 15, sizeof(text), NULL);
}

/* --- the other allocators -------------------------------------------------------------- */

struct late {
	int n;
	struct rcu_head rcu;
};

static void memory_test(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(4, 100);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
	char *area = vzalloc(5 * PAGE_SIZE);
	struct late *late = kzalloc(sizeof(*late), GFP_KERNEL);

	BUG_ON(!pool || !page || !area || !late);
	mempool_free(mempool_alloc(pool, GFP_KERNEL), pool);
	mempool_destroy(pool);
	WARN_ON(memchr_inv(page_address(page), 0, 4 * PAGE_SIZE));
	__free_pages(page, 2);
	WARN_ON(memchr_inv(area, 0, 5 * PAGE_SIZE));
	vfree(area);
	kfree_rcu(late, rcu);
	kfree_rcu(kmalloc(10, GFP_KERNEL));
}

static int __init store_init(void)
{
	pr_info("store: begins\n");
	store_test();
	thread_test();
	list_test();
	number_test();
	bitmap_test();
	text_test();
	memory_test();
	return 0;
}

static void __exit store_exit(void)
{
	pr_info("store: ends\n");
}

module_init(store_init);
module_exit(store_exit);
MODULE_LICENSE("Dual MIT/GPL");
