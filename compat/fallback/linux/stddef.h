/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_STDDEF_H
#define _LINUX_STDDEF_H

#include <linux/types.h>

#define sizeof_field(type, field) sizeof(((type *)0)->field)
#define offsetofend(type, field)  (offsetof(type, field) + sizeof_field(type, field))

#endif
