/* SPDX-License-Identifier: MIT */
/*
 * The contract with the host. Plat is the only room that includes host headers
 * beyond the freestanding ones; each header below is one kind of host service,
 * with its preconditions and its errors.
 *
 *   ram      a machine's memory: one memfd, seen at several addresses
 *   map      address space: reserve, commit, budget of mappings
 *   lock     a spinning, then sleeping lock with a rank
 *   waitq    waiting for a condition
 *   cpu      which virtual CPU the calling thread is on
 *   percpu   who may use what is per CPU; rseq, its restartable sequences
 *   console  where the kernel's messages go
 *   clock    time for rate limits, timeouts and records
 *   ticks    time for stamps that are near each other
 *   stack    the calling thread's call stack
 *   thread   the calling thread's numbers
 *   context  may the calling thread sleep; its scopes
 *   asan     the program's AddressSanitizer
 */
#ifndef PLAT_PLAT_H
#define PLAT_PLAT_H

#include "asan.h"
#include "clock.h"
#include "console.h"
#include "context.h"
#include "cpu.h"
#include "lock.h"
#include "map.h"
#include "percpu.h"
#include "ram.h"
#include "stack.h"
#include "thread.h"
#include "ticks.h"
#include "waitq.h"

#endif
