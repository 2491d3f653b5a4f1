/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints, for programs that are compiled with -DCONFIG_TRACEPOINTS: without it what
 * traces is nothing, as in a kernel.
 */
#define CONFIG_TRACEPOINTS 1
#include <kernel/tracepoint.c>
