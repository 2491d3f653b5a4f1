/* SPDX-License-Identifier: MIT */
#include "cmdline.h"
#include "layout.h"
#include "plat.h"
#include "profile.h"
#include "text.h"
#include "zone.h"

_Static_assert(KALLOC_FRAGMENT_ORDERS == BUDDY_ORDERS, "one entry for each order");

/* examples/traces/boot-and-files.log.xz, as `kalloc fragment fitted` reads it. */
static const char default_mix[] =
	"0u:120:4,0u:225:19,0u:29:211,0u:8:635,0u:688,0m:85:4,0m:172:25,0m:147:271,"
	"0m:48:1153,0m:1380,0r:539,1u:83:4,1u:43:18,1u:4:174,1u:1:526,1u:96,1r:905,"
	"2u:3:2,2u:1:14,2u:1:697,2u:27,2r:3,3u:3:2,3u:1:696,3u:39,4u:3:2,4u:1:695,4u:2,"
	"5u:3:2,5u:3,6u:4:2,6u:1,7u:3:2,8u:1:2,8u:1";

enum word_name {
	WORD_SEED,
	WORD_NODE,
	WORD_ZONE,
	WORD_ORDER,
	WORD_INDEX,
	WORD_OF,
	WORD_FRACTION,
	WORD_RATIO,
	WORD_STEPS,
	WORD_MIX,
	NR_WORDS
};

#define WITH(word)  (1u << WORD_##word)
#define WITH_ALWAYS (WITH(SEED) | WITH(NODE) | WITH(ZONE))

/* The profiles by name: the words they take, those they cannot do without, the defaults. */
static const struct kind {
	const char *name;
	unsigned int words, needs;
	double fraction;
	unsigned int movable, unmovable;
	unsigned long steps;
} kinds[KALLOC_FRAGMENT_KINDS] = {
	[KALLOC_FRAGMENT_CHECKERBOARD] = { .name = "checkerboard",
					   .words = WITH(ORDER) | WITH(RATIO),
					   .unmovable = 1 },
	[KALLOC_FRAGMENT_RANDOM] = { .name = "random",
				     .words = WITH(FRACTION) | WITH(RATIO),
				     .fraction = 0.5,
				     .unmovable = 1 },
	[KALLOC_FRAGMENT_UNMOVABLE_SCATTER] = { .name = "unmovable-scatter",
						.words = WITH(FRACTION),
						.fraction = 1.0,
						.unmovable = 1 },
	[KALLOC_FRAGMENT_MOVABLE_ONLY] = { .name = "movable-only",
					   .words = WITH(FRACTION),
					   .fraction = 0.5,
					   .movable = 1 },
	[KALLOC_FRAGMENT_AGED] = { .name = "aged",
				   .words = WITH(FRACTION) | WITH(RATIO) | WITH(STEPS) | WITH(MIX),
				   .fraction = 0.8,
				   .unmovable = 1,
				   .steps = 100000 },
	[KALLOC_FRAGMENT_TARGET] = { .name = "target",
				     .words = WITH(ORDER) | WITH(INDEX) | WITH(OF) | WITH(RATIO),
				     .needs = WITH(ORDER) | WITH(INDEX),
				     .unmovable = 1 },
};

static const char *const index_names[] = {
	[KALLOC_FRAGMENT_UNUSABLE] = "unusable",
	[KALLOC_FRAGMENT_EXTFRAG] = "extfrag",
};

static const char type_letters[] = {
	[MIGRATE_UNMOVABLE] = 'u', [MIGRATE_MOVABLE] = 'm', [MIGRATE_RECLAIMABLE] = 'r'
};

int profile_refuse(const char *fmt, ...)
{
	char buf[256];
	struct text text = text_on(buf, sizeof(buf));
	va_list args;

	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	console_print("kalloc: fragment: %s\n", buf);
	return -EINVAL;
}

/* --- reading ----------------------------------------------------------- */

/* text[0..len) as a decimal number up to @most. */
static bool read_number(const char *text, size_t len, unsigned long most, unsigned long *number)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return !cmdline_bytes(text, len, number) && *number <= most;
}

/* The length of text[0..len) up to @end. */
static size_t span_to(const char *text, size_t len, char end)
{
	const char *at = len ? memchr(text, end, len) : NULL;

	return at ? (size_t)(at - text) : len;
}

/* A number from 0 to 1 with up to 9 decimals. */
static bool read_share(const char *text, size_t len, double *share)
{
	size_t whole_len = span_to(text, len, '.');
	unsigned long whole, part = 0, unit = 1;

	if (!read_number(text, whole_len, 1, &whole))
		return false;
	if (whole_len < len) {
		text += whole_len + 1;
		len -= whole_len + 1;
		if (len > 9 || !read_number(text, len, 999999999, &part))
			return false;
		while (len--)
			unit *= 10;
	}
	*share = (double)whole + (double)part / (double)unit;
	return *share <= 1.0;
}

