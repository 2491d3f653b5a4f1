/* SPDX-License-Identifier: MIT */
/*
 * READ_ONCE() is what rcu_dereference() is made of. For ThreadSanitizer the load itself must
 * be ordered behind the store that published the pointer.
 */
#ifndef _ASM_RWONCE_H
#define _ASM_RWONCE_H

#if defined(__SANITIZE_THREAD__)
#define KALLOC_ORDERED_READS 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KALLOC_ORDERED_READS 1
#endif
#endif

#ifdef KALLOC_ORDERED_READS
#define __READ_ONCE(x) \
	__atomic_load_n((const volatile __unqual_scalar_typeof(x) *)&(x), __ATOMIC_ACQUIRE)
#endif

#include <asm-generic/rwonce.h>

#endif
