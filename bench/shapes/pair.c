/* SPDX-License-Identifier: MIT */
#include "objects.h"
#include "pick.h"

static ALWAYS_INLINE void constant_body(long times, const bool real)
{
	for (long i = 0; i < times; i++)
		drop(pick(TAKE_SIZE, real), TAKE_SIZE, real);
}
LOOPS(constant)

static ALWAYS_INLINE void variable_body(long times, const bool real)
{
	size_t size = opaque_size(TAKE_SIZE);

	for (long i = 0; i < times; i++)
		drop(pick(opaque_size(size), real), size, real);
}
LOOPS(variable)

double pair_measure(const struct shape *shape)
{
	take_boot();
	if (shape->way == PAIR_VARIABLE)
		return loop_ns(variable_real, variable_empty);
	return loop_ns(constant_real, constant_empty);
}
