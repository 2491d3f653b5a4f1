/* SPDX-License-Identifier: MIT */
/*
 * A shape from the two calls of a pair. @boot is done before, @give finds in p what @take
 * gave. The empty loop makes neither call.
 */
#ifndef LAYERS_PAIR_H
#define LAYERS_PAIR_H

#include "shape.h"

#define PAIR(name, boot, take, give)                                       \
	static ALWAYS_INLINE void name##_body(long times, const bool real) \
	{                                                                  \
		for (long i = 0; i < times; i++) {                         \
			void *p = opaque(real ? (void *)(take) : NULL);    \
                                                                           \
			if (real)                                          \
				give;                                      \
		}                                                          \
	}                                                                  \
	LOOPS(name)                                                        \
	double name(const struct shape *shape)                             \
	{                                                                  \
		(void)shape;                                               \
		boot;                                                      \
		return loop_ns(name##_real, name##_empty);                 \
	}

#endif
