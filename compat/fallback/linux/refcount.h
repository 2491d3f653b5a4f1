/* SPDX-License-Identifier: MIT */
/* Counts of references: one that leaves its bounds is reported, and stays where it is. */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_MAX	   0x7fffffff
#define REFCOUNT_SATURATED (-0x40000000)
#define REFCOUNT_INIT(n)               \
	{                              \
		.refs = ATOMIC_INIT(n) \
	}

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return (unsigned int)atomic_read(&r->refs);
}

static inline void kalloc_refcount_wrong(refcount_t *r, const char *why)
{
	atomic_set(&r->refs, REFCOUNT_SATURATED);
	WARN(1, "refcount_t: %s\n", why);
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	int was = atomic_read(&r->refs);

	do
		if (!was)
			return false;
	while (!atomic_try_cmpxchg(&r->refs, &was, was + 1));
	if (unlikely(was < 0 || was == REFCOUNT_MAX))
		kalloc_refcount_wrong(r, "saturated; leaking memory.");
	return true;
}

static inline void refcount_inc(refcount_t *r)
{
	if (!refcount_inc_not_zero(r))
		kalloc_refcount_wrong(r, "addition on 0; use-after-free.");
}

static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int was = atomic_fetch_sub(1, &r->refs);

	if (unlikely(was <= 0))
		kalloc_refcount_wrong(r, "underflow; use-after-free.");
	return was == 1;
}

static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(atomic_fetch_sub(1, &r->refs) <= 1))
		kalloc_refcount_wrong(r, "decrement hit 0; leaking memory.");
}

#endif
