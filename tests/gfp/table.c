/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <kalloc/reclaim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layers.h"

#define MOST_WORDS 40
#define CLASSES_AT (3 + NR_COLUMNS) /* after order, layers, columns, colon */
#define ALL_LAYERS ((1u << NR_LAYERS) - 1)

/* One line, cut into words. */
struct words {
	const char *path;
	unsigned int number;
	unsigned int nr;
	char *word[MOST_WORDS];
};

static bool complain(const struct words *words, const char *what, const char *word)
{
	fprintf(stderr, "%s:%u: %s%s%s\n", words->path, words->number, what, word ? ": " : "",
		word ? word : "");
	return false;
}

static bool number_parse(const char *text, unsigned int *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*number = (unsigned int)value;
	return *text >= '0' && *text <= '9' && !*end && value <= 0xffff;
}

static struct table_class *class_find(struct table *table, const char *name)
{
	for (unsigned int i = 0; i < table->nr_classes; i++) {
		if (strcmp(table->classes[i].name, name) == 0)
			return &table->classes[i];
	}
	return NULL;
}

static bool read_class(struct table *table, const struct words *words)
{
	struct table_class *class;

	if (words->nr < 3)
		return complain(words, "a class needs a name and flags", NULL);
	class = class_find(table, words->word[1]);
	if (!class) {
		if (table->nr_classes == MOST_CLASSES)
			return complain(words, "too many classes", NULL);
		class = &table->classes[table->nr_classes++];
		snprintf(class->name, sizeof(class->name), "%s", words->word[1]);
	}
	for (unsigned int i = 2; i < words->nr; i++) {
		if (class->nr == MOST_FLAGS)
			return complain(words, "too many flags in class", class->name);
		if (kalloc_gfp_parse(words->word[i], &class->gfp[class->nr++]))
			return complain(words, "not known as flags", words->word[i]);
	}
	return true;
}

static bool context_parse(const char *name, enum context *context)
{
	static const char *const names[] = {
		[IN_ATOMIC] = "atomic",
		[IN_NOFS] = "nofs",
		[IN_NOIO] = "noio",
		[IN_NORECLAIM] = "noreclaim",
	};

	for (unsigned int i = IN_ATOMIC; i <= IN_NORECLAIM; i++) {
		if (strcmp(names[i], name) == 0) {
			*context = (enum context)i;
			return true;
		}
	}
	return false;
}

/* One property of a state. */
static bool property_parse(struct table_state *state, const char *word)
{
	static const char *const kinds[] = {
		[KALLOC_PAGE_CLEAN] = "clean=",
		[KALLOC_PAGE_DIRTY] = "dirty=",
		[KALLOC_PAGE_ANON] = "anon=",
	};
	unsigned int number;

	if (strcmp(word, "swap") == 0) {
		state->swap = true;
		return true;
	}
	if (strcmp(word, "gave_up") == 0) {
		state->gave_up = true;
		return true;
	}
	if (strcmp(word, "pinned") == 0 || strcmp(word, "movable") == 0) {
		state->scattering = *word == 'p' ? SCATTER_PINNED : SCATTER_MOVABLE;
		return true;
	}
	if (strncmp(word, "in=", 3) == 0)
		return context_parse(word + 3, &state->context);
	if (strncmp(word, "frames=", 7) == 0 && number_parse(word + 7, &number)) {
		state->nr_free = number;
		return true;
	}
	for (int kind = 0; kind < 3; kind++) {
		size_t len = strlen(kinds[kind]);

		if (strncmp(word, kinds[kind], len) == 0)
			return number_parse(word + len, &state->nr_pages[kind]);
	}
	return false;
}

static bool read_state(struct table *table, const struct words *words)
{
	struct table_state *state = &table->states[table->nr_states];

	if (words->nr < 2 || table->nr_states == MOST_STATES)
		return complain(words, "no name, or too many states", NULL);
	for (unsigned int i = 0; i < table->nr_states; i++) {
		if (strcmp(table->states[i].name, words->word[1]) == 0)
			return complain(words, "state described twice", words->word[1]);
	}
	*state = (struct table_state){ .nr_free = -1 };
	snprintf(state->name, sizeof(state->name), "%s", words->word[1]);
	for (unsigned int i = 2; i < words->nr; i++) {
		if (!property_parse(state, words->word[i]))
			return complain(words, "not a property of a state", words->word[i]);
	}
	table->nr_states++;
	return true;
}

