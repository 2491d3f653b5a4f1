/* SPDX-License-Identifier: MIT */
/*
 * The sub-commands of kalloc. argv[0] is the name to show in messages ("kalloc
 * replay"). Return: the exit status: 0, 1 for trouble on this machine, 2 for bad
 * arguments or bad input.
 */
#ifndef TOOLS_COMMANDS_H
#define TOOLS_COMMANDS_H

#define STATUS_OK     0
#define STATUS_FAILED 1
#define STATUS_USAGE  2

int command_boot(int argc, char **argv);
int command_exec(int argc, char **argv);
int command_fragment(int argc, char **argv);
int command_look(int argc, char **argv); /* live/looker.h: for the command itself */
int command_parity(int argc, char **argv);
int command_proc(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_run(int argc, char **argv);
int command_show(int argc, char **argv);
int command_top(int argc, char **argv);
int command_shell(int argc, char **argv);

#endif
