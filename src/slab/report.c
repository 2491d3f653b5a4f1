/* SPDX-License-Identifier: MIT */
#include "report.h"
#include "pattern.h"
#include "text.h"

#define LINE_BYTES 16

bool report_is_taken(struct kmem_cache *s, enum kalloc_slab_report what)
{
	struct slab_room *room = s->machine->slab;
	kalloc_slab_taker taker = __atomic_load_n(&room->taker, __ATOMIC_ACQUIRE);

	return taker && taker(READ_ONCE(room->taker_ctx), s, what);
}

void kalloc_take_slab_reports(kalloc_slab_taker taker, void *ctx)
{
	struct slab_room *room = machine_current()->slab;

	__atomic_store_n(&room->taker, NULL, __ATOMIC_RELEASE);
	WRITE_ONCE(room->taker_ctx, ctx);
	__atomic_store_n(&room->taker, taker, __ATOMIC_RELEASE);
}

void report_head(const struct kmem_cache *s, const char *fmt, ...)
{
	char buf[200];
	struct text what = text_on(buf, sizeof(buf));
	va_list args;

	va_start(args, fmt);
	text_vadd(&what, fmt, args);
	va_end(args);
	console_print(
		"=============================================================================\n"
		"BUG %s (Not tainted): %s\n"
		"-----------------------------------------------------------------------------\n"
		"\n",
		s->name, buf);
}

void report_slab(const struct kmem_cache *s, const struct slab *copy, const char *address)
{
	char flags[128];
	struct text text = text_on(flags, sizeof(flags));

	page_flags_show(&text, copy->__page_flags);
	console_print("Slab 0x%016lx objects=%u used=%u fp=0x%016lx flags=%s\n",
		      (unsigned long)linear_to_page(s->machine, address), copy->objects,
		      copy->inuse, (unsigned long)copy->freelist, flags);
}

