/* SPDX-License-Identifier: MIT */
/* Who the calling thread is to the host, by the names that the kernel's reports use. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

int thread_pid(void);  /* the thread's own number */
int thread_tgid(void); /* its process's, which getpid() gives */

#endif
