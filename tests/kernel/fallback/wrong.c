/* SPDX-License-Identifier: MIT */
/* Does what is wrong, as it is told: the runtime has to see it. */
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

static char *what = "";
module_param(what, charp, 0444);

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(lock);

static void sleep_in_atomic(void)
{
	spin_lock(&lock);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	spin_unlock(&lock);
}

static int __init wrong_init(void)
{
	struct kref dead = KREF_INIT(0);

	if (!strcmp(what, "leak"))
		pr_info("left at %p\n", kmalloc(100, GFP_KERNEL));
	else if (!strcmp(what, "warn"))
		WARN(1, "a warning of %s\n", what);
	else if (!strcmp(what, "bug"))
		BUG();
	else if (!strcmp(what, "sleep"))
		sleep_in_atomic();
	else if (!strcmp(what, "refs"))
		kref_get(&dead);
	return 0;
}
module_init(wrong_init);
