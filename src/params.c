/* SPDX-License-Identifier: MIT */
#include <kalloc/slab.h>

#include "cmdline.h"
#include "numa.h"
#include "params.h"
#include "plat.h"
#include "text.h"
#include "trace.h"

#define KIB	      (1UL << 10)
#define MIB	      (1UL << 20)
#define GIB	      (1UL << 30)
#define TIB	      (1UL << 40)

#define MEM_MIN	      (4 * MIB)
#define MEM_MAX	      (16 * TIB)
#define VMALLOC_MIN   (1 * MIB)
#define VMALLOC_MAX   (64 * TIB)
#define CPUS_MAX      4096
#define NODES_MAX     64
#define LARGEST_ORDER 18
_Static_assert(sizeof(enum kvmalloc_policy) == sizeof(unsigned int) &&
		       sizeof(enum oom_policy) == sizeof(unsigned int),
	       "filled as numbers");

#define DEBUG_DEFAULT (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

enum kind {
	KIND_BYTES,	 /* unsigned long, with a suffix */
	KIND_NUMBER,	 /* unsigned long, without */
	KIND_NUMA,	 /* unsigned long, after "fake=" */
	KIND_NODES,	 /* numa.h */
	KIND_DISTANCE,	 /* numa.h */
	KIND_BOOL,	 /* bool, with a value */
	KIND_BARE,	 /* bool, without */
	KIND_SLUB_DEBUG, /* slub_debug and slub_debug_caches */
	KIND_KVMALLOC,	 /* enum kvmalloc_policy */
	KIND_OOM,	 /* enum oom_policy */
	KIND_DAEMONS,	 /* bool: step */
	KIND_VFREE,	 /* bool: unmap */
	KIND_RAM,	 /* bool: private */
	KIND_EVENTS,	 /* u64: bits of events */
	KIND_CLOCK,	 /* enum trace_clock */
};

struct param {
	const char *name;
	enum kind kind;
	size_t offset;
	unsigned long min;
	unsigned long max;
};

#define FIELD(f) offsetof(struct machine_params, f)

static const struct param table[] = {
	{ "mem", KIND_BYTES, FIELD(mem_bytes), MEM_MIN, MEM_MAX },
	{ "highmem", KIND_BYTES, FIELD(highmem_bytes), 0, MEM_MAX },
	{ "movablecore", KIND_BYTES, FIELD(movablecore_bytes), 0, MEM_MAX },
	{ "vmalloc", KIND_BYTES, FIELD(vmalloc_bytes), VMALLOC_MIN, VMALLOC_MAX },
	{ "nr_cpus", KIND_NUMBER, FIELD(nr_cpus), 1, CPUS_MAX },
	{ "numa", KIND_NUMA, FIELD(nr_nodes), 1, NODES_MAX },
	{ "slub_debug", KIND_SLUB_DEBUG, FIELD(slub_debug), 0, 0 },
	{ "slab_nomerge", KIND_BARE, FIELD(slab_nomerge), 0, 0 },
	{ "slub_nomerge", KIND_BARE, FIELD(slab_nomerge), 0, 0 },
	{ "slub_min_order", KIND_NUMBER, FIELD(slub_min_order), 0, LARGEST_ORDER },
	{ "slub_max_order", KIND_NUMBER, FIELD(slub_max_order), 0, LARGEST_ORDER },
	{ "slub_min_objects", KIND_NUMBER, FIELD(slub_min_objects), 0, 1 << 16 },
	{ "init_on_alloc", KIND_BOOL, FIELD(init_on_alloc), 0, 0 },
	{ "init_on_free", KIND_BOOL, FIELD(init_on_free), 0, 0 },
	{ "kasan", KIND_BOOL, FIELD(kasan), 0, 0 },
	{ "page_owner", KIND_BOOL, FIELD(page_owner), 0, 0 },
	{ "trace_event", KIND_EVENTS, FIELD(trace_events), 0, 0 },
	{ "trace_buf_size", KIND_BYTES, FIELD(trace_bytes), TRACE_RING_LEAST, TRACE_RING_MOST },
	{ "trace_clock", KIND_CLOCK, FIELD(trace_clock), 0, 0 },
	{ "kalloc.nodes", KIND_NODES, 0, 0, 0 },
	{ "kalloc.distance", KIND_DISTANCE, 0, 0, 0 },
	{ "kalloc.max_order", KIND_NUMBER, FIELD(max_order), 1, LARGEST_ORDER },
	{ "kalloc.seed", KIND_NUMBER, FIELD(seed), 0, ~0UL },
	{ "kalloc.kvmalloc", KIND_KVMALLOC, FIELD(kvmalloc), 0, 0 },
	{ "kalloc.vfree", KIND_VFREE, FIELD(vfree_unmap), 0, 0 },
	{ "kalloc.ram", KIND_RAM, FIELD(ram_private), 0, 0 },
	{ "kalloc.oom", KIND_OOM, FIELD(oom), 0, 0 },
	{ "kalloc.swap", KIND_BYTES, FIELD(swap_bytes), 0, MEM_MAX },
	{ "kalloc.daemons", KIND_DAEMONS, FIELD(daemons_step), 0, 0 },
	{ "kalloc.sheaves", KIND_BOOL, FIELD(sheaves), 0, 0 },
};

