/* SPDX-License-Identifier: MIT */
/* Nobody counts ticks: they are read off the host's clock. */
#include_next <linux/jiffies.h>

#ifndef KALLOC_JIFFIES
#define KALLOC_JIFFIES

/* A word of the calling thread's that is the time now: some code takes its address. */
volatile unsigned long *kalloc_jiffies(void);

#define jiffies (*kalloc_jiffies())

/* What is inline in the tree's header has been compiled before. */
#define get_jiffies_64() ((u64)jiffies)

#endif
