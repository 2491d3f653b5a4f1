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

/* Go into the lock at @word as a reader, or as its writer, by @turns (host/rwlock.c). */
void host_read_wait(unsigned int *word, unsigned short *turns);
void host_write_wait(unsigned int *word, unsigned short *turns);

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

/* Return: how many of these sections the calling thread is in. See asm/reader.h. */
unsigned int host_rcu_read_lock(void);
unsigned int host_rcu_read_unlock(void);
unsigned int host_rcu_depth(void);
/* Outside of them; an atomic section of the caller's is left meanwhile. */
void host_rcu_synchronize(void);
/* An atomic section of the calling thread's, whose nesting the caller counts: a reader. */
void host_section_begin(void);
void host_section_end(void);
/*
 * The same for who sleeps in such a section, though he must not: in a kernel his CPU runs others
 * then, and no grace period waits for him. Return: whether he was in one, and is to begin it again.
 */
_Bool host_section_leave(void);

/* Whether the calling thread is a reader. */
_Bool host_rcu_is_reader(void);

/* --- memory that is not of any machine (host/memory.c) ---------------------- */

/* Zeroed; never NULL. */
void *host_zalloc(unsigned long bytes);
void host_free(void *memory);

/* Address space that is zero until it is written, and costs nothing till then. */
void *host_reserve(unsigned long bytes);

/* The same, which processes of host_fork() have in common. */
void *host_share(unsigned long bytes);

/* --- processes (host/process.c) ---------------------------------------------- */

/* How a process has ended. */
struct host_end {
	int pid;
	int signal; /* 0: by itself, with @status */
	int status;
	_Bool is_late; /* its time was over */
};

/*
 * A copy of this process, as the only thread of it. It prints nothing, and is ended by a
 * signal after @seconds; 0: never. Return: its number, 0 in the copy, or a negative errno.
 */
int host_fork(unsigned int seconds);

/* Wait for one of those that this process has made. Return: false if there is none. */
_Bool host_reap(struct host_end *end);

/* End this process at once. */
_Noreturn void host_leave(int status);

/* What there is to say of a fault that ends the process, for others to read. */
struct host_fault {
	int signal; /* 0: none yet */
	unsigned int nr_stack;
	unsigned long stack[16];
};

/* Note in @fault, which is shared, what ends this process. */
void host_catch(struct host_fault *fault);

/* One word that the process which was copied tells the copies: 0 if it ended without. */
struct host_pipe {
	int ends[2];
};

void host_pipe(struct host_pipe *pipe);
void host_tell(struct host_pipe *pipe, unsigned int word);
unsigned int host_hear(struct host_pipe *pipe);

/* --- names of functions (host/symbol.c) --------------------------------------- */

/* A function: its name, how far into it an address is, how long it is (0: unknown). */
struct host_symbol {
	const char *name;
	unsigned long offset, bytes;
};

/* Which function has the byte at @address. Return: false if none is known. */
_Bool host_symbol(unsigned long address, struct host_symbol *found);

/* Where the program has what is called @name. Return: 0 if nowhere. */
unsigned long host_address(const char *name);

/*
 * "name+0x12" of the function that has the call before @address, or of its file. Return: false
 * if that is one of the layer's that calls the program.
 */
_Bool host_symbol_show(unsigned long address, char *text, unsigned long bytes);

/*
 * How a call stack reads, innermost first: "name+0x12 < name+0x34", the program's functions
 * up to where the layer has called them; if there are none, the first entry.
 */
void host_stack(const unsigned long *entries, unsigned int nr, char *text, unsigned long bytes);

/* --- addresses that may be bad (host/user.c) ----------------------------------- */

/* Return: how many bytes, at the end, could not be copied, or cleared. */
unsigned long host_copy(void *to, const void *from, unsigned long bytes);
unsigned long host_clear(void *to, unsigned long bytes);

/* For who handles the host's signals, too: leave a copy that cannot go on; return if there is none. */
void host_copy_leave(void);

/* --- time, chance, text, the end (host/clock.c, host/console.c) ------------- */

/* Nanoseconds since the start of the process; since 1970. */
unsigned long long host_clock(void);
unsigned long long host_clock_real(void);

/* Random bytes: a sequence that is the same in each run, unless host_seed() was called. */
unsigned long long host_random(void);
void host_seed(unsigned long long seed);

/* Write @text, whole lines of it at once, to standard output. */
void host_print(const char *text, unsigned long bytes);
void host_print_error(const char *text, unsigned long bytes);

/* Have @seen called for each report that the library makes on the program. */
void host_await_reports(void (*seen)(void));

/* The call stack of the caller, a function on a line, to standard error. */
void host_backtrace(void);

/* Print nothing from here on. */
void host_mute(void);

_Noreturn void host_abort(void);
_Noreturn void host_exit(int status);

/* A variable of the environment, or NULL. */
const char *host_getenv(const char *name);

/* Text to a number of any base. Return: false if there is no number, or more than one. */
_Bool host_parse(const char *text, long long *number);

#endif
