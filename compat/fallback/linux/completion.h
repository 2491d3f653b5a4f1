/* SPDX-License-Identifier: MIT */
/* Something that is waited for: how often it was completed, less those who went on. */
#ifndef __LINUX_COMPLETION_H
#define __LINUX_COMPLETION_H

#include <linux/compiler.h>
#include <linux/types.h>

struct completion {
	unsigned int done; /* COMPLETION_ALL: for everybody, from now on */
};

#define COMPLETION_ALL 0x7fffffffu
#define COMPLETION_INITIALIZER(name) \
	{                            \
		0                    \
	}
#define COMPLETION_INITIALIZER_ONSTACK(name) COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION(name)	     struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name)     DECLARE_COMPLETION(name)

static inline void init_completion(struct completion *x)
{
	x->done = 0;
}

static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

static inline bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done) != 0;
}

void complete(struct completion *x);
void complete_all(struct completion *x);
bool try_wait_for_completion(struct completion *x);
void wait_for_completion(struct completion *x);

/* Return: the ticks that were left, at least 1; 0 if @ticks went by. */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long ticks);

/* There are no signals. */
static inline int __must_check wait_for_completion_interruptible(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

#endif
