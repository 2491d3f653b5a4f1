/* SPDX-License-Identifier: MIT */
/*
 * Proves the page room as a whole against a real kernel: transcripts in which Linux
 * 6.1 took and gave frames of one quiet zone, with the state of that zone before and
 * after (data/). Each is loaded into a machine's node 1 and replayed: every frame and
 * every failure must be the kernel's own, and at the end every list, in order, every
 * pageblock's type and every count.
 *
 * A line is one of
 *   # zone ...			ranges, marks and counts; suffix 0 before, 1 after
 *   B pfn type0 type1 movable	a pageblock
 *   I pcp order type pfn	a free block before, in list order; on a per-CPU
 *				list (pcp 1) the order is the list's number
 *   A id order gfp pfn		taken; pfn 0: it failed
 *   R id order 0 pfn		given back
 *   F ...			as I, after
 */
#include <lzma.h>

#include "rig.h"

#define MAX_LIVE (1 << 16)

struct replay {
	struct kalloc_machine *m;
	struct zone *zone;
	struct pcp *pcp;
	struct page **live; /* by id */
	const char *header;
	unsigned long nr_line, nr_taken, nr_failed, nr_listed;
	struct list_head *at[2][BUDDY_ORDERS][MIGRATE_TYPES]; /* the last F entry seen */
};

