/* SPDX-License-Identifier: MIT */
/* Where the shell's history is kept: $XDG_STATE_HOME or ~/.local/state, kalloc/history. */
#ifndef SCENARIO_HISTORY_PATH_H
#define SCENARIO_HISTORY_PATH_H

/*
 * Its path, with the folders on the way made where they are missing. Return: to be freed;
 * NULL if there is neither variable nor a home.
 */
char *history_path(void);

#endif
