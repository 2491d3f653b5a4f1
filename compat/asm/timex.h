/* SPDX-License-Identifier: MIT */
/* The host's clock stands for the cycle counter: a cycle is a nanosecond. */
#ifndef _ASM_TIMEX_H
#define _ASM_TIMEX_H

typedef unsigned long cycles_t;

unsigned long long kalloc_cycles(void);

#define get_cycles()	     ((cycles_t)kalloc_cycles())
#define random_get_entropy() get_cycles()
#define CLOCK_TICK_RATE	     1193182

#endif
