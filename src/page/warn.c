/* SPDX-License-Identifier: MIT */
/* The report of a request that failed. */
#include "show_mem.h"
#include "task.h"

void pages_warn(struct kalloc_machine *m, gfp_t gfp, const char *fmt, ...)
{
	struct page_room *room = m->page;
	char flags[256], buf[1024];
	struct text text = text_on(buf, sizeof(buf));
	unsigned int suppressed;
	va_list args;

	if (gfp & __GFP_NOWARN || !ratelimit_pass(&room->warn_limit, &suppressed))
		return;
	if (suppressed)
		text_add(&text, "warn_alloc: %u callbacks suppressed\n", suppressed);
	kalloc_gfp_show(gfp, flags, sizeof(flags));
	text_add(&text, "%s: ", task_name());
	va_start(args, fmt);
	text_vadd(&text, fmt, args);
	va_end(args);
	text_add(&text, ", mode:0x%x(%s), nodemask=(null)", gfp, flags);
	show_mems_allowed(&text, room);
	console_print("%s\n", buf);
	show_mem(room);
}
