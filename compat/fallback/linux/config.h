/* SPDX-License-Identifier: MIT */
/* Until 2.6.19 files included the configuration themselves. */
