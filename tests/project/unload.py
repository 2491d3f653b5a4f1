#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What may be unloaded and what stays: a program that loads the library and closes it goes
on, as the library stays mapped. A plugin that uses it is unloaded, and the program goes on,
because the plugin's sequences (kalloc/stack.h) have left no word of themselves.

usage: unload.py LIBRARY PLUGIN
"""
import _ctypes
import ctypes
import pathlib
import sys
import threading
import time

ROUNDS = 100


def is_mapped(path):
    with open('/proc/self/maps', encoding='ascii', errors='replace') as maps:
        return any(path in line for line in maps)


def wait_a_little():
    """Going to sleep is enough for the host to look at the last sequence."""
    time.sleep(0.001)


def library_stays(path):
    library = ctypes.CDLL(path)
    library.kalloc_boot.restype = library.__kmalloc.restype = ctypes.c_void_p
    library.kalloc_enter.argtypes = library.kfree.argtypes = [ctypes.c_void_p]
    gfp_kernel = 0xcc0
    library.kalloc_enter(library.kalloc_boot(b'mem=16M'))
    for _ in range(100):
        library.kfree(library.__kmalloc(ctypes.c_size_t(64), gfp_kernel))
    _ctypes.dlclose(library._handle)
    wait_a_little()
    if not is_mapped(path):
        print('libkalloc.so was unloaded')
        return False
    return True


def plugin_goes(path):
    for _ in range(ROUNDS):
        plugin = ctypes.CDLL(path)
        if plugin.plugin_run(1000):
            print('the plugin had no memory')
            return False
        _ctypes.dlclose(plugin._handle)
        wait_a_little()
        if is_mapped(path):
            print('the plugin stayed')
            return False
    return True


def main():
    library, plugin = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:])
    # A program of one thread has no sequences.
    done = threading.Event()
    company = threading.Thread(target=done.wait)
    company.start()
    good = library_stays(library) and plugin_goes(plugin)
    done.set()
    company.join()
    return not good


if __name__ == '__main__':
    sys.exit(main())
