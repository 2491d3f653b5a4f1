/* SPDX-License-Identifier: MIT */
/*
 * Host: what the kernel layer asks of the host. Kernel sources and the C library's headers
 * cannot be read in one file, so this is where they meet: plain C types, no header. The
 * other side is compat/host/.
 */
#ifndef KALLOC_KERNEL_HOST_H
#define KALLOC_KERNEL_HOST_H

/* --- waiting: words of 32 bits (host/wait.c) ------------------------------- */

/* Take the spinlock at @word (asm/spinlock.h), which is taken now. */
void host_spin_wait(unsigned int *word);

/* Pass the time until the next look, longer after more @round's. */
void host_relax(unsigned int round);

/*
 * Sleep while *@word == @value, at most @ns; negative: without end. May return early.
 * Return: false if the time is over.
 */
_Bool host_wait(unsigned int *word, unsigned int value, long long ns);

/* Wake up to @nr of those who wait. */
void host_wake(unsigned int *word, int nr);

/* --- threads (host/thread.c) ----------------------------------------------- */

/* Run @run(@arg) in a thread of its own. Return: 0, or a negative errno. */
int host_thread_start(void (*run)(void *arg), void *arg);

/* End the calling thread, which is one of those. */
_Noreturn void host_thread_exit(void);

/* Call kalloc_thread_gone() when the calling thread ends, if it is not one of those. */
void host_thread_watch(void);
void kalloc_thread_gone(void);

/* How many CPUs the host lets this process use. */
unsigned int host_nr_cpus(void);

/* --- read-copy-update (host/rcu.c) ------------------------------------------ */

void host_rcu_read_lock(void);
void host_rcu_read_unlock(void);
void host_rcu_synchronize(void);

/* --- memory that is not of any machine (host/memory.c) ---------------------- */

/* Zeroed; never NULL. */
void *host_zalloc(unsigned long bytes);
void host_free(void *memory);

/* Address space that is zero until it is written, and costs nothing till then. */
void *host_reserve(unsigned long bytes);

/* --- time, chance, text, the end (host/clock.c, host/console.c) ------------- */

/* Nanoseconds since the start of the process; since 1970. */
unsigned long long host_clock(void);
unsigned long long host_clock_real(void);

/* Random bytes: a sequence that is the same in each run, unless host_seed() was called. */
unsigned long long host_random(void);
void host_seed(unsigned long long seed);

/* Write @text, whole lines of it at once, to standard output. */
void host_print(const char *text, unsigned long bytes);

/* The call stack of the caller, to standard error. */
void host_backtrace(void);

_Noreturn void host_abort(void);
_Noreturn void host_exit(int status);

/* Set a variable of the environment; unless @over, only one that is not set. */
void host_setenv(const char *name, const char *value, _Bool over);

/* Text to a number of any base. Return: false if there is no number, or more than one. */
_Bool host_parse(const char *text, long long *number);

#endif
