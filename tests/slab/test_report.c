/* SPDX-License-Identifier: MIT */
/* Proves src/slab/report.c: what is printed of a finding, byte by byte, and to whom it goes. */
#include "rig.h"
#include "slab/report.h"

#define RULE "============================================================================="
#define LINE "-----------------------------------------------------------------------------"

static struct report report;

static void take(struct kmem_cache *s, struct slab *slab, bool whole, void *object, bool is_free)
{
	struct finding f;

	assert_false(whole ? check_slab(s, slab, &f) : check_object(s, slab, object, is_free, &f));
	report_take(&report, s, slab, &f);
	check_mend(s, slab, &f);
	report_print(s, &report);
}

/* @said is @fmt with addresses in it. */
static void check_said(const char *fmt, ...)
{
	char expected[8192];
	va_list args;

	va_start(args, fmt);
	vsnprintf(expected, sizeof(expected), fmt, args);
	va_end(args);
	assert_string_equal(said, expected);
	rig_hush();
}

#define FLAGS "0xfffffc0000200(slab|node=0|zone=1|lastcpupid=0x1fffff)"

static void test_bytes(void **state)
{
	struct kmem_cache *s = kmem_cache_create("rz", 20, 0, SLAB_RED_ZONE | SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);
	struct slab *slab = slab_of(*state, p);
	unsigned long at = (unsigned long)p;

	memcpy(p, "twenty characters \t!", 20);
	p[20] = 'X';
	p[22] = 'Y';
	take(s, slab, false, p, false);
	check_said(RULE
		   "\nBUG rz (Not tainted): Right Redzone overwritten\n" LINE "\n\n"
		   "0x%016lx-0x%016lx @offset=28. First byte 0x58 instead of 0xcc\n"
		   "Slab 0x%016lx objects=85 used=1 fp=0x%016lx flags=" FLAGS "\n"
		   "Object 0x%016lx @offset=8 fp=0x%016lx\n\n"
		   "Redzone  %016lx: cc cc cc cc cc cc cc cc                          ........\n"
		   "Object   %016lx: 74 77 65 6e 74 79 20 63 68 61 72 61 63 74 65 72  twenty "
		   "character\n"
		   "Object   %016lx: 73 20 09 21                                      s .!\n"
		   "Redzone  %016lx: 58 cc 59 cc                                      X.Y.\n"
		   "Padding  %016lx: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		   "FIX rz: Restoring Right Redzone 0x%016lx-0x%016lx=0xcc\n",
		   at + 20, at + 22, (unsigned long)slab, at + 48, at, at + 48, at - 8, at, at + 16,
		   at + 20, at + 32, at + 20, at + 22);
}

/* A pointer that was cut off: nothing says so. Without red zones, what stands before is shown. */
static void test_pointer(void **state)
{
	struct kmem_cache *s = kmem_cache_create("p", 8, 0, SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);
	struct slab *slab = slab_of(*state, p);
	unsigned long at = (unsigned long)p + 32;

	for (int i = 0; i < 2; i++)
		p = kmem_cache_alloc(s, GFP_KERNEL);
	object_set_next(s, p - 16, NULL);
	kmem_cache_free(s, p);
	object_set_next(s, p, (void *)0x1234);
	take(s, slab, true, NULL, false);
	check_said(RULE
		   "\nBUG p (Not tainted): Freechain corrupt\n" LINE "\n\n"
		   "Slab 0x%016lx objects=256 used=2 fp=0x%016lx flags=" FLAGS "\n"
		   "Object 0x%016lx @offset=32 fp=0x0000000000001234\n\n"
		   "Bytes b4 %016lx: 6b 6b 6b 6b 6b 6b 6b a5 00 00 00 00 00 00 00 00  "
		   "kkkkkkk.........\n"
		   "Object   %016lx: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n",
		   (unsigned long)slab, at, at, at - 16, at);
	take(s, slab, true, NULL, false);
	check_said(RULE "\nBUG p (Not tainted): Wrong object count. Counter is 2 but counted were "
			"255\n" LINE "\n\n"
			"Slab 0x%016lx objects=256 used=2 fp=0x%016lx flags=" FLAGS "\n"
			"FIX p: Object count adjusted\n",
		   (unsigned long)slab, at);
}

/* Bytes that belong to no object are shown behind what is said of the slab. */
static void test_rest(void **state)
{
	struct kmem_cache *s = kmem_cache_create("r", 1000, 0, SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);
	unsigned long rest = (unsigned long)p + 8 * 1008;
	char line[100];

	memset((void *)(rest + 100), 'R', 2);
	take(s, slab_of(*state, p), true, NULL, false);
	snprintf(line, sizeof(line), "Padding overwritten. 0x%016lx-0x%016lx @offset=8164\n",
		 rest + 100, rest + 101);
	assert_non_null(strstr(said, line));
	snprintf(line, sizeof(line), "\nPadding %016lx: 5a 5a 5a 5a 52 52 5a ", rest + 96);
	assert_non_null(strstr(said, line));
	snprintf(line, sizeof(line), "\nFIX r: Restoring slab padding 0x%016lx-0x%016lx=0x5a\n",
		 rest + 100, rest + 101);
	assert_non_null(strstr(said, line));
}

