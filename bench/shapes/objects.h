/* SPDX-License-Identifier: MIT */
/* What the tables of shapes choose from. Each says what its n and its way are. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "shape.h"

/* An object of TAKE_SIZE bytes and its free; way: is the compiler told the size? */
enum {
	PAIR_CONSTANT,
	PAIR_VARIABLE
};
double pair_measure(const struct shape *shape);

/* n objects of TAKE_SIZE bytes, then all freed in the order that way names; per object. */
enum {
	BATCH_LIFO,
	BATCH_FIFO,
	BATCH_SHUFFLED
};
double batch_measure(const struct shape *shape);

#endif
