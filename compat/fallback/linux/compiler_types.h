/* SPDX-License-Identifier: MIT */
/* What kernel code calls the compiler's attributes; marks for other checkers are nothing. */
#ifndef __LINUX_COMPILER_TYPES_H
#define __LINUX_COMPILER_TYPES_H

#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __bitwise
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#define __acquire(lock)	      ((void)0)
#define __release(lock)	      ((void)0)

#define __always_inline	      inline __attribute__((__always_inline__))
#define noinline	      __attribute__((__noinline__))
#define __must_check	      __attribute__((__warn_unused_result__))
#define __packed	      __attribute__((__packed__))
#define __aligned(bytes)      __attribute__((__aligned__(bytes)))
#define __printf(text, first) __attribute__((__format__(printf, text, first)))
#define __section(name)	      __attribute__((__section__(name)))
#define __used		      __attribute__((__used__))
#define __maybe_unused	      __attribute__((__unused__))
#define __always_unused	      __attribute__((__unused__))
#define __weak		      __attribute__((__weak__))
#define __cold		      __attribute__((__cold__))
#define __pure		      __attribute__((__pure__))
#define __attribute_const__   __attribute__((__const__))
#define __noreturn	      __attribute__((__noreturn__))
#define __malloc	      __attribute__((__malloc__))
#define __visible
#define __read_mostly
#define ____cacheline_aligned	     __aligned(64)
#define ____cacheline_aligned_in_smp __aligned(64)
#define fallthrough		     __attribute__((__fallthrough__))
#define asmlinkage

#endif
