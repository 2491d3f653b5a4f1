/* SPDX-License-Identifier: MIT */
/* A list of arrays of folios, from 6.12. What is left out are the marks. */
#ifndef _LINUX_FOLIO_QUEUE_H
#define _LINUX_FOLIO_QUEUE_H

#include <linux/pagevec.h>
#include <linux/mm.h>

struct folio_queue {
	struct folio_batch vec;
	u8 orders[PAGEVEC_SIZE];
	struct folio_queue *next;
	struct folio_queue *prev;
};

static inline void kalloc_folioq_init(struct folio_queue *folioq)
{
	folio_batch_init(&folioq->vec);
	folioq->next = NULL;
	folioq->prev = NULL;
}

/* Some trees have an argument more, for their trace. */
#define folioq_init(folioq, ...) kalloc_folioq_init(folioq)

static inline unsigned int folioq_nr_slots(const struct folio_queue *folioq)
{
	return PAGEVEC_SIZE;
}

static inline unsigned int folioq_count(struct folio_queue *folioq)
{
	return folio_batch_count(&folioq->vec);
}

static inline bool folioq_full(struct folio_queue *folioq)
{
	return folioq_count(folioq) >= folioq_nr_slots(folioq);
}

/* Return: the slot that it got. There must be one. */
static inline unsigned int folioq_append(struct folio_queue *folioq, struct folio *folio)
{
	unsigned int slot = folioq->vec.nr++;

	folioq->vec.folios[slot] = folio;
	folioq->orders[slot] = (u8)folio_order(folio);
	return slot;
}

static inline struct folio *folioq_folio(const struct folio_queue *folioq, unsigned int slot)
{
	return folioq->vec.folios[slot];
}

static inline unsigned int folioq_folio_order(const struct folio_queue *folioq, unsigned int slot)
{
	return folioq->orders[slot];
}

static inline size_t folioq_folio_size(const struct folio_queue *folioq, unsigned int slot)
{
	return PAGE_SIZE << folioq_folio_order(folioq, slot);
}

static inline void folioq_clear(struct folio_queue *folioq, unsigned int slot)
{
	folioq->vec.folios[slot] = NULL;
}

#endif
