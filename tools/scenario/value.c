/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "thing.h"
#include "value.h"

struct value value_copy(struct value value)
{
	if (value.kind == VALUE_THING)
		value.thing->refs++;
	else if (value.kind == VALUE_LIST)
		value.list->refs++;
	return value;
}

static void list_drop(struct value_list *list)
{
	if (--list->refs)
		return;
	for (size_t i = 0; i < list->count; i++)
		value_drop(list->items[i]);
	free(list->items);
	free(list);
}

void value_drop(struct value value)
{
	if (value.kind == VALUE_THING)
		thing_drop(value.thing);
	else if (value.kind == VALUE_LIST)
		list_drop(value.list);
}

struct value value_list_new(void)
{
	struct value_list *list = memory_new(1, sizeof(*list));

	list->refs = 1;
	return (struct value){ .kind = VALUE_LIST, .list = list };
}

struct value_list *value_list_own(struct value *value)
{
	struct value old = *value;

	if (old.kind == VALUE_LIST && old.list->refs == 1)
		return old.list;
	*value = value_list_new();
	for (size_t i = 0; old.kind == VALUE_LIST && i < old.list->count; i++)
		value_list_add(value->list, value_copy(old.list->items[i]));
	value_drop(old);
	return value->list;
}

void value_list_add(struct value_list *list, struct value item)
{
	list->items =
		memory_grow(list->items, &list->capacity, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = item;
}

bool value_is_true(struct value value)
{
	switch (value.kind) {
	case VALUE_NUMBER:
		return value.number != 0;
	case VALUE_FRACTION:
		return value.fraction != 0;
	case VALUE_TEXT:
		return value.text[0] != '\0';
	case VALUE_LIST:
		return value.list->count != 0;
	default:
		return value.kind == VALUE_THING;
	}
}

static bool is_numeric(struct value value)
{
	return value.kind == VALUE_NUMBER || value.kind == VALUE_FRACTION;
}

static double as_fraction(struct value value)
{
	return value.kind == VALUE_NUMBER ? (double)value.number : value.fraction;
}

/* NULL, or something that a call returned. */
static bool is_pointer(struct value value)
{
	return value.kind == VALUE_NULL || value.kind == VALUE_THING;
}

static int order_of(double a, double b)
{
	return (a > b) - (a < b);
}

static bool lists_compare(const struct value_list *a, const struct value_list *b, int *order)
{
	*order = a->count == b->count ? 0 : 2;
	for (size_t i = 0; i < a->count && !*order; i++) {
		if (!value_compare(a->items[i], b->items[i], order))
			return false;
		*order = *order ? 2 : 0;
	}
	return true;
}

bool value_compare(struct value a, struct value b, int *order)
{
	if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER) {
		*order = (a.number > b.number) - (a.number < b.number);
	} else if (is_numeric(a) && is_numeric(b)) {
		*order = order_of(as_fraction(a), as_fraction(b));
	} else if (is_pointer(a) && is_pointer(b)) {
		*order = a.kind == b.kind && (a.kind == VALUE_NULL || a.thing == b.thing) ? 0 : 2;
	} else if (a.kind != b.kind) {
		return false;
	} else if (a.kind == VALUE_TEXT) {
		*order = order_of(strcmp(a.text, b.text), 0);
	} else if (a.kind == VALUE_LIST) {
		return lists_compare(a.list, b.list, order);
	} else {
		*order = 0;
	}
	return true;
}

const char *value_kind_name(struct value value)
{
	static const char *const names[] = {
		[VALUE_NOTHING] = "nothing",	 [VALUE_NUMBER] = "a number",
		[VALUE_FRACTION] = "a fraction", [VALUE_TEXT] = "a text",
		[VALUE_NULL] = "NULL",		 [VALUE_LIST] = "a list",
	};

	return value.kind == VALUE_THING ? thing_kind_name(value.thing->kind) : names[value.kind];
}

static void list_show(const struct value_list *list, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "[");

	for (size_t i = 0; i < list->count && len + 1 < size; i++) {
		if (i == 8 && list->count > 9) {
			len += (size_t)snprintf(buf + len, size - len, ", ... %zu in all",
						list->count);
			break;
		}
		if (i)
			len += (size_t)snprintf(buf + len, size - len, ", ");
		if (len + 1 >= size)
			break;
		value_show(list->items[i], buf + len, size - len);
		len += strlen(buf + len);
	}
	if (len + 1 < size)
		snprintf(buf + len, size - len, "]");
}

void value_show(struct value value, char *buf, size_t size)
{
	switch (value.kind) {
	case VALUE_NOTHING:
		snprintf(buf, size, "nothing");
		break;
	case VALUE_NUMBER:
		snprintf(buf, size, "%ld", value.number);
		break;
	case VALUE_FRACTION:
		snprintf(buf, size, "%.3f", value.fraction);
		break;
	case VALUE_TEXT:
		snprintf(buf, size, "%s", value.text);
		break;
	case VALUE_NULL:
		snprintf(buf, size, "NULL");
		break;
	case VALUE_THING:
		thing_show(value.thing, buf, size);
		break;
	case VALUE_LIST:
		list_show(value.list, buf, size);
		break;
	}
}