void params_show_bytes(struct text *text, unsigned long bytes)
{
	static const char suffix[] = "KMGT";
	int power = -1;

	while (bytes && bytes % KIB == 0 && power < 3) {
		bytes /= KIB;
		power++;
	}
	text_add(text, power < 0 ? "%lu" : "%lu%c", bytes, power < 0 ? 0 : suffix[power]);
}

/* Length of the whole word, name and value. */
static int word_len(const struct cmdline_word *word)
{
	const char *end = word->value ? word->value + word->value_len : word->name + word->name_len;

	return (int)(end - word->name);
}

static int word_refuse(const struct cmdline_word *word, const char *why)
{
	console_print("kalloc: %.*s: %s\n", word_len(word), word->name, why);
	return -EINVAL;
}

static int range_refuse(const struct cmdline_word *word, const struct param *param)
{
	char buf[64];
	struct text why = text_on(buf, sizeof(buf));

	text_add(&why, "must be ");
	if (param->kind == KIND_BYTES) {
		params_show_bytes(&why, param->min);
		text_add(&why, " to ");
		params_show_bytes(&why, param->max);
	} else {
		text_add(&why, "%lu to %lu", param->min, param->max);
	}
	return word_refuse(word, buf);
}

static int ulong_parse(const struct cmdline_word *word, const struct param *param,
		       unsigned long *field)
{
	const char *value = word->value;
	size_t len = word->value_len;
	unsigned long n;
	int err;

	if (param->kind == KIND_NUMA) {
		if (len < 5 || memcmp(value, "fake=", 5) != 0)
			return word_refuse(word, "must be numa=fake=<nodes>");
		value += 5;
		len -= 5;
	}
	err = cmdline_bytes(value, len, &n);
	if (param->kind == KIND_BYTES && err == -EINVAL)
		return word_refuse(word, "not a size");
	/* A suffix is no hexadecimal digit, so it shows in the last character. */
	if (param->kind != KIND_BYTES && (err == -EINVAL || strchr("kmgtpKMGTP", value[len - 1])))
		return word_refuse(word, "not a number");
	if (err || n < param->min || n > param->max)
		return range_refuse(word, param);
	*field = n;
	return 0;
}

/* What the kernel's kstrtobool() takes: only the first one or two letters count. */
static int bool_parse(const struct cmdline_word *word, bool *field)
{
	char first = word->value_len > 0 ? word->value[0] : '\0';
	char second = word->value_len > 1 ? word->value[1] | 0x20 : '\0';

	if (first && strchr("yYtT1", first))
		*field = true;
	else if (first && strchr("nNfF0", first))
		*field = false;
	else if ((first | 0x20) == 'o' && (second == 'n' || second == 'f'))
		*field = second == 'n';
	else
		return word_refuse(word, "must be on or off");
	return 0;
}

static int slub_letter(char letter, unsigned long *flags)
{
	static const struct {
		char letter;
		unsigned long flag;
	} letters[] = {
		{ 'f', SLAB_CONSISTENCY_CHECKS },
		{ 'z', SLAB_RED_ZONE },
		{ 'p', SLAB_POISON },
		{ 'u', SLAB_STORE_USER },
		{ 't', SLAB_TRACE },
		{ 'a', 0 },
		{ 'o', 0 },
	};

	if (letter == '-') {
		*flags = 0;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		if ((letter | 0x20) == letters[i].letter) {
			*flags |= letters[i].flag;
			return 0;
		}
	}
	return -EINVAL;
}

