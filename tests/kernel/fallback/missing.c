/* SPDX-License-Identifier: MIT */
/* Asks for a header that is in kernel trees only, for one of its own, or the C library's. */
#if defined(OWN)
#include "mine.h"
#elif defined(HOSTED)
#include <stdio.h>
#else
#include <linux/workqueue.h>
#endif
