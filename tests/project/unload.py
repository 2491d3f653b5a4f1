#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A program that loads the library and closes it goes on: the library stays mapped,
because the host may yet look at the description of a sequence that ran in it
(src/plat/rseq.h).

usage: unload.py LIBRARY
"""
import _ctypes
import ctypes
import pathlib
import sys
import time


def is_mapped(path):
    with open('/proc/self/maps', encoding='ascii', errors='replace') as maps:
        return any(path in line for line in maps)


def main():
    path = str(pathlib.Path(sys.argv[1]).resolve())
    library = ctypes.CDLL(path)
    library.kalloc_boot.restype = library.__kmalloc.restype = ctypes.c_void_p
    library.kalloc_enter.argtypes = library.kfree.argtypes = [ctypes.c_void_p]
    gfp_kernel = 0xcc0
    library.kalloc_enter(library.kalloc_boot(b'mem=16M'))
    for _ in range(100):
        library.kfree(library.__kmalloc(ctypes.c_size_t(64), gfp_kernel))
    _ctypes.dlclose(library._handle)
    # Going to sleep is enough for the host to look.
    time.sleep(0.01)
    if not is_mapped(path):
        print('libkalloc.so was unloaded')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
