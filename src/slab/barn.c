/* SPDX-License-Identifier: MIT */
#include "barn.h"

void barn_init(struct barn *barn, unsigned long most)
{
	*barn = (struct barn){ .limit = BARN_FEW };
	barn->most = (u32)clamp(most, (unsigned long)BARN_FEW, 1UL << 30);
	lock_init(&barn->lock, RANK_BARN);
}

struct sheaf *barn_take(struct barn *barn)
{
	struct sheaf *sheaf;

	lock_take(&barn->lock);
	sheaf = barn->full;
	if (sheaf) {
		barn->full = sheaf->next;
		barn->nr--;
	} else if (unlikely(barn->nr_turned_away)) {
		barn->limit = min(barn->limit + barn->nr_turned_away, barn->most);
		barn->nr_turned_away = 0;
	}
	lock_drop(&barn->lock);
	return sheaf;
}

bool barn_give(struct barn *barn, struct sheaf *sheaf)
{
	bool fits;

	lock_take(&barn->lock);
	fits = barn->nr < barn->limit;
	if (fits) {
		sheaf->next = barn->full;
		barn->full = sheaf;
		barn->nr++;
	} else {
		barn->nr_turned_away++;
	}
	lock_drop(&barn->lock);
	return fits;
}

struct sheaf *barn_clear(struct barn *barn)
{
	struct sheaf *chain;

	lock_take(&barn->lock);
	chain = barn->full;
	barn->full = NULL;
	barn->nr = 0;
	barn->limit = BARN_FEW;
	barn->nr_turned_away = 0;
	lock_drop(&barn->lock);
	return chain;
}