static bool read_ratio(const char *text, size_t len, struct kalloc_fragment_profile *profile)
{
	size_t first = span_to(text, len, ':');
	unsigned long movable, unmovable;

	if (first == len || !read_number(text, first, PROFILE_RATIO_MAX, &movable) ||
	    !read_number(text + first + 1, len - first - 1, PROFILE_RATIO_MAX, &unmovable))
		return false;
	profile->movable = (unsigned int)movable;
	profile->unmovable = (unsigned int)unmovable;
	return movable || unmovable;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(text, word, len) == 0;
}

/* The place of text[0..len) in a list of names, or -1. */
static int find_name(const char *const *names, size_t nr, const char *text, size_t len)
{
	for (size_t i = 0; i < nr; i++) {
		if (names[i] && is_word(text, len, names[i]))
			return (int)i;
	}
	return -1;
}

static bool read_type(const char *letter, struct kalloc_fragment_size *size)
{
	const char *at = memchr(type_letters, *letter, sizeof(type_letters));

	size->migratetype = at ? (unsigned char)(at - type_letters) : KALLOC_FRAGMENT_BY_RATIO;
	return at != NULL;
}

/* ORDER[TYPE]:WEIGHT[:LIFE] */
static const char *read_size(const char *text, size_t len, struct kalloc_fragment_size *size)
{
	size_t order_len = span_to(text, len, ':'), weight_len, digits = order_len;
	unsigned long order, weight, life = 0;

	if (order_len == len)
		return "each size is ORDER[u|m|r]:WEIGHT[:LIFE]";
	if (digits && read_type(text + digits - 1, size))
		digits--;
	if (!read_number(text, digits, BUDDY_MAX_ORDER, &order))
		return "an order is 0 to 18, with u, m or r behind it";
	text += order_len + 1;
	len -= order_len + 1;
	weight_len = span_to(text, len, ':');
	if (!read_number(text, weight_len, PROFILE_WEIGHT_MAX, &weight) || !weight)
		return "a weight is 1 to 1000000";
	if (weight_len < len &&
	    !read_number(text + weight_len + 1, len - weight_len - 1, PROFILE_LIFE_MAX, &life))
		return "a life is 0 to 1000000000 requests";
	size->order = (unsigned char)order;
	size->weight = (unsigned int)weight;
	size->life = (unsigned int)life;
	return NULL;
}

const char *profile_read_mix(struct kalloc_fragment_profile *profile, const char *text, size_t len)
{
	profile->nr_sizes = 0;
	for (;;) {
		size_t size_len = span_to(text, len, ',');
		const char *wrong;

		if (profile->nr_sizes == KALLOC_FRAGMENT_SIZES)
			return "more than 128 sizes";
		wrong = read_size(text, size_len, &profile->sizes[profile->nr_sizes++]);
		if (wrong || size_len == len)
			return wrong;
		text += size_len + 1;
		len -= size_len + 1;
	}
}

static const char *read_numbers(enum word_name name, const char *value, size_t len,
				struct kalloc_fragment_profile *profile)
{
	unsigned long number = 0;

	switch (name) {
	case WORD_SEED:
		return read_number(value, len, ~0UL, &profile->seed) ? NULL : "must be a number";
	case WORD_STEPS:
		return read_number(value, len, PROFILE_STEPS_MAX, &profile->steps)
			       ? NULL
			       : "must be 0 to 1000000000000";
	case WORD_ORDER:
		if (!read_number(value, len, BUDDY_MAX_ORDER, &number))
			return "must be 0 to 18";
		profile->order = (unsigned int)number;
		return NULL;
	default:
		if (!read_number(value, len, LAYOUT_NODES - 1, &number))
			return "must be the number of a node";
		profile->nid = (int)number;
		return NULL;
	}
}

/* Return: NULL, or what is wrong with the value. */
static const char *read_value(enum word_name name, const char *value, size_t len,
			      struct kalloc_fragment_profile *profile)
{
	int at;

