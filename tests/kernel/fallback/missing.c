/* SPDX-License-Identifier: MIT */
/* Asks for a header that is in kernel trees only. */
#include <linux/workqueue.h>
