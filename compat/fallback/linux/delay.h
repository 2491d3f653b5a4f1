/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/types.h>

void kalloc_sleep(long long ns);
void kalloc_spin(long long ns);

#define msleep(ms)		kalloc_sleep((ms)*1000000LL)
#define ssleep(s)		kalloc_sleep((s)*1000000000LL)
#define usleep_range(low, high) ((void)(high), kalloc_sleep((low)*1000LL))
#define fsleep(us)		kalloc_sleep((us)*1000LL)

#define ndelay(ns)		kalloc_spin(ns)
#define udelay(us)		kalloc_spin((us)*1000LL)
#define mdelay(ms)		kalloc_spin((ms)*1000000LL)

#endif
