/* SPDX-License-Identifier: MIT */
/* Addresses of devices there are none; those of memory are libkalloc's. */
#ifndef _ASM_IO_H
#define _ASM_IO_H

#include <asm/byteorder.h>
#include <kalloc/page.h>

#define virt_to_phys virt_to_phys
#define phys_to_virt phys_to_virt
#define PCI_IOBASE   ((void __iomem *)0)

/* What would map a device's memory finds none. */
static inline void __iomem *ioremap(phys_addr_t phys, size_t size)
{
	return NULL;
}

static inline void iounmap(volatile void __iomem *addr)
{
}

#define ioremap	   ioremap
#define ioremap_wc ioremap
#define ioremap_wt ioremap
#define iounmap	   iounmap

#include <asm-generic/io.h>

#endif
