/* SPDX-License-Identifier: MIT */
/* Statistics are libkalloc's own (/proc/vmstat): what kernel code counts goes nowhere. */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/types.h>
#include <linux/percpu.h>
#include <linux/mmzone.h>
#include <linux/vm_event_item.h>
#include <linux/atomic.h>

#define count_vm_event(item)		    ((void)(item))
#define count_vm_events(item, nr)	    ((void)(item), (void)(nr))
#define __count_vm_event(item)		    ((void)(item))
#define __count_vm_events(item, nr)	    ((void)(item), (void)(nr))
#define mod_node_page_state(node, item, nr) ((void)(node), (void)(nr))
#define mod_zone_page_state(zone, item, nr) ((void)(zone), (void)(nr))
#define inc_zone_page_state(page, item)	    ((void)(page))
#define dec_zone_page_state(page, item)	    ((void)(page))
#define inc_node_page_state(page, item)	    ((void)(page))
#define dec_node_page_state(page, item)	    ((void)(page))

#endif