static bool layers_parse(char *text, unsigned int *mask)
{
	char *rest;

	*mask = 0;
	if (strcmp(text, "all") == 0)
		*mask = ALL_LAYERS;
	else
		for (char *name = strtok_r(text, ",", &rest); name;
		     name = strtok_r(NULL, ",", &rest)) {
			unsigned int before = *mask;

			for (unsigned int i = 0; i < NR_LAYERS; i++) {
				if (strcmp(layers[i].name, name) == 0)
					*mask |= 1u << i;
			}
			if (*mask == before)
				return false;
		}
	return *mask;
}

/* Whether two lines describe the same row. */
static bool lines_collide(const struct table_line *a, const struct table_line *b)
{
	if (a->class != b->class || a->state != b->state || a->order != b->order)
		return false;
	if (a->layers == ALL_LAYERS || b->layers == ALL_LAYERS)
		return a->layers == b->layers;
	return a->layers & b->layers;
}

/* Add a line for one class. */
static bool add_line(struct table *table, const struct words *words, const struct table_line *like,
		     const char *class)
{
	struct table_line *line = &table->lines[table->nr_lines];

	if (table->nr_lines == MOST_LINES)
		return complain(words, "too many lines", NULL);
	*line = *like;
	line->class = class_find(table, class);
	if (!line->class)
		return complain(words, "no such class", class);
	for (unsigned int i = 0; i < table->nr_lines; i++) {
		if (lines_collide(line, &table->lines[i]))
			return complain(words, "a row that another line describes", class);
	}
	table->nr_lines++;
	return true;
}

static bool read_line(struct table *table, const struct words *words)
{
	struct table_line line = { .number = words->number };

	if (!table->nr_states)
		return complain(words, "no state yet", NULL);
	line.state = &table->states[table->nr_states - 1];
	if (words->nr <= CLASSES_AT || strcmp(words->word[CLASSES_AT - 1], ":"))
		return complain(words, "an outcome has 9 columns, a colon and classes", NULL);
	if (!number_parse(words->word[0], &line.order))
		return complain(words, "not an order", words->word[0]);
	if (!layers_parse(words->word[1], &line.layers))
		return complain(words, "not a list of layers", words->word[1]);
	for (int column = 0; column < NR_COLUMNS; column++) {
		if (!outcome_parse((enum column)column, words->word[2 + column], &line.outcome))
			return complain(words, column_names[column], words->word[2 + column]);
	}
	for (unsigned int i = CLASSES_AT; i < words->nr; i++) {
		if (!add_line(table, words, &line, words->word[i]))
			return false;
	}
	return true;
}

static bool read_words(struct table *table, const struct words *words)
{
	if (!words->nr)
		return true;
	if (strcmp(words->word[0], "class") == 0)
		return read_class(table, words);
	if (strcmp(words->word[0], "state") == 0)
		return read_state(table, words);
	return read_line(table, words);
}

static bool cut(struct words *words, char *text)
{
	char *rest;

	words->nr = 0;
	text[strcspn(text, "#")] = '\0';
	for (char *word = strtok_r(text, " \t\n", &rest); word;
	     word = strtok_r(NULL, " \t\n", &rest)) {
		if (words->nr == MOST_WORDS)
			return complain(words, "too many words", NULL);
		words->word[words->nr++] = word;
	}
	return true;
}

bool table_read(struct table *table, const char *path)
{
	struct words words = { .path = path };
	FILE *file = fopen(path, "r");
	bool good = true;
	char text[256];

	if (!file) {
		perror(path);
		return false;
	}
	while (fgets(text, sizeof(text), file)) {
		words.number++;
		if (!strchr(text, '\n')) {
			good = complain(&words, "a line too long, or without an end", NULL);
			break;
		}
		if (!cut(&words, text) || !read_words(table, &words))
			good = false;
	}
	fclose(file);
	return good;
}

unsigned int table_layers(const struct table *table, const struct table_line *line)
{
	unsigned int named = 0;

	for (unsigned int i = 0; i < NR_LAYERS && line->order; i++)
		named |= layers[i].is_for_frames_only ? 1u << i : 0;
	for (unsigned int i = 0; i < table->nr_lines && line->layers == ALL_LAYERS; i++) {
		const struct table_line *other = &table->lines[i];

		if (other->layers != ALL_LAYERS && other->class == line->class &&
		    other->state == line->state && other->order == line->order)
			named |= other->layers;
	}
	return line->layers & ~named;
}
