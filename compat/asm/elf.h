/* SPDX-License-Identifier: MIT */
/* Nothing is loaded here; headers name the types. */
#ifndef _ASM_ELF_H
#define _ASM_ELF_H

#define ELF_CLASS	       ELFCLASS64
#define ELF_DATA	       ELFDATA2LSB
#define ELF_ARCH	       EM_X86_64
#define elf_check_arch(header) ((header)->e_machine == ELF_ARCH)

typedef unsigned long elf_greg_t;
typedef elf_greg_t elf_gregset_t[1];
typedef unsigned long elf_fpregset_t[1];

#endif
