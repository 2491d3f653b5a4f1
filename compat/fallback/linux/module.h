/* SPDX-License-Identifier: MIT */
/* A module is part of the program: loaded when it begins, and unloaded when it ends. */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

struct module;

#define THIS_MODULE	       ((struct module *)NULL)
#define try_module_get(module) ((void)(module), true)
#define module_put(module)     ((void)(module))

#define module_init(fn)	       device_initcall(fn)
#define module_exit(fn)	       __exitcall(fn)

#define MODULE_LICENSE(text)
#define MODULE_AUTHOR(text)
#define MODULE_DESCRIPTION(text)
#define MODULE_VERSION(text)
#define MODULE_ALIAS(text)
#define MODULE_INFO(tag, text)

#endif
