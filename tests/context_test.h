/* SPDX-License-Identifier: MIT */
/*
 * What the suites of the layers share to prove that each honours its caller's context:
 * counting the reports of sleeping calls in atomic context, and a shrinker that notes
 * the flags it was called with.
 */
#ifndef TEST_CONTEXT_TEST_H
#define TEST_CONTEXT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/context.h>
#include <kalloc/kalloc.h>
#include <kalloc/page.h>
#include <kalloc/reclaim.h>

#include "list.h"
#include "machine.h"

static int nr_reports;

static inline void count_reports(void *ctx, const char *text)
{
	static const char report[] = "BUG: sleeping function called from invalid context at ";

	nr_reports += strncmp(text, report, sizeof(report) - 1) == 0;
}

/* Boot a machine and enter it; the calling thread is on CPU 0. */
static inline struct kalloc_machine *context_up(const char *cmdline)
{
	struct kalloc_machine *m = kalloc_boot(cmdline);

	assert_non_null(m);
	kalloc_enter(m);
	kalloc_set_cpu(0);
	kalloc_set_console(count_reports, NULL);
	return m;
}

static inline void context_down(struct kalloc_machine *m)
{
	assert_int_equal(kalloc_task()->flags, 0);
	assert_int_equal(kalloc_task()->preempt_count, 0);
	kalloc_set_console(NULL, NULL);
	kalloc_enter(NULL);
	kalloc_halt(m);
}

/* Reports that @statement causes; each starts with its second of silence over. */
#define REPORTS_OF(statement)                             \
	({                                                \
		nr_reports = 0;                           \
		machine_current()->context_report_ms = 0; \
		statement;                                \
		nr_reports;                               \
	})

/* The same inside an atomic section, and in an interrupt handler. */
#define ATOMIC_REPORTS_OF(statement)                    \
	({                                              \
		int atomic_reports;                     \
		kalloc_atomic_enter();                  \
		atomic_reports = REPORTS_OF(statement); \
		kalloc_atomic_leave();                  \
		atomic_reports;                         \
	})
#define IRQ_REPORTS_OF(statement)                    \
	({                                           \
		int irq_reports;                     \
		kalloc_irq_enter();                  \
		irq_reports = REPORTS_OF(statement); \
		kalloc_irq_leave();                  \
		irq_reports;                         \
	})

/* Frames taken until none is left above the min mark, through page->lru. */
static inline void context_exhaust(struct list_head *taken)
{
	struct page *page;

	while ((page = alloc_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)))
		list_add(&page->lru, taken);
}

static inline void context_release(struct list_head *taken)
{
	while (!list_empty(taken)) {
		struct page *page = list_first_entry(taken, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
	}
}

/* The flags that a shrinker was called with since they were last cleared, both ways. */
static gfp_t seen_any, seen_all;
static int nr_seen;

static inline unsigned long see_flags(struct shrinker *shrinker, struct shrink_control *sc)
{
	seen_any |= sc->gfp_mask;
	seen_all &= sc->gfp_mask;
	nr_seen++;
	return 0;
}

static inline void see_again(void)
{
	seen_any = 0;
	seen_all = ~0u;
	nr_seen = 0;
}

/*
 * What of __GFP_IO and __GFP_FS reached the shrinker while @statement ran; the same at
 * each of its calls, of which there must be one.
 */
#define SEEN_BY_SHRINKER(statement)                                                 \
	({                                                                          \
		see_again();                                                        \
		statement;                                                          \
		assert_true(nr_seen > 0);                                           \
		assert_int_equal((seen_any ^ seen_all) & (__GFP_IO | __GFP_FS), 0); \
		seen_any &(__GFP_IO | __GFP_FS);                                    \
	})

/* Scopes opened and closed around @statement: what the shrinker sees must follow. */
#define ASSERT_SCOPES_REACH_SHRINKER(statement)                                     \
	do {                                                                        \
		unsigned int nofs, noio;                                            \
		assert_int_equal(SEEN_BY_SHRINKER(statement), __GFP_IO | __GFP_FS); \
		nofs = memalloc_nofs_save();                                        \
		assert_int_equal(SEEN_BY_SHRINKER(statement), __GFP_IO);            \
		noio = memalloc_noio_save();                                        \
		assert_int_equal(SEEN_BY_SHRINKER(statement), 0);                   \
		memalloc_noio_restore(noio);                                        \
		assert_int_equal(SEEN_BY_SHRINKER(statement), __GFP_IO);            \
		memalloc_nofs_restore(nofs);                                        \
		assert_int_equal(SEEN_BY_SHRINKER(statement), __GFP_IO | __GFP_FS); \
	} while (0)

#endif
