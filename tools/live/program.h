/* SPDX-License-Identifier: MIT */
/*
 * The program that sees a machine's files: it has mounts of its own, where a FUSE file system
 * lies over the host's files, and a user namespace of its own where it may not mount without.
 */
#ifndef LIVE_PROGRAM_H
#define LIVE_PROGRAM_H

/*
 * Mount the files at @folder, send the mount's other end through @socket, lay the files over
 * the host's and become the program @argv. Whoever has the other end has to serve it
 * meanwhile. Does not return: ends the process after saying why, as "@command: ...", with
 * 127 or 126 if there is no such program or it cannot be run, as a shell does.
 */
_Noreturn void program_become(const char *command, const char *folder, char **argv, int socket);

#endif
