/* SPDX-License-Identifier: MIT */
/* Lines of standard input as they are. */
#ifndef SCENARIO_LINES_PLAIN_H
#define SCENARIO_LINES_PLAIN_H

/* As lines_read(). */
char *lines_plain_read(const char *prompt);

#endif
