/* SPDX-License-Identifier: MIT */
/*
 * The machine: everything that Linux keeps in global variables (nodes, zones,
 * frames, per-CPU lists, slab caches, vmalloc areas, knobs) as one object. A
 * process may hold several. This header boots them, enters them, and reads and
 * writes their emulated files; the other headers are the allocators' own.
 *
 * A call that carries no object (kmalloc, alloc_pages, vmalloc ...) works on the
 * calling thread's current machine. If the thread never entered one, that is
 * the default machine: the one that kalloc_set_default() named, or else booted by the
 * first such call from the environment variable KALLOC_CMDLINE
 * ("mem=1G nr_cpus=<online CPUs>" where it is unset).
 * A call that carries a pointer, page or cache finds its machine by itself.
 */
#ifndef KALLOC_KALLOC_H
#define KALLOC_KALLOC_H

#include <kalloc/gfp.h>
#include <kalloc/types.h>

KALLOC_BEGIN_DECLS

/**
 * kalloc_boot() - build a machine
 * @cmdline: parameters in kernel command line form, separated by spaces; NULL or
 *	"" for the defaults. README.md lists them. Sizes take k, m, g, t suffixes.
 *
 * Reserves address space only: the host commits a frame when it is first
 * touched, so the cost does not grow with mem=. No thread is started. The
 * machine does not become anybody's current one. Any context, may sleep.
 *
 * Return: the machine, or NULL with errno EINVAL (unknown or malformed
 * parameter, impossible combination) or ENOMEM (the host refused the address
 * space). Both print one line that names the parameter, through the console.
 */
KALLOC_API struct kalloc_machine *kalloc_boot(const char *cmdline) KALLOC_MUST;

/**
 * kalloc_halt() - take a machine down
 * @machine: the machine, or NULL (no-op)
 *
 * Every pointer into the machine becomes invalid. The caller sees to it that no
 * other thread still uses it or has it as its current machine; the calling
 * thread, if it has, falls back to the default one. Halting the default machine
 * lets the next call boot a new one.
 */
KALLOC_API void kalloc_halt(struct kalloc_machine *machine);

/**
 * kalloc_enter() - make a machine the calling thread's current one
 * @machine: the machine, or NULL for the default one
 *
 * Return: the machine that was current before, NULL if it was the default or
 * none.
 */
KALLOC_API struct kalloc_machine *kalloc_enter(struct kalloc_machine *machine);

/**
 * kalloc_set_default() - make a machine the default one
 * @machine: a machine that kalloc_boot() returned, or NULL: the next call that needs
 *	a default machine boots one
 *
 * Every thread that is not in a machine of its own works on it from now on. The one
 * that was the default before goes on as any other machine. Any context.
 *
 * Return: the default machine before, or NULL if there was none.
 */
KALLOC_API struct kalloc_machine *kalloc_set_default(struct kalloc_machine *machine);

/**
 * kalloc_current() - the calling thread's current machine
 *
 * Boots the default machine if the thread has none.
 *
 * Return: the machine; never NULL (a default machine that cannot boot is
 * reported and ends the process).
 */
KALLOC_API struct kalloc_machine *kalloc_current(void);

/**
 * kalloc_read() - read an emulated file of the current machine
 * @path: its path in a kernel: "/proc/buddyinfo", "/proc/sys/vm/min_free_kbytes",
 *	"/sys/kernel/slab/kmalloc-64/objects"
 * @buf: receives the text, terminated if @size > 0; may be NULL if @size is 0
 * @size: bytes in @buf
 *
 * /proc/kpagecount and /proc/kpageflags hold 64-bit words of the host's byte order,
 * one for each frame, and no text: whole words are stored and terminated likewise.
 * They can be large: kalloc_read_at() reads them in pieces.
 *
 * Return: length of the whole file, as snprintf does; -ENOENT (no such file),
 * -EACCES (the file cannot be read), -EINVAL (@path is NULL, or @buf is and @size
 * is not 0).
 */
KALLOC_API long kalloc_read(const char *path, char *buf, size_t size);

/**
 * kalloc_read_at() - read a piece of an emulated file of the current machine
 * @path: as in kalloc_read()
 * @buf: receives the bytes, not terminated; may be NULL if @size is 0
 * @size: bytes in @buf
 * @offset: of the first byte to read; in /proc/kpagecount and /proc/kpageflags, 8
 *	times the number of a frame
 *
 * The file is made anew for each call, so two pieces of a text fit together only if
 * nothing was allocated or freed in between.
 *
 * Return: number of bytes stored, less than @size only where the file ends and 0
 * behind its end; the errors of kalloc_read(); -EINVAL (@offset or @size is not a
 * multiple of 8 in a file of words); -ENOMEM (the host has no memory for the text).
 */
KALLOC_API long kalloc_read_at(const char *path, void *buf, size_t size, unsigned long offset);

/**
 * kalloc_write() - write an emulated file of the current machine
 * @path: its path in a kernel: "/proc/sys/vm/compact_memory"
 * @text: what echo would write; a trailing newline is allowed
 *
 * Return: strlen(@text); -ENOENT, -EACCES (the file is read-only), -EINVAL (a
 * value that the kernel refuses too, or NULL).
 */
KALLOC_API long kalloc_write(const char *path, const char *text);

/**
 * kalloc_files() - walk the names of the emulated files
 * @index: 0, 1, 2 ...
 *
 * A path with "<cache>" in it ("/sys/kernel/slab/<cache>/objects") stands for a file
 * of each cache: put in the name of one that /proc/slabinfo lists, with '!' for '/'.
 * "/sys/kernel/debug/page_owner" is named always and there with page_owner=on only.
 *
 * Return: the path of file @index, or NULL past the last.
 */
KALLOC_API const char *kalloc_files(unsigned int index);

/**
 * kalloc_set_cpu() - run the calling thread on a virtual CPU
 * @cpu: 0 .. nr_cpus - 1; taken modulo the machine's nr_cpus where it is larger;
 *	negative: none, the thread's next allocation gets it one in turn
 *
 * A thread that never calls this gets the next CPU in turn at its first
 * allocation, so the first thread of a program is always on CPU 0.
 *
 * Return: the CPU number set before, or -1 if there was none.
 */
KALLOC_API int kalloc_set_cpu(int cpu);

/**
 * kalloc_set_console() - take the kernel's messages
 * @write: called with each whole line or block of lines, or NULL for standard
 *	error; called with no lock of the library held; must not allocate from the
 *	machine that reports
 * @ctx: handed to @write
 *
 * One console serves the process.
 */
KALLOC_API void kalloc_set_console(void (*write)(void *ctx, const char *text), void *ctx);

KALLOC_END_DECLS

#endif