	switch (name) {
	case WORD_INDEX:
		return read_share(value, len, &profile->index) ? NULL : "must be 0 to 1";
	case WORD_FRACTION:
		return read_share(value, len, &profile->fraction) ? NULL : "must be 0 to 1";
	case WORD_RATIO:
		return read_ratio(value, len, profile)
			       ? NULL
			       : "must be MOVABLE:UNMOVABLE, 0 to 1000, not both 0";
	case WORD_OF:
		at = find_name(index_names, ARRAY_SIZE(index_names), value, len);
		profile->of = (enum kalloc_fragment_index)at;
		return at < 0 ? "must be unusable or extfrag" : NULL;
	case WORD_ZONE:
		profile->zone = find_name(zone_names, MAX_NR_ZONES, value, len);
		return profile->zone < 0 ? "must be DMA, DMA32, Normal, Movable or HighMem" : NULL;
	case WORD_MIX:
		return profile_read_mix(profile, value, len);
	default:
		return read_numbers(name, value, len, profile);
	}
}

static const char *const word_names[NR_WORDS] = {
	[WORD_SEED] = "seed",	      [WORD_NODE] = "node",   [WORD_ZONE] = "zone",
	[WORD_ORDER] = "order",	      [WORD_INDEX] = "index", [WORD_OF] = "of",
	[WORD_FRACTION] = "fraction", [WORD_RATIO] = "ratio", [WORD_STEPS] = "steps",
	[WORD_MIX] = "mix",
};

/* As much of a word as leaves room for what is wrong with it. */
static int shown_len(size_t len)
{
	return (int)min(len, (size_t)80);
}

static int read_word(const struct kind *kind, const struct cmdline_word *word,
		     struct kalloc_fragment_profile *profile, unsigned int *seen)
{
	int at = find_name(word_names, NR_WORDS, word->name, word->name_len);
	const char *wrong;

	if (at < 0)
		return profile_refuse("'%.*s': no such word", shown_len(word->name_len),
				      word->name);
	if (!word->value)
		return profile_refuse("%s: wants a value, %s=", word_names[at], word_names[at]);
	if (!((kind->words | WITH_ALWAYS) & 1u << at))
		return profile_refuse("%s= says nothing to %s", word_names[at], kind->name);
	wrong = read_value((enum word_name)at, word->value, word->value_len, profile);
	if (wrong)
		return profile_refuse("%s=%.*s: %s", word_names[at], shown_len(word->value_len),
				      word->value, wrong);
	*seen |= 1u << at;
	return 0;
}

static const struct kind *find_kind(const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (is_word(text, len, kinds[i].name))
			return &kinds[i];
	}
	return NULL;
}

int kalloc_fragment_parse(struct kalloc_fragment_profile *profile, const char *text)
{
	const struct kind *kind;
	struct cmdline_word word;
	unsigned int seen = 0;
	int got = text ? cmdline_next(&text, &word) : 0;

	if (got <= 0)
		return profile_refuse(got ? "a quote is not closed" : "no profile named");
	kind = find_kind(word.name, word.name_len);
	if (!kind || word.value)
		return profile_refuse("'%.*s': not checkerboard, random, unmovable-scatter, "
				      "movable-only, aged or target",
				      shown_len(word.name_len), word.name);
	*profile = (struct kalloc_fragment_profile){
		.kind = (enum kalloc_fragment_kind)(kind - kinds),
		.nid = KALLOC_FRAGMENT_LARGEST,
		.zone = KALLOC_FRAGMENT_LARGEST,
		.fraction = kind->fraction,
		.movable = kind->movable,
		.unmovable = kind->unmovable,
		.steps = kind->steps,
	};
	while ((got = cmdline_next(&text, &word)) > 0) {
		if (read_word(kind, &word, profile, &seen))
			return -EINVAL;
	}
	if (got)
		return profile_refuse("a quote is not closed");
	for (int at = 0; at < NR_WORDS; at++) {
		if (kind->needs & ~seen & 1u << at)
			return profile_refuse("%s needs %s=", kind->name, word_names[at]);
	}
	return profile_check(profile);
}

/* --- checking ---------------------------------------------------------- */

/* Also false for what is no number. */
static bool is_share(double share)
{
	return share >= 0.0 && share <= 1.0;
}

static int check_sizes(const struct kalloc_fragment_profile *profile)
{
	if (profile->nr_sizes > KALLOC_FRAGMENT_SIZES)
		return profile_refuse("%u sizes: at most %u", profile->nr_sizes,
				      KALLOC_FRAGMENT_SIZES);
	for (unsigned int i = 0; i < profile->nr_sizes; i++) {
		const struct kalloc_fragment_size *size = &profile->sizes[i];

		if (size->order > BUDDY_MAX_ORDER || size->migratetype > KALLOC_FRAGMENT_BY_RATIO ||
		    !size->weight || size->weight > PROFILE_WEIGHT_MAX ||
		    size->life > PROFILE_LIFE_MAX)
			return profile_refuse("size %u of the mix: order %u, type %u, weight %u, "
					      "life %u",
					      i, size->order, size->migratetype, size->weight,
					      size->life);
	}
	return 0;
}

