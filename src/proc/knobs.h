/* SPDX-License-Identifier: MIT */
/*
 * The files under /proc/sys/vm: one number each, or a row of them.
 *
 * Writing takes what the kernel's integer sysctls take: blanks, a sign, a decimal,
 * octal (0...) or hexadecimal (0x...) number that fits in an int, blanks. A
 * second number behind the first is an error (the kernel leaves it unread).
 * lowmem_reserve_ratio cannot be written here: the reserves are set at boot.
 *
 * Every store returns 0 or -EINVAL with nothing changed.
 */
#ifndef PROC_KNOBS_H
#define PROC_KNOBS_H

#include "machine.h"
#include "text.h"

void min_free_kbytes_show(struct text *text, struct kalloc_machine *m);
int min_free_kbytes_store(struct kalloc_machine *m, const char *input);

void watermark_scale_factor_show(struct text *text, struct kalloc_machine *m);
int watermark_scale_factor_store(struct kalloc_machine *m, const char *input);

void watermark_boost_factor_show(struct text *text, struct kalloc_machine *m);
int watermark_boost_factor_store(struct kalloc_machine *m, const char *input);
void fail_nth_show(struct text *text, struct kalloc_machine *m);
int fail_nth_store(struct kalloc_machine *m, const char *input);

void lowmem_reserve_ratio_show(struct text *text, struct kalloc_machine *m);

/* 1 and nothing else. */
int compact_memory_store(struct kalloc_machine *m, const char *input);

#endif