/* Bare, empty or starting with the list of caches: the default flags. */
static int slub_debug_parse(const struct cmdline_word *word, struct machine_params *params)
{
	const char *p = word->value, *end = p ? p + word->value_len : NULL;
	unsigned long flags = 0;
	size_t len;

	params->slub_debug_caches[0] = '\0';
	if (!p || p == end || *p == ',')
		flags = DEBUG_DEFAULT;
	for (; p && p < end && *p != ','; p++) {
		if (slub_letter(*p, &flags))
			return word_refuse(word, "flags are letters of FZPUTAO-");
	}
	params->slub_debug = flags;
	if (!p || p == end)
		return 0;

	len = (size_t)(end - ++p);
	if (len >= sizeof(params->slub_debug_caches))
		return word_refuse(word, "list of caches too long");
	if (memchr(p, ';', len))
		return word_refuse(word, "only one block of flags");
	memcpy(params->slub_debug_caches, p, len);
	params->slub_debug_caches[len] = '\0';
	return 0;
}

/* What a parameter of one of a few words may be; the index is the value. */
static const struct choice {
	const char *names[4];
	const char *why;
} choices[] = {
	[KIND_KVMALLOC] = { { [KVMALLOC_SLAB] = "slab",
			      [KVMALLOC_VMAP] = "vmap",
			      [KVMALLOC_RANDOM] = "random" },
			    "must be slab, vmap or random" },
	[KIND_OOM] = { { [OOM_FAIL] = "fail", [OOM_KILL_TASK] = "kill", [OOM_PANIC] = "panic" },
		       "must be fail, kill or panic" },
	[KIND_DAEMONS] = { { [false] = "inline", [true] = "step" }, "must be inline or step" },
	[KIND_CLOCK] = { { [TRACE_CLOCK_LOCAL] = "local",
			   [TRACE_CLOCK_COUNTER] = "counter",
			   [TRACE_CLOCK_MONO] = "mono" },
			 "must be local, counter or mono" },
	[KIND_VFREE] = { { [false] = "lazy", [true] = "unmap" }, "must be lazy or unmap" },
	[KIND_RAM] = { { [false] = "shared", [true] = "private" }, "must be shared or private" },
};

static int choice_parse(const struct cmdline_word *word, const struct param *param,
			unsigned int *value)
{
	const struct choice *choice = &choices[param->kind];

	for (unsigned int i = 0; choice->names[i]; i++) {
		if (strlen(choice->names[i]) == word->value_len &&
		    memcmp(choice->names[i], word->value, word->value_len) == 0) {
			*value = i;
			return 0;
		}
	}
	return word_refuse(word, choice->why);
}

static int events_parse(const struct cmdline_word *word, u64 *events)
{
	char why[128];
	struct text text = text_on(why, sizeof(why));
	const char *wrong;
	size_t wrong_len;

	if (!trace_parse(word->value, word->value_len, events, &wrong, &wrong_len))
		return 0;
	text_add(&text, "no event is called '%.*s'", (int)min(wrong_len, (size_t)64), wrong);
	return word_refuse(word, why);
}

static const struct param *param_find(const struct cmdline_word *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strlen(table[i].name) == word->name_len &&
		    memcmp(table[i].name, word->name, word->name_len) == 0)
			return &table[i];
	}
	return NULL;
}

