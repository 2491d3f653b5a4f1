/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PTRACE_H
#define _ASM_PTRACE_H

/* No code of ours is interrupted, so there are no registers to look at. */
struct pt_regs {
	unsigned long ip;
};

#define instruction_pointer(regs) ((regs)->ip)
#define user_mode(regs)		  ((void)(regs), 0)
#define profile_pc(regs)	  instruction_pointer(regs)
#define task_pt_regs(task)	  ((struct pt_regs *)NULL)
#define user_stack_pointer(regs)  ((void)(regs), 0UL)
#define regs_return_value(regs)	  ((void)(regs), 0UL)

#endif
