/* SPDX-License-Identifier: MIT */
/* There are no page tables, and no translations to flush. */