int profile_check(const struct kalloc_fragment_profile *profile)
{
	if ((unsigned int)profile->kind >= KALLOC_FRAGMENT_KINDS)
		return profile_refuse("kind %d: there is none", (int)profile->kind);
	if ((unsigned int)profile->of >= ARRAY_SIZE(index_names))
		return profile_refuse("index %d: there is none", (int)profile->of);
	if (profile->order > BUDDY_MAX_ORDER)
		return profile_refuse("order %u: at most %u", profile->order, BUDDY_MAX_ORDER);
	if (profile->kind == KALLOC_FRAGMENT_TARGET && !profile->order)
		return profile_refuse(
			"order=0: each free block is large enough, no index to drive");
	if (!is_share(profile->index))
		return profile_refuse("index %g: must be 0 to 1", profile->index);
	if (!is_share(profile->fraction))
		return profile_refuse("fraction %g: must be 0 to 1", profile->fraction);
	if (profile->movable > PROFILE_RATIO_MAX || profile->unmovable > PROFILE_RATIO_MAX ||
	    !(profile->movable + profile->unmovable))
		return profile_refuse("ratio %u:%u: must be 0 to 1000, not both 0",
				      profile->movable, profile->unmovable);
	if (profile->steps > PROFILE_STEPS_MAX)
		return profile_refuse("%lu steps: at most %lu", profile->steps, PROFILE_STEPS_MAX);
	if (profile->nid < KALLOC_FRAGMENT_LARGEST || profile->zone < KALLOC_FRAGMENT_LARGEST ||
	    profile->zone >= MAX_NR_ZONES)
		return profile_refuse("node %d, zone %d: there is none", profile->nid,
				      profile->zone);
	return check_sizes(profile);
}

void profile_complete(struct kalloc_fragment_profile *profile)
{
	if (profile->kind == KALLOC_FRAGMENT_UNMOVABLE_SCATTER) {
		profile->movable = 0;
		profile->unmovable = 1;
	} else if (profile->kind == KALLOC_FRAGMENT_MOVABLE_ONLY) {
		profile->movable = 1;
		profile->unmovable = 0;
	} else if (profile->kind == KALLOC_FRAGMENT_AGED && !profile->nr_sizes) {
		profile_read_mix(profile, default_mix, strlen(default_mix));
	}
}

/* --- writing ----------------------------------------------------------- */

/* A share as it is read, to the ninth decimal. */
static void show_share(struct text *text, const char *name, double share)
{
	unsigned long billionths = (unsigned long)(share * 1e9 + 0.5);
	int decimals = 9;

	while (decimals && billionths % 10 == 0) {
		billionths /= 10;
		decimals--;
	}
	if (decimals)
		text_add(text, " %s=0.%0*lu", name, decimals, billionths);
	else
		text_add(text, " %s=%lu", name, billionths);
}

static void show_mix(struct text *text, const struct kalloc_fragment_profile *profile)
{
	for (unsigned int i = 0; i < profile->nr_sizes; i++) {
		const struct kalloc_fragment_size *size = &profile->sizes[i];

		text_add(text, "%s%u", i ? "," : " mix=", size->order);
		if (size->migratetype != KALLOC_FRAGMENT_BY_RATIO)
			text_add(text, "%c", type_letters[size->migratetype]);
		text_add(text, ":%u", size->weight);
		if (size->life)
			text_add(text, ":%u", size->life);
	}
}

size_t kalloc_fragment_show(const struct kalloc_fragment_profile *profile, char *buf, size_t size)
{
	const struct kind *kind = &kinds[profile->kind];
	struct text text = text_on(buf, size);

	text_add(&text, "%s seed=%lu", kind->name, profile->seed);
	if (profile->nid >= 0)
		text_add(&text, " node=%d", profile->nid);
	if (profile->zone >= 0)
		text_add(&text, " zone=%s", zone_names[profile->zone]);
	if (kind->words & WITH(ORDER))
		text_add(&text, " order=%u", profile->order);
	if (kind->words & WITH(INDEX))
		show_share(&text, "index", profile->index);
	if (kind->words & WITH(OF))
		text_add(&text, " of=%s", index_names[profile->of]);
	if (kind->words & WITH(FRACTION))
		show_share(&text, "fraction", profile->fraction);
	if (kind->words & WITH(RATIO))
		text_add(&text, " ratio=%u:%u", profile->movable, profile->unmovable);
	if (kind->words & WITH(STEPS))
		text_add(&text, " steps=%lu", profile->steps);
	if (kind->words & WITH(MIX))
		show_mix(&text, profile);
	return text.len;
}
