/* SPDX-License-Identifier: MIT */
#include "frame.h"
#include "plat.h"
#include "task.h"
#include "text.h"

void frame_build(struct page *page, unsigned long nr, unsigned long flags)
{
	for (unsigned long i = 0; i < nr; i++) {
		page[i].flags = flags;
		page[i].page_type = FRAME_TYPE_NONE;
	}
}

void frame_break_tails(struct page *page, unsigned long from, unsigned long to)
{
	for (unsigned long i = from; i < to; i++)
		frame_break_tail(&page[i]);
}

void frame_break_compound(struct page *page, unsigned int order)
{
	page->flags &= ~PG_HEAD;
	frame_break_tails(page, 1, 1UL << order);
}

racy_read struct frame_view frame_look(const struct page *page)
{
	unsigned long flags = *(const volatile unsigned long *)&page->flags;
	unsigned long mapping = *(const volatile unsigned long *)&page->mapping;
	struct frame_view view = {
		.kind = FRAME_IS_OTHER,
		.count = *(const volatile int *)&page->_refcount.counter,
	};

	if (*(const volatile unsigned int *)&page->page_type == FRAME_TYPE_BUDDY) {
		view.kind = FRAME_IS_FREE;
		view.order = (unsigned int)*(const volatile unsigned long *)&page->private;
	} else if (flags & PG_HEAD) {
		view.kind = FRAME_IS_COMPOUND;
		view.order = *(const volatile unsigned char *)&page[1].compound_order;
	} else if (flags & PG_LRU) {
		view.kind = FRAME_IS_LRU;
		view.file = !(flags & PG_SWAPBACKED);
	} else if (!(flags & PG_SLAB) && (mapping & FRAME_MAPPING_KIND) == FRAME_MAPPING_MOVABLE) {
		view.kind = FRAME_IS_MOVABLE;
	}
	return view;
}

void page_flags_show(struct text *text, unsigned long flags)
{
	/* In the kernel's order, which is not everywhere that of the bits. */
	static const struct {
		unsigned long flag;
		const char *name;
	} names[] = {
		{ PG_REFERENCED, "referenced" }, { PG_DIRTY, "dirty" }, { PG_LRU, "lru" },
		{ PG_ACTIVE, "active" },	 { PG_SLAB, "slab" },	{ PG_HEAD, "head" },
		{ PG_SWAPBACKED, "swapbacked" },
	};

	text_add(text, "0x%lx(", flags);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & names[i].flag)
			text_add(text, "%s|", names[i].name);
	}
	text_add(text, "node=%lu|zone=%lu|lastcpupid=0x%lx)", flags >> FRAME_NODE_SHIFT,
		 flags >> FRAME_ZONE_SHIFT & FRAME_ZONE_MASK, (flags & FRAME_LAST_CPU) >> 30);
}

/* What the kernel takes for the owner of a page-cache page. */
static unsigned long mapping_of(const struct page *page)
{
	unsigned long mapping = (unsigned long)page->mapping;

	return mapping & FRAME_MAPPING_KIND || page->flags & PG_SLAB ? 0 : mapping;
}

/* The whole of it, in words. */
static void show_raw(struct text *text, const struct page *page)
{
	unsigned long words[sizeof(*page) / sizeof(unsigned long)];

	memcpy(words, page, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		text_add(text, "%s%016lx%s", i % 4 ? " " : "raw: ", words[i],
			 i % 4 == 3 ? "\n" : "");
}

/*
 * The kernel's report. It names the file that a mapping is of, or calls it invalid if there
 * is none to be read: here there never is.
 */
static cold_path void report_bad(const struct page *page, const char *reason)
{
	const struct kalloc_machine *m = machine_of(page);
	unsigned long pfn = m ? pfn_of(m, page) : 0, mapping = mapping_of(page);
	char buf[1024];
	struct text text = text_on(buf, sizeof(buf));

	text_add(&text,
		 "BUG: Bad page state in process %s  pfn:%05lx\n"
		 "page:%016lx refcount:%d mapcount:%d mapping:%016lx index:0x%lx pfn:0x%lx\n",
		 task_name(), pfn, (unsigned long)page, page->_refcount.counter,
		 page->flags & PG_SLAB ? 0 : page->_mapcount.counter + 1, mapping, page->index,
		 pfn);
	if (mapping)
		text_add(&text, "invalid mapping:%016lx\n", mapping);
	text_add(&text, "flags: ");
	page_flags_show(&text, page->flags);
	text_add(&text, "\n");
	show_raw(&text, page);
	text_add(&text, "page dumped because: %s\n", reason);
	console_print("%s", buf);
}

/* The count was just written: as part of a wider load it would have to be waited for. */
static inline bool is_free_of_use(const struct page *page)
{
	return !page->mapping && !(page->flags & FRAME_FLAGS_IN_USE) &&
	       READ_ONCE(page->page_type) == FRAME_TYPE_NONE &&
	       READ_ONCE(page->_refcount.counter) == 0;
}

static cold_path void report_in_use(const struct page *page)
{
	if (page->page_type != FRAME_TYPE_NONE)
		report_bad(page, "nonzero mapcount");
	else if (page->mapping)
		report_bad(page, "non-NULL mapping");
	else if (page->_refcount.counter)
		report_bad(page, "nonzero _refcount");
	else
		report_bad(page, "PAGE_FLAGS_CHECK_AT_FREE flag(s) set");
}

static cold_path bool check_closely(struct page *page)
{
	/* What __ClearPageMovable() leaves behind, as in Linux. */
	if ((unsigned long)page->mapping == FRAME_MAPPING_MOVABLE)
		page->mapping = NULL;
	if (is_free_of_use(page))
		return true;
	report_in_use(page);
	return false;
}

bool frame_check_free(struct page *page, unsigned int order)
{
	bool good = true;

	if (likely(is_free_of_use(page) && (!order || frame_tails_are_free(page, order))))
		return true;
	for (unsigned long i = 0; i < frame_nr_checked(order); i++) {
		if (unlikely(!is_free_of_use(&page[i])))
			good &= check_closely(&page[i]);
	}
	return good;
}

cold_path bool frame_refuse_new(const struct page *page)
{
	if (page->_refcount.counter)
		report_bad(page, "nonzero _refcount");
	else if (page->mapping)
		report_bad(page, "non-NULL mapping");
	else
		report_bad(page, "PAGE_FLAGS_CHECK_AT_PREP flag(s) set");
	return false;
}
