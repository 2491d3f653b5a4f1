/* SPDX-License-Identifier: MIT */
/*
 * Devices: a name, a count of references, and the list of what devm_* functions have taken
 * for it (the tree's drivers/base/devres.c), which goes when the device is unregistered.
 * There is no bus, no sysfs, and no driver to be found.
 */
#include <linux/device.h>
#include <linux/device/bus.h>
#include <linux/device/class.h>
#include <linux/device/driver.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "core.h"

/* In drivers/base/devres.c. */
int devres_release_all(struct device *dev);

void device_initialize(struct device *dev)
{
	kref_init(&dev->kobj.kref);
	spin_lock_init(&dev->devres_lock);
	INIT_LIST_HEAD(&dev->devres_head);
	mutex_init(&dev->mutex);
}

int dev_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;

	kfree_const(dev->kobj.name);
	va_start(args, fmt);
	dev->kobj.name = kvasprintf_const(GFP_KERNEL, fmt, args);
	va_end(args);
	return dev->kobj.name ? 0 : -ENOMEM;
}

/* A device keeps its parent until it is deleted. */
int device_add(struct device *dev)
{
	int error = 0;

	if (!dev->kobj.name)
		error = dev->init_name ? dev_set_name(dev, "%s", dev->init_name) : -EINVAL;
	if (!error)
		get_device(dev->parent);
	return error;
}

int device_register(struct device *dev)
{
	device_initialize(dev);
	return device_add(dev);
}

static void device_free(struct kref *kref)
{
	struct device *dev = container_of(kref, struct device, kobj.kref);
	const char *name = dev->kobj.name;

	devres_release_all(dev);
	if (dev->release)
		dev->release(dev);
	else if (dev->type && dev->type->release)
		dev->type->release(dev);
	else if (dev->class && dev->class->dev_release)
		dev->class->dev_release(dev);
	else
		WARN(1, "Device '%s' does not have a release() function\n", name);
	kfree_const(name);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		kref_get(&dev->kobj.kref);
	return dev;
}

void put_device(struct device *dev)
{
	if (dev)
		kref_put(&dev->kobj.kref, device_free);
}

void device_del(struct device *dev)
{
	devres_release_all(dev);
	put_device(dev->parent);
}

void device_unregister(struct device *dev)
{
	device_del(dev);
	put_device(dev);
}

static void root_device_release(struct device *dev)
{
	kfree(dev);
}

struct device *__root_device_register(const char *name, struct module *owner)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int error;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	device_initialize(dev);
	dev->release = root_device_release;
	error = dev_set_name(dev, "%s", name);
	if (error) {
		put_device(dev);
		return ERR_PTR(error);
	}
	return dev;
}

void root_device_unregister(struct device *dev)
{
	device_unregister(dev);
}

const char *dev_driver_string(const struct device *dev)
{
	return "";
}

/* --- buses and drivers: accepted, and never matched ---------------------------- */

#if KALLOC_LINUX_VERSION < KERNEL_VERSION(6, 4, 0)
#define const_bus
#else
#define const_bus const
#endif

int bus_register(const_bus struct bus_type *bus)
{
	return 0;
}

void bus_unregister(const_bus struct bus_type *bus)
{
}

int driver_register(struct device_driver *driver)
{
	return 0;
}

void driver_unregister(struct device_driver *driver)
{
}

/* --- messages about devices -------------------------------------------------- */

void _dev_printk(const char *level, const struct device *dev, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	printk("%s%s: %pV", level, dev ? dev_name(dev) : "(NULL device *)", &text);
	va_end(args);
}

#define DEV_LEVEL(name, level)                                                           \
	void name(const struct device *dev, const char *fmt, ...)                        \
	{                                                                                \
		struct va_format text = { .fmt = fmt };                                  \
		va_list args;                                                            \
                                                                                         \
		va_start(args, fmt);                                                     \
		text.va = &args;                                                         \
		printk(level "%s: %pV", dev ? dev_name(dev) : "(NULL device *)", &text); \
		va_end(args);                                                            \
	}

DEV_LEVEL(_dev_emerg, KERN_EMERG)
DEV_LEVEL(_dev_alert, KERN_ALERT)
DEV_LEVEL(_dev_crit, KERN_CRIT)
DEV_LEVEL(_dev_err, KERN_ERR)
DEV_LEVEL(_dev_warn, KERN_WARNING)
DEV_LEVEL(_dev_notice, KERN_NOTICE)
DEV_LEVEL(_dev_info, KERN_INFO)

/* A probe that is to be deferred, or has no memory, is no news. */
int dev_err_probe(const struct device *dev, int error, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	if (error == -EPROBE_DEFER || error == -ENOMEM)
		return error;
	va_start(args, fmt);
	text.va = &args;
	dev_err(dev, "error %pe: %pV", ERR_PTR(error), &text);
	va_end(args);
	return error;
}