/* The first line and the last one of what is said of a slab as a whole. */
static void test_slab(void **state)
{
	static const struct {
		struct finding f;
		const char *first, *last;
	} rows[] = {
		{ { .kind = FINDING_PAGE }, "Not a valid slab page", NULL },
		{ { .kind = FINDING_OBJECTS, .found = 9, .expected = 8 },
		  "objects 9 > max 8",
		  NULL },
		{ { .kind = FINDING_INUSE, .found = 9, .expected = 8 }, "inuse 9 > max 8", NULL },
		{ { .kind = FINDING_HEAD }, "Freepointer corrupt", "Freelist cleared" },
		{ { .kind = FINDING_CYCLE }, "Freelist cycle detected", "Freelist cleared" },
		{ { .kind = FINDING_NR, .found = 7, .expected = 8 },
		  "Wrong number of objects. Found 7 but should be 8",
		  "Number of objects adjusted" },
	};
	struct kmem_cache *s = kmem_cache_create("s", 64, 0, SLAB_POISON, NULL);
	struct slab *slab = slab_of(*state, kmem_cache_alloc(s, GFP_KERNEL));

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		report_take(&report, s, slab, &rows[i].f);
		report_print(s, &report);
		check_said(RULE "\nBUG s (Not tainted): %s\n" LINE "\n\n"
				"Slab 0x%016lx objects=56 used=1 fp=0x%016lx flags=" FLAGS
				"\n%s%s%s",
			   rows[i].first, (unsigned long)slab, (unsigned long)slab->freelist,
			   rows[i].last ? "FIX s: " : "", rows[i].last ? rows[i].last : "",
			   rows[i].last ? "\n" : "");
	}
}

static size_t lines(const char *name)
{
	size_t nr = 0;

	for (const char *at = said; (at = strstr(at, name)); at++)
		nr++;
	return nr;
}

/* Of an object a page is shown, of its red zone and of the padding 512 bytes. */
static void test_large(void **state)
{
	struct kmem_cache *s =
		kmem_cache_create("l", 4200, 1024, SLAB_RED_ZONE | SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);

	p[-1] = 0x11;
	take(s, slab_of(*state, p), false, p, false);
	assert_int_equal(lines("\nObject   "), 4096 / 16);
	assert_int_equal(lines("\nRedzone  "), 512 / 16 + 1);
	assert_int_equal(lines("\nPadding  "), 512 / 16);
	assert_non_null(strstr(said, ": cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc 11  ......"));
}

/* Counts all of them, and takes what it is told to take. */
static unsigned int seen[4], takes;
static const struct kmem_cache *seen_of;

static bool taker(void *ctx, struct kmem_cache *s, enum kalloc_slab_report what)
{
	assert_ptr_equal(ctx, &takes);
	seen_of = s;
	seen[what]++;
	return takes >> what & 1;
}

static void test_taken(void **state)
{
	struct kmem_cache *s = kmem_cache_create("w", 64, 0, SLAB_POISON, NULL);
	unsigned char *p = kmem_cache_alloc(s, GFP_KERNEL);
	struct slab *slab = slab_of(*state, p);

	kmem_cache_free(s, p);
	kalloc_take_slab_reports(taker, &takes);
	takes = 1 << KALLOC_SLAB_BUG;
	p[0] = 0;
	take(s, slab, false, p, true);
	assert_int_equal(seen[KALLOC_SLAB_BUG], 1);
	assert_int_equal(seen[KALLOC_SLAB_FIX], 1);
	assert_ptr_equal(seen_of, s);
	check_said("FIX w: Restoring Poison 0x%016lx-0x%016lx=0x6b\n", (unsigned long)p,
		   (unsigned long)p);
	takes = 1 << KALLOC_SLAB_FIX;
	p[0] = 0;
	take(s, slab, false, p, true);
	assert_int_equal(seen[KALLOC_SLAB_BUG], 2);
	assert_non_null(strstr(said, "BUG w (Not tainted): Poison overwritten\n"));
	assert_null(strstr(said, "FIX"));
	/* Nobody any more. */
	kalloc_take_slab_reports(NULL, NULL);
	rig_hush();
	p[0] = 0;
	take(s, slab, false, p, true);
	assert_int_equal(seen[KALLOC_SLAB_BUG], 2);
	assert_non_null(strstr(said, "FIX"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(test_bytes), rig_test(test_pointer), rig_test(test_rest),
		rig_test(test_slab),  rig_test(test_large),   rig_test(test_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
