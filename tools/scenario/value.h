/* SPDX-License-Identifier: MIT */
/*
 * What a variable holds and an expression gives.
 *
 * Copies are counted: value_copy() and value_drop() are balanced for every value that is
 * kept. Texts belong to the session and live as long as it does. A list is shared by its
 * copies until one of them is written to (value_list_own).
 */
#ifndef SCENARIO_VALUE_H
#define SCENARIO_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct thing;
struct value_list;

enum value_kind {
	VALUE_NOTHING, /* a place of a list that was never set */
	VALUE_NUMBER,
	VALUE_FRACTION,
	VALUE_TEXT,
	VALUE_NULL, /* what a call that fails returns */
	VALUE_THING,
	VALUE_LIST,
};

struct value {
	enum value_kind kind;
	union {
		long number;
		double fraction;
		const char *text;
		struct thing *thing;
		struct value_list *list;
	};
};

struct value_list {
	unsigned int refs;
	size_t count, capacity;
	struct value *items;
};

static inline struct value value_number(long number)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = number };
}

static inline struct value value_fraction(double fraction)
{
	return (struct value){ .kind = VALUE_FRACTION, .fraction = fraction };
}

static inline struct value value_text(const char *text)
{
	return (struct value){ .kind = VALUE_TEXT, .text = text };
}

static inline struct value value_null(void)
{
	return (struct value){ .kind = VALUE_NULL };
}

/* One more reference to what @value names. Return: @value. */
struct value value_copy(struct value value);
void value_drop(struct value value);

/* An empty list with one reference. */
struct value value_list_new(void);

/* Make *@value a list that nobody else has; a value of another kind becomes an empty one. */
struct value_list *value_list_own(struct value *value);

/* Append @item, whose reference the list takes. The list is the caller's own. */
void value_list_add(struct value_list *list, struct value item);

/* false, 0, NULL, "" and the empty list are false. */
bool value_is_true(struct value value);

/*
 * -1, 0, 1 as @a is less than, equal to or greater than @b; 2 if they are unequal and have
 * no order: things, NULL, lists. Return: false if they cannot be compared at all.
 */
bool value_compare(struct value a, struct value b, int *order);

/* "a number", "a block of pages": what a value is, for messages. */
const char *value_kind_name(struct value value);

/* As print and messages show it, cut to @size - 1 bytes. */
void value_show(struct value value, char *buf, size_t size);

#endif
