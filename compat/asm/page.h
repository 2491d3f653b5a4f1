/* SPDX-License-Identifier: MIT */
/* Frames, pages and addresses: libkalloc's (kalloc/page.h). */
#ifndef _ASM_PAGE_H
#define _ASM_PAGE_H

#include <linux/const.h>
#include <linux/types.h>
#include <kalloc/types.h>

#define PAGE_OFFSET			    0UL

#define clear_page(page)		    __builtin_memset((page), 0, PAGE_SIZE)
#define copy_page(to, from)		    __builtin_memcpy((to), (from), PAGE_SIZE)
#define clear_user_page(page, vaddr, pg)    clear_page(page)
#define copy_user_page(to, from, vaddr, pg) copy_page(to, from)

/* No page tables: entries have types, so that headers can name them. */
typedef struct {
	unsigned long pte;
} pte_t;
typedef struct {
	unsigned long pmd;
} pmd_t;
typedef struct {
	unsigned long pud;
} pud_t;
typedef struct {
	unsigned long p4d;
} p4d_t;
typedef struct {
	unsigned long pgd;
} pgd_t;
typedef struct {
	unsigned long pgprot;
} pgprot_t;
typedef struct page *pgtable_t;

#define __pgprot(x)   ((pgprot_t){ (x) })
#define pgprot_val(x) ((x).pgprot)
#define PAGE_KERNEL   __pgprot(0x8000000000000163UL)

#define pte_val(x)    ((x).pte)
#define pmd_val(x)    ((x).pmd)
#define pud_val(x)    ((x).pud)
#define p4d_val(x)    ((x).p4d)
#define pgd_val(x)    ((x).pgd)

/* Every address that libkalloc gave out has a frame; of others the answer is not asked. */
#define virt_addr_valid(addr) ((unsigned long)(addr) >= PAGE_SIZE)
#define __pa(addr)	      virt_to_phys((const volatile void *)(addr))
#define __va(phys)	      phys_to_virt(phys)

#endif
