/* SPDX-License-Identifier: MIT */
#include <linux/gfp_types.h>
