/* SPDX-License-Identifier: MIT */
/* What users say of processes and files. */
#ifndef LIVE_CHOOSE_H
#define LIVE_CHOOSE_H

#include <stdio.h>
#include <sys/types.h>

/* Text to a number. Return: 0, or -1 if it is none. */
int choose_number(const char *text, unsigned int *number);
int choose_pid(const char *text, pid_t *pid);

/* The path of the file that is called @name, whole or its last part; NULL: there is none. */
const char *choose_file(const char *name);

/*
 * List the processes that have machines, or say on stderr that there is none.
 * Return: how many there are.
 */
unsigned int choose_list(FILE *to);

/*
 * The only process that has machines.
 * Return: its number; 0 after saying why there is none to be taken.
 */
pid_t choose_only(const char *command);

#endif
