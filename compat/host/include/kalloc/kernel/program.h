/* SPDX-License-Identifier: MIT */
/*
 * A program of kernel sources, for code that is compiled with the C library's headers and
 * linked into it: kalloc-kcc takes its object files beside kernel sources. Where there is no
 * such code, kalloc_kmain() is what main() does.
 */
#ifndef KALLOC_KERNEL_PROGRAM_H
#define KALLOC_KERNEL_PROGRAM_H

/**
 * kalloc_kmain() - run the program
 * @argc: as main() has it
 * @argv: as main() has it: arguments of the layer ("--quiet") and module parameters
 *
 * kalloc_kinit(), KUnit's suites if there are any, kalloc_kexit().
 *
 * Return: an exit status: 0 if all is well; 1; 2 if an argument is wrong, which was told.
 */
int kalloc_kmain(int argc, char **argv);

/**
 * kalloc_kinit() - boot, and call what module_init() and the like have registered
 * @argc: as main() has it
 * @argv: as main() has it
 *
 * Once in a program, by the thread that main() runs in, which is a task from here on. Other
 * threads of the program become tasks when they first call kernel code.
 *
 * With --help it prints what arguments there are, and ends the program.
 *
 * Return: 0, or 2 if an argument is wrong, which was told: then nothing was called.
 */
int kalloc_kinit(int argc, char **argv);

/**
 * kalloc_kexit() - call what module_exit() has registered, and look what is left
 *
 * Once, after kalloc_kinit(). Prints how many warnings were seen and what is left behind:
 * allocated, running (threads) or pending (timers, delayed work).
 *
 * Return: an exit status, as kalloc_kmain() does.
 */
int kalloc_kexit(void);

/**
 * kalloc_file_read() - read a file of the program's, as cat does
 * @path: "/sys/kernel/debug/NAME", "/proc/NAME"; of those that kernel code has not made,
 *	the machine's (kalloc_read())
 * @buf: receives the beginning, terminated if @size > 0; may be NULL if @size is 0
 * @size: bytes in @buf
 *
 * After kalloc_kinit(). May sleep. The file is opened, read to its end and closed, whatever
 * fits: what is done when it is read is done in each call.
 *
 * Return: length of the whole file; -ENOENT, -EISDIR, -EINVAL (an argument is NULL, or the
 * file cannot be read), or what the file's own functions return.
 */
long kalloc_file_read(const char *path, char *buf, unsigned long size);

/**
 * kalloc_file_write() - write a file of the program's, as echo -n does
 * @path: as in kalloc_file_read()
 * @text: what is written, in one call of the file's if that takes all
 *
 * After kalloc_kinit(). May sleep.
 *
 * Return: how many bytes were taken; -ENOENT, -EISDIR, -EINVAL (an argument is NULL, or the
 * file cannot be written), or what the file's own functions return.
 */
long kalloc_file_write(const char *path, const char *text);

#endif