/* One line of up to 16 bytes: their numbers, and the characters of those that have one. */
static void print_line(const char *name, const unsigned char *at, const unsigned char *bytes,
		       size_t nr)
{
	char buf[4 * LINE_BYTES + 2];
	struct text line = text_on(buf, sizeof(buf));

	for (size_t i = 0; i < nr; i++)
		text_add(&line, "%02x ", bytes[i]);
	text_add(&line, "%*s", (int)(3 * (LINE_BYTES - nr) + 1), "");
	for (size_t i = 0; i < nr; i++)
		text_add(&line, "%c", bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
	console_print("%s%016lx: %s\n", name, (unsigned long)at, buf);
}

/* @copy: what lay at @part. */
static void print_part(const struct part *part, const unsigned char *copy)
{
	for (size_t done = 0; done < part->bytes; done += LINE_BYTES)
		print_line(part->name, part->at + done, copy + done,
			   min(part->bytes - done, (size_t)LINE_BYTES));
}

static void print_parts(const struct report *report)
{
	const unsigned char *copy = report->copy;

	for (unsigned int i = 0; i < report->nr_parts; i++) {
		print_part(&report->parts[i], copy);
		copy += report->parts[i].bytes;
	}
}

static void add_part(struct report *report, const char *name, const unsigned char *at, size_t bytes)
{
	if (!bytes)
		return;
	report->parts[report->nr_parts++] = (struct part){ name, at, bytes };
	memcpy(report->copy + report->nr_copied, at, bytes);
	report->nr_copied += bytes;
}

/* The slot of an object, part by part. */
static void add_slot(struct report *report, const struct kmem_cache *s, const unsigned char *p)
{
	size_t end = pattern_end(s), fill = s->size - s->red_left_pad - end;

	if (s->flags & SLAB_RED_ZONE) {
		size_t red = min((size_t)s->red_left_pad, (size_t)REPORT_PART);

		add_part(report, "Redzone  ", p - red, red);
	} else if ((const char *)p > report->address + LINE_BYTES) {
		add_part(report, "Bytes b4 ", p - LINE_BYTES, LINE_BYTES);
	}
	add_part(report, "Object   ", p, min((size_t)s->object_size, REPORT_OBJECT));
	if (s->flags & SLAB_RED_ZONE)
		add_part(report, "Redzone  ", p + s->object_size, s->inuse - s->object_size);
	add_part(report, "Padding  ", p + end, min(fill, (size_t)REPORT_PART));
}

/* The frames of a slab behind its last slot. */
static void add_rest(struct report *report, const struct kmem_cache *s, const struct slab *slab)
{
	size_t bytes = PAGE_SIZE << compound_order(slab_page(slab));
	size_t rest = bytes % s->size;

	add_part(report, "Padding ", (unsigned char *)report->address + bytes - rest,
		 min(rest, (size_t)REPORT_PART));
}

void report_take(struct report *report, const struct kmem_cache *s, const struct slab *slab,
		 const struct finding *f)
{
	report->finding = *f;
	report->slab = *slab;
	report->address = slab_address(s, slab);
	report->nr_parts = 0;
	report->nr_copied = 0;
	if (f->object) {
		report->next = object_next(s, f->object);
		add_slot(report, s, f->object);
	} else if (f->kind == FINDING_REST) {
		add_rest(report, s, slab);
	}
}

static long offset_of(const struct report *report, const unsigned char *at)
{
	return (const char *)at - report->address;
}

/* The first line, which says what is wrong. */
static void print_head(const struct kmem_cache *s, const struct report *report)
{
	const struct finding *f = &report->finding;

	switch (f->kind) {
	case FINDING_PAGE:
		report_head(s, "Not a valid slab page");
		break;
	case FINDING_OBJECTS:
		report_head(s, "objects %d > max %d", f->found, f->expected);
		break;
	case FINDING_INUSE:
		report_head(s, "inuse %d > max %d", f->found, f->expected);
		break;
	case FINDING_REST:
		report_head(s, "Padding overwritten. 0x%016lx-0x%016lx @offset=%ld",
			    (unsigned long)f->from, (unsigned long)f->to - 1,
			    offset_of(report, f->from));
		break;
	case FINDING_CHAIN:
		report_head(s, "Freechain corrupt");
		break;
	case FINDING_HEAD:
	case FINDING_POINTER:
		report_head(s, "Freepointer corrupt");
		break;
	case FINDING_CYCLE:
		report_head(s, "Freelist cycle detected");
		break;
	case FINDING_NR:
		report_head(s, "Wrong number of objects. Found %d but should be %d", f->found,
			    f->expected);
		break;
	case FINDING_COUNT:
		report_head(s, "Wrong object count. Counter is %d but counted were %d", f->found,
			    f->expected);
		break;
	case FINDING_BYTES:
		report_head(s, "%s overwritten", f->what);
		console_print("0x%016lx-0x%016lx @offset=%ld. First byte 0x%x instead of 0x%x\n",
			      (unsigned long)f->from, (unsigned long)f->to - 1,
			      offset_of(report, f->from), f->first, f->value);
		break;
	}
}

static void print_bug(const struct kmem_cache *s, const struct report *report)
{
	const unsigned char *object = report->finding.object;

	print_head(s, report);
	report_slab(s, &report->slab, report->address);
	if (object)
		console_print("Object 0x%016lx @offset=%ld fp=0x%016lx\n\n", (unsigned long)object,
			      offset_of(report, object), (unsigned long)report->next);
	print_parts(report);
}

/* What was mended. Return: false where the kernel says nothing of it, or nothing could be. */
static bool fix_describe(struct text *text, const struct finding *f)
{
	switch (f->kind) {
	case FINDING_BYTES:
	case FINDING_REST:
		text_add(text, "Restoring %s 0x%016lx-0x%016lx=0x%x", f->what,
			 (unsigned long)f->from, (unsigned long)f->to - 1, f->value);
		return true;
	case FINDING_HEAD:
	case FINDING_CYCLE:
		text_add(text, "Freelist cleared");
		return true;
	case FINDING_NR:
		text_add(text, "Number of objects adjusted");
		return true;
	case FINDING_COUNT:
		text_add(text, "Object count adjusted");
		return true;
	default:
		return false;
	}
}

void report_print(struct kmem_cache *s, const struct report *report)
{
	char buf[120];
	struct text fix = text_on(buf, sizeof(buf));

	if (!report_is_taken(s, KALLOC_SLAB_BUG))
		print_bug(s, report);
	if (fix_describe(&fix, &report->finding) && !report_is_taken(s, KALLOC_SLAB_FIX))
		console_print("FIX %s: %s\n", s->name, buf);
}
