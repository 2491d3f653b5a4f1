/* SPDX-License-Identifier: MIT */
/* Left empty: pools of network pages keep their state in fields of struct page. */