/* The whole file, unpacked and terminated. */
static char *unpack(const char *name)
{
	static uint8_t packed[1 << 20];
	lzma_stream stream = LZMA_STREAM_INIT;
	size_t size = 8 << 20;
	char *text = malloc(size), path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.txt.xz", PARITY_DATA, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(lzma_stream_decoder(&stream, UINT64_MAX, 0), LZMA_OK);
	stream.next_in = packed;
	stream.avail_in = fread(packed, 1, sizeof(packed), file);
	stream.next_out = (uint8_t *)text;
	stream.avail_out = size - 1;
	assert_int_equal(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
	text[stream.total_out] = '\0';
	lzma_end(&stream);
	fclose(file);
	return text;
}

/* The number behind @key in the header. */
static long value(const struct replay *replay, const char *key, int base)
{
	char word[64];
	const char *at;

	snprintf(word, sizeof(word), " %s ", key);
	at = strstr(replay->header, word);
	if (!at)
		fail_msg("the header has no \"%s\"", key);
	return strtol(at + strlen(word), NULL, base);
}

static void load_header(struct replay *replay)
{
	unsigned long start = (unsigned long)value(replay, "start", 16);
	unsigned long spanned = (unsigned long)value(replay, "spanned", 10);
	struct zone *zone = replay->zone;
	struct pcp *pcp = replay->pcp;
	struct buddy *buddy = &zone->buddy;
	struct buddy old = *buddy;

	assert_int_equal(zone->zone_start_pfn, start);
	assert_in_range(spanned, 0, zone->spanned_pages);
	zone->spanned_pages = spanned;
	zone->managed_pages = (unsigned long)value(replay, "managed", 10);
	zone->_watermark[WMARK_MIN] = (unsigned long)value(replay, "wmin", 10);
	zone->_watermark[WMARK_LOW] = (unsigned long)value(replay, "wlow", 10);
	zone->_watermark[WMARK_HIGH] = (unsigned long)value(replay, "whigh", 10);
	zone->watermark_boost = (unsigned long)value(replay, "boost0", 10);
	zone->nr_reserved_highatomic = (unsigned long)value(replay, "ha0", 10);
	zone->free_pages = value(replay, "gfree0", 10);
	zone->stat_threshold = (unsigned int)value(replay, "thr", 10);
	pcp->free_diff = (s8)value(replay, "diff0", 10);
	pcp->free_factor = (unsigned int)value(replay, "ff0", 10);
	pcp->count = (unsigned int)value(replay, "count0", 10);
	pcp->high = (unsigned int)value(replay, "pcp high", 10);
	pcp->batch = (unsigned int)value(replay, "batch", 10);

	/* Every frame is in use until a line says that it is free. */
	buddy_init(buddy, old.vmemmap, start, start + spanned);
	buddy->block_types = old.block_types;
	buddy->block_order = old.block_order;
	buddy->max_order = old.max_order;
	buddy->frame_flags = old.frame_flags;
	frame_build(buddy->vmemmap + start, spanned, buddy->frame_flags);
}

/* "B": set a pageblock as it was before; or, at the end, compare it with after. */
static void pageblock(struct replay *replay, const char *line, bool after)
{
	struct buddy *buddy = &replay->zone->buddy;
	unsigned long pfn, nr_movable;
	unsigned int before_type, after_type;

	assert_int_equal(
		sscanf(line, "B %lx %u %u %lu", &pfn, &before_type, &after_type, &nr_movable), 4);
	if (after) {
		if (block_type(buddy, pfn) != after_type)
			fail_msg("pageblock %lx ends with type %u, Linux %u", pfn,
				 block_type(buddy, pfn), after_type);
		return;
	}
	block_set_type(buddy, pfn, (enum migratetype)before_type);
	for (unsigned long i = 0; i < nr_movable; i++)
		buddy->vmemmap[pfn + i].flags |= PG_LRU;
}

static void load_free(struct replay *replay, const char *line)
{
	struct buddy *buddy = &replay->zone->buddy;
	unsigned int on_cpu, order, mt;
	unsigned long pfn;
	struct page *page;

	assert_int_equal(sscanf(line, "I %u %u %u %lx", &on_cpu, &order, &mt, &pfn), 4);
	page = buddy->vmemmap + pfn;
	page->flags &= ~PG_LRU;
	if (on_cpu) {
		page->index = mt;
		page->private = pcp_order(order);
		list_add_tail(&page->pcp_list, &replay->pcp->lists[order]);
	} else {
		frame_set_free(page, order);
		list_add_tail(&page->buddy_list, &buddy->area[order].list[mt]);
		buddy->area[order].nr_free++;
	}
}

static void take(struct replay *replay, const char *line)
{
	unsigned long id, pfn, got;
	unsigned int order, gfp;

	assert_int_equal(sscanf(line, "A %lu %u %x %lx", &id, &order, &gfp, &pfn), 4);
	assert_in_range(id, 0, MAX_LIVE - 1);
	replay->live[id] = alloc_pages_node(1, gfp, order);
	got = replay->live[id] ? page_to_pfn(replay->live[id]) : 0;
	if (got != pfn)
		fail_msg("first divergence in line %lu, order %u gfp 0x%x: %lx, Linux %lx",
			 replay->nr_line, order, gfp, got, pfn);
	replay->nr_taken += pfn != 0;
	replay->nr_failed += pfn == 0;
}

static void give(struct replay *replay, const char *line)
{
	unsigned long id;
	unsigned int order;

	assert_int_equal(sscanf(line, "R %lu %u", &id, &order), 2);
	__free_pages(replay->live[id], order);
}

/* "F": the next entry of its list must be this one. */
static void compare_free(struct replay *replay, const char *line)
{
	unsigned int on_cpu, order, mt;
	struct list_head *head, **at;
	const struct page *page;
	unsigned long pfn;

	assert_int_equal(sscanf(line, "F %u %u %u %lx", &on_cpu, &order, &mt, &pfn), 4);
	head = on_cpu ? &replay->pcp->lists[order] : &replay->zone->buddy.area[order].list[mt];
	at = &replay->at[on_cpu][order][on_cpu ? 0 : mt];
	*at = *at ? (*at)->next : head->next;
	page = list_entry(*at, struct page, lru);
	if (*at == head || pfn_of(replay->m, page) != pfn || (on_cpu && page->index != mt))
		fail_msg("the %s list %u of type %u ends differently from line %lu: %s",
			 on_cpu ? "CPU's" : "zone's", order, mt, replay->nr_line, line);
	replay->nr_listed++;
}

static unsigned long list_length(const struct list_head *list)
{
	unsigned long nr = 0;

	for (const struct list_head *node = list->next; node != list; node = node->next)
		nr++;
	return nr;
}

static void compare_end(struct replay *replay)
{
	const struct zone *zone = replay->zone;
	unsigned long nr = 0;

	for (unsigned int order = 0; order < BUDDY_ORDERS; order++)
		nr += zone->buddy.area[order].nr_free;
	for (int i = 0; i < PCP_LISTS; i++)
		nr += list_length(&replay->pcp->lists[i]);
	assert_int_equal(nr, replay->nr_listed);
	assert_true(buddy_ok(&zone->buddy));
	assert_true(pcp_ok(replay->pcp));
	assert_int_equal(zone->watermark_boost, value(replay, "boost1", 10));
	assert_int_equal(zone->nr_reserved_highatomic, value(replay, "ha1", 10));
	assert_int_equal(zone->free_pages, value(replay, "gfree1", 10));
	assert_int_equal(replay->pcp->free_diff, value(replay, "diff1", 10));
	assert_int_equal(replay->pcp->free_factor, value(replay, "ff1", 10));
	assert_int_equal(replay->pcp->count, value(replay, "count1", 10));
}

static void replay_line(struct replay *replay, const char *line)
{
	switch (line[0]) {
	case '#':
		if (replay->header)
			break;
		replay->header = line;
		load_header(replay);
		break;
	case 'B':
		pageblock(replay, line, false);
		break;
	case 'I':
		load_free(replay, line);
		break;
	case 'A':
		take(replay, line);
		break;
	case 'R':
		give(replay, line);
		break;
	case 'F':
		compare_free(replay, line);
		break;
	default:
		fail_msg("line %lu: %s", replay->nr_line, line);
	}
}

static void directory_set(struct kalloc_machine *m, struct kalloc_machine *value)
{
	for (size_t at = 0; at < m->bytes; at += MACHINE_ALIGN)
		machine_directory[((unsigned long)m->base + at) >> MACHINE_SHIFT] = value;
}

/* A machine of the page room alone: the others would have frames of the zone already. */
static void machine_up(struct kalloc_machine *m)
{
	size_t linear_bytes;

	*m = (struct kalloc_machine){
		.params = { .mem_bytes = 512UL << 20, .nr_cpus = 1, .nr_nodes = 2, .max_order = 10 }
	};
	linear_bytes = page_linear_bytes(&m->params);
	m->bytes = ALIGN_UP(linear_bytes + page_tables_bytes(&m->params), MACHINE_ALIGN);
	m->base = m->linear = map_reserve(m->bytes, MACHINE_ALIGN);
	assert_non_null(m->base);
	m->linear_end = m->base + linear_bytes;
	m->vmemmap = (struct page *)m->linear_end;
	directory_set(m, m);
	assert_int_equal(page_boot(m), 0);
	kalloc_enter(m);
	kalloc_set_cpu(0);
}

static void machine_down(struct kalloc_machine *m)
{
	kalloc_enter(NULL);
	page_halt(m);
	directory_set(m, NULL);
	map_release(m->base, m->bytes);
}

static void replay_file(const char *name, unsigned long nr_taken, unsigned long nr_failed)
{
	struct replay replay = { 0 };
	char *text = unpack(name), *line, *next;
	struct kalloc_machine m;

	machine_up(&m);
	replay.m = &m;
	replay.zone = &m.page->nodes[1].zones[ZONE_DMA32];
	replay.pcp = &replay.zone->pcp[0];
	replay.live = calloc(MAX_LIVE, sizeof(*replay.live));

	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		replay.nr_line++;
		replay_line(&replay, line);
	}
	for (line = text; *line; line += strlen(line) + 1) {
		if (line[0] == 'B')
			pageblock(&replay, line, true);
	}
	compare_end(&replay);
	assert_int_equal(replay.nr_taken, nr_taken);
	assert_int_equal(replay.nr_failed, nr_failed);

	free(replay.live);
	free(text);
	machine_down(&m);
}

static void test_order0(void **state)
{
	replay_file("order0", 1707, 0);
}

static void test_mixed_orders(void **state)
{
	replay_file("mixed-orders", 4301, 0);
}

static void test_migratetypes(void **state)
{
	replay_file("migratetypes", 7210, 0);
}

static void test_gfp_mix(void **state)
{
	replay_file("gfp-mix", 9591, 0);
}

/* To the end of memory: failures, boosts and high-atomic reserves up to their cap. */
static void test_random(void **state)
{
	replay_file("random-5", 11649, 262);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order0),	     cmocka_unit_test(test_mixed_orders),
		cmocka_unit_test(test_migratetypes), cmocka_unit_test(test_gfp_mix),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