static int word_parse(const struct cmdline_word *word, struct machine_params *params)
{
	const struct param *param = param_find(word);
	const char *why;
	unsigned int chosen;
	void *field;
	int err;

	if (!param) {
		console_print("kalloc: unknown parameter '%.*s'\n", word_len(word), word->name);
		return -EINVAL;
	}
	if (param->kind == KIND_BARE && word->value)
		return word_refuse(word, "takes no value");
	if (param->kind != KIND_BARE && param->kind != KIND_SLUB_DEBUG && !word->value)
		return word_refuse(word, "needs a value");

	field = (char *)params + param->offset;
	switch (param->kind) {
	case KIND_NODES:
		why = numa_nodes_parse(word->value, word->value_len, params);
		return why ? word_refuse(word, why) : 0;
	case KIND_DISTANCE:
		why = numa_distance_parse(word->value, word->value_len, params);
		return why ? word_refuse(word, why) : 0;
	case KIND_NUMA:
		params->has_node_bytes = false; /* the later of the two holds */
		return ulong_parse(word, param, field);
	case KIND_BOOL:
		return bool_parse(word, field);
	case KIND_BARE:
		*(bool *)field = true;
		return 0;
	case KIND_SLUB_DEBUG:
		return slub_debug_parse(word, params);
	case KIND_EVENTS:
		return events_parse(word, field);
	case KIND_KVMALLOC:
	case KIND_OOM:
	case KIND_CLOCK:
		return choice_parse(word, param, field);
	case KIND_DAEMONS:
	case KIND_VFREE:
	case KIND_RAM:
		err = choice_parse(word, param, &chosen);
		if (!err)
			*(bool *)field = chosen;
		return err;
	default:
		return ulong_parse(word, param, field);
	}
}

static int size_refuse(const char *name, unsigned long bytes, const struct machine_params *params)
{
	char buf[96];
	struct text text = text_on(buf, sizeof(buf));

	text_add(&text, "%s=", name);
	params_show_bytes(&text, bytes);
	text_add(&text, ": must be less than mem=");
	params_show_bytes(&text, params->mem_bytes);
	console_print("kalloc: %s\n", buf);
	return -EINVAL;
}

/* What is right by itself but not together. */
static int params_check(struct machine_params *params)
{
	int err = numa_check(params, MEM_MIN, MEM_MAX);

	if (err)
		return err;
	params->mem_bytes = ALIGN_DOWN(params->mem_bytes, PAGE_SIZE);
	params->highmem_bytes = ALIGN_DOWN(params->highmem_bytes, PAGE_SIZE);
	params->movablecore_bytes = ALIGN_DOWN(params->movablecore_bytes, PAGE_SIZE);
	params->vmalloc_bytes = ALIGN_UP(params->vmalloc_bytes, PAGE_SIZE);
	params->swap_bytes = ALIGN_DOWN(params->swap_bytes, PAGE_SIZE);
	params->slub_max_order = min(params->slub_max_order, params->max_order);
	params->slub_min_order = min(params->slub_min_order, params->max_order);

	if (params->kasan && !asan_is_there()) {
		console_print("kalloc: kasan=on: the program is not made with AddressSanitizer, "
			      "or libkalloc is\n");
		return -EINVAL;
	}
	if (params->ram_private && params->highmem_bytes) {
		console_print(
			"kalloc: kalloc.ram=private: no highmem=, which is seen by mapping it\n");
		return -EINVAL;
	}
	if (params->highmem_bytes >= params->mem_bytes)
		return size_refuse("highmem", params->highmem_bytes, params);
	if (params->movablecore_bytes >= params->mem_bytes)
		return size_refuse("movablecore", params->movablecore_bytes, params);
	if (params->mem_bytes - params->highmem_bytes < MEM_MIN + params->movablecore_bytes) {
		console_print("kalloc: highmem= and movablecore= leave less than %luM of mem=\n",
			      MEM_MIN / MIB);
		return -EINVAL;
	}
	if (!params->has_node_bytes && params->mem_bytes / params->nr_nodes < MEM_MIN) {
		console_print("kalloc: numa=fake=%lu: a node must have at least %luM\n",
			      params->nr_nodes, MEM_MIN / MIB);
		return -EINVAL;
	}
	return 0;
}

int params_parse(const char *cmdline, struct machine_params *params)
{
	const char *cursor = cmdline ? cmdline : "";
	struct cmdline_word word;
	int more;

	*params = (struct machine_params){
		.mem_bytes = 1 * GIB,
		.nr_cpus = min(cpu_host_count(), (unsigned int)CPUS_MAX),
		.nr_nodes = 1,
		.max_order = 10,
		.slub_max_order = 3,
		.sheaves = true,
	};
	while ((more = cmdline_next(&cursor, &word)) > 0) {
		int err = word_parse(&word, params);

		if (err)
			return err;
	}
	if (more < 0) {
		console_print("kalloc: %s: unclosed quote\n", word.name);
		return -EINVAL;
	}
	return params_check(params);
}
