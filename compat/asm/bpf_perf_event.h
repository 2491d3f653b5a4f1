/* SPDX-License-Identifier: MIT */
#include <asm-generic/bpf_perf_event.h>
