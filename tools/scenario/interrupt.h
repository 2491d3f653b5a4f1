/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C on the shell's terminal: it ends the line that is typed, or the loop that runs, and
 * not the session. Elsewhere SIGINT stays what it was, and none ever comes here.
 */
#ifndef SCENARIO_INTERRUPT_H
#define SCENARIO_INTERRUPT_H

#include <stdbool.h>

/* Begin / end to catch SIGINT. */
void interrupt_begin(void);
void interrupt_end(void);

/*
 * Whether it breaks off the reading of a line, as readline does by itself. Otherwise calls of
 * the host go on, so that no output is lost.
 */
void interrupt_reading(bool breaks);

/* Whether one came since the last interrupt_forget(). */
bool interrupt_came(void);
void interrupt_forget(void);

#endif
