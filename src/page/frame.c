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

void frame_make_compound(struct page *page, unsigned int order)
{
	unsigned long nr = 1UL << order;

	page->flags |= PG_HEAD;
	for (unsigned long i = 1; i < nr; i++) {
		page[i].mapping = FRAME_TAIL_MAPPING;
		page[i].compound_head = (unsigned long)page | 1;
	}
	page[1].compound_dtor = 1;
	page[1].compound_order = (unsigned char)order;
	page[1].compound_nr = (unsigned int)nr;
	page[1].compound_mapcount.counter = -1;
	page[1].compound_pincount.counter = 0;
}

void frame_break_compound(struct page *page, unsigned int order)
{
	unsigned long nr = 1UL << order;

	page->flags &= ~PG_HEAD;
	/* compound_nr and its neighbours lie over mapping and what precedes it. */
	page[1].lru.prev = NULL;
	for (unsigned long i = 1; i < nr; i++) {
		page[i].compound_head = 0;
		page[i].mapping = NULL;
		page[i].index = 0;
	}
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

/* How many frames of a block are looked at when it is freed. */
#define CHECKED_MOST (CHECK_LEVEL >= 1 ? ~0UL : 16UL)

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

/*
 * All at once, with one branch at the end: nearly always there is nothing to be found.
 * @page is not the frame whose count was just dropped: that one is written in halves.
 */
bool frame_are_free(const struct page *page, unsigned long nr)
{
	unsigned long found = 0;

	nr = min(nr, CHECKED_MOST);
	for (unsigned long i = 0; i < nr; i++) {
		u64 type_and_count;

		memcpy(&type_and_count, &page[i].page_type, sizeof(type_and_count));
		found |= (unsigned long)page[i].mapping | (page[i].flags & FRAME_FLAGS_IN_USE) |
			 (type_and_count ^ FRAME_TYPE_NONE);
	}
	return likely(!found);
}

bool frame_check_free(struct page *page, unsigned long nr)
{
	bool good = true;

	if (likely(is_free_of_use(page) && (nr == 1 || frame_are_free(page + 1, nr - 1))))
		return true;
	nr = min(nr, CHECKED_MOST);
	for (unsigned long i = 0; i < nr; i++) {
		if (unlikely(!is_free_of_use(&page[i])))
			good &= check_closely(&page[i]);
	}
	return good;
}

bool frame_check_new(struct page *page)
{
	if (likely(page->_refcount.counter == 0 && !page->mapping &&
		   !(page->flags & FRAME_FLAGS_IN_USE)))
		return true;
	if (page->_refcount.counter)
		report_bad(page, "nonzero _refcount");
	else if (page->mapping)
		report_bad(page, "non-NULL mapping");
	else
		report_bad(page, "PAGE_FLAGS_CHECK_AT_PREP flag(s) set");
	return false;
}
