/* SPDX-License-Identifier: MIT */
/*
 * A window: the memory of another process at the same addresses in this one. A page is
 * copied when it is first touched, so a look costs what it reads. It stays as it was then.
 *
 * A window cannot be closed: it is for a process that is started for one look and ends.
 * That process ends with WINDOW_TORN where it follows an address that leads nowhere, as
 * happens when what it walks along was being changed.
 */
#ifndef LIVE_WINDOW_H
#define LIVE_WINDOW_H

#include "target.h"

#define WINDOW_TORN 3

/*
 * Open one on all that @target has. Return: 0; -1 with errno set: EEXIST (this process has
 * something at an address of those; when it is started again it will lie elsewhere),
 * EPERM, ESRCH, ENOMEM.
 */
int window_open(const struct target *target);

#endif
