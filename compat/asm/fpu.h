/* SPDX-License-Identifier: MIT */
/* Threads may use floating point; the host saves it. */
#ifndef _ASM_FPU_H
#define _ASM_FPU_H

#define kernel_fpu_available() true
#define kernel_fpu_begin()
#define kernel_fpu_end()

#endif
