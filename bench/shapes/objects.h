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
/* Three entries of a table. */
#define BATCHES(title, nr)                                                                \
	BATCH_OF(title "-lifo", nr, BATCH_LIFO), BATCH_OF(title "-fifo", nr, BATCH_FIFO), \
		BATCH_OF(title "-shuffled", nr, BATCH_SHUFFLED)
#define BATCH_OF(title, nr, order)                                             \
	{                                                                      \
		.name = title, .measure = batch_measure, .n = nr, .way = order \
	}

/* n live objects, of which a random one is freed and replaced; way: of which sizes. */
enum {
	REPLACE_SAME,	 /* TAKE_SIZE, not written */
	REPLACE_MIXED,	 /* 8 to 1024 bytes, written */
	REPLACE_CLASSES, /* 16, 32 ... 512 bytes, written */
	REPLACE_WIDE,	 /* 8 to 4096 bytes, not written */
};
double replace_measure(const struct shape *shape);

/* One thread allocates, another frees, objects of TAKE_SIZE bytes; ns of both, per object. */
double remote_measure(const struct shape *shape);

/* n threads, each with its own objects of TAKE_SIZE bytes; ns of all, per object. */
double threads_measure(const struct shape *shape);

/* n threads that replace random objects of 8 to 512 bytes, and pass them all on to the next. */
double handing_measure(const struct shape *shape);

/* n threads that put batches of objects in a queue, and free batches from there. */
double queue_measure(const struct shape *shape);

/* Not a time: resident bytes per byte asked for, of a heap of n objects; way: which heap. */
enum {
	HEAP_FULL,  /* TAKE_SIZE bytes each, none ever freed: all that is above 1 is bookkeeping */
	HEAP_MIXED, /* 8 to 1024 bytes, each replaced once on average */
	HEAP_CLASSES, /* the same with 16, 32 ... 512 bytes: a class of each allocator */
};
double heap_measure(const struct shape *shape);

/* n bytes, of which way tells whether a byte in each page is written. */
enum {
	TOUCH_NOTHING,
	TOUCH_PAGES
};
double touch_measure(const struct shape *shape);

#endif
