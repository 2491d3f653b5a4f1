/* SPDX-License-Identifier: MIT */
/* Parameters: NAME=VALUE arguments of the program. */
#ifndef _LINUX_MODULE_PARAMS_H
#define _LINUX_MODULE_PARAMS_H

#include <linux/init.h>
#include <linux/types.h>

struct kernel_param;

enum {
	KERNEL_PARAM_OPS_FL_NOARG = 1, /* may stand without a value */
};

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *text, const struct kernel_param *param);
	int (*get)(char *text, const struct kernel_param *param); /* not called */
	void (*free)(void *arg);				  /* not called */
};

struct kernel_param {
	const char *name;
	const struct kernel_param_ops *ops;
	void *arg;
};

extern const struct kernel_param_ops param_ops_int, param_ops_uint, param_ops_long, param_ops_ulong,
	param_ops_bool, param_ops_charp;

#define module_param_cb(name, operations, at, mode)                                      \
	static const struct kernel_param kalloc_param_##name __used __section("__param") \
		__aligned(sizeof(void *)) = { KBUILD_MODNAME "." #name, (operations), (at) }
#define module_param_named(name, variable, type, mode) \
	module_param_cb(name, &param_ops_##type, &(variable), mode)
#define module_param(name, type, mode) module_param_named(name, name, type, mode)

#define MODULE_PARM_DESC(name, text)

#endif
