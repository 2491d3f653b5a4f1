/* SPDX-License-Identifier: MIT */
#include <asm-generic/hugetlb_encode.h>
