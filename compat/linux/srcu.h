/* SPDX-License-Identifier: MIT */
/* The tree's. Sections that another thread may end are told apart: they are nobody's. */
#include_next <linux/srcu.h>

#ifndef KALLOC_SRCU
#define KALLOC_SRCU

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 3, 0)
int kalloc_srcu_down_read(struct srcu_struct *srcu);
void kalloc_srcu_up_read(struct srcu_struct *srcu, int slot);

#define srcu_down_read(srcu)	 kalloc_srcu_down_read(srcu)
#define srcu_up_read(srcu, slot) kalloc_srcu_up_read((srcu), (slot))
#endif

#endif
