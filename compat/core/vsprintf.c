/* SPDX-License-Identifier: MIT */
/*
 * The tree's own vsnprintf, with all that %p can be followed by, but without the headers of
 * networks, devices and processes that it includes for a few of them.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netdev_features.h>
#include <linux/socket.h>
#include <linux/trace_events.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>
#include <trace/events/mmflags.h>

/* The guards of what is left out. */
#define _ADDRCONF_H
#define __MM_INTERNAL_H

static inline int ipv6_addr_v4mapped(const struct in6_addr *a)
{
	return !a->s6_addr32[0] && !a->s6_addr32[1] && a->s6_addr32[2] == htonl(0xffff);
}

static inline int ipv6_addr_is_isatap(const struct in6_addr *a)
{
	return (a->s6_addr32[2] | htonl(0x02000000)) == htonl(0x02005efe);
}

#define IPV6_FLOWINFO_MASK cpu_to_be32(0x0fffffff)

/* Flags by name: those of requests; pages and areas have libkalloc's own. */
static const struct trace_print_flags pageflag_names[] = { { 0, NULL } };
static const struct trace_print_flags vmaflag_names[] = { { 0, NULL } };
static const struct trace_print_flags gfpflag_names[] = { __def_gfpflag_names, { 0, NULL } };
static const struct trace_print_flags pagetype_names[] = { { 0, NULL } };

#include <lib/vsprintf.c>
