/* SPDX-License-Identifier: MIT */
#include <asm-generic/video.h>
