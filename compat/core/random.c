/* SPDX-License-Identifier: MIT */
/* Random numbers are the host's: the same in each run, unless another seed is given. */
#include <linux/notifier.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/string.h>

#include "core.h"

void get_random_bytes(void *buf, size_t len)
{
	char *to = buf;

	while (len) {
		u64 number = host_random();
		size_t part = min(len, sizeof(number));

		memcpy(to, &number, part);
		to += part;
		len -= part;
	}
}

u8 get_random_u8(void)
{
	return (u8)host_random();
}

u16 get_random_u16(void)
{
	return (u16)host_random();
}

u32 get_random_u32(void)
{
	return (u32)host_random();
}

u64 get_random_u64(void)
{
	return host_random();
}

u32 __get_random_u32_below(u32 ceil)
{
	return ceil ? (u32)(((u64)(u32)host_random() * ceil) >> 32) : (u32)host_random();
}

bool rng_is_initialized(void)
{
	return true;
}

int wait_for_random_bytes(void)
{
	return 0;
}

/* Whoever waits for the generator to be ready need not. */
int execute_with_initialized_rng(struct notifier_block *waiter)
{
	return waiter->notifier_call(waiter, 0, NULL);
}
