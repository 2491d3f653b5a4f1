/* SPDX-License-Identifier: MIT */
/*
 * What the C library does exactly as the kernel would is the C library's. Its memcmp() is not:
 * it finds where memory differs and then reads that byte again, so that memory which another
 * thread writes to meanwhile can compare equal to what it never was. Kernel code compares
 * objects that are in use (a hash table's, under RCU), and is to find only those that match.
 */
#ifndef _ASM_STRING_H
#define _ASM_STRING_H

#include <linux/types.h>

#define __HAVE_ARCH_STRCPY
#define __HAVE_ARCH_STRNCPY
#define __HAVE_ARCH_STRCAT
#define __HAVE_ARCH_STRNCAT
#define __HAVE_ARCH_STRCMP
#define __HAVE_ARCH_STRNCMP
#define __HAVE_ARCH_STRCASECMP
#define __HAVE_ARCH_STRNCASECMP
#define __HAVE_ARCH_STRCHR
#define __HAVE_ARCH_STRCHRNUL
#define __HAVE_ARCH_STRRCHR
#define __HAVE_ARCH_STRSTR
#define __HAVE_ARCH_STRLEN
#define __HAVE_ARCH_STRNLEN
#define __HAVE_ARCH_STRPBRK
#define __HAVE_ARCH_STRSEP
#define __HAVE_ARCH_STRSPN
#define __HAVE_ARCH_STRCSPN
#define __HAVE_ARCH_MEMSET
#define __HAVE_ARCH_MEMCPY
#define __HAVE_ARCH_MEMMOVE
#define __HAVE_ARCH_MEMCMP
#define __HAVE_ARCH_MEMCHR
#define __HAVE_ARCH_BCMP

char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, __kernel_size_t n);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, __kernel_size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, __kernel_size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, __kernel_size_t n);
char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *part);
__kernel_size_t strlen(const char *s);
__kernel_size_t strnlen(const char *s, __kernel_size_t most);
char *strpbrk(const char *s, const char *set);
char *strsep(char **s, const char *set);
__kernel_size_t strspn(const char *s, const char *set);
__kernel_size_t strcspn(const char *s, const char *set);
void *memset(void *to, int c, __kernel_size_t n);
void *memcpy(void *to, const void *from, __kernel_size_t n);
void *memmove(void *to, const void *from, __kernel_size_t n);
int memcmp(const void *a, const void *b, __kernel_size_t n) __asm__("kalloc_memcmp");
void *memchr(const void *s, int c, __kernel_size_t n);
int bcmp(const void *a, const void *b, __kernel_size_t n) __asm__("kalloc_memcmp");

#endif
