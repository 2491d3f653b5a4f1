#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each public header compiles alone, and all of them do together for every era of the
API that one of them knows: as C11 and as C++17 with the compilers named in the
arguments, optimized (then some functions are inline) and not, and under __KERNEL__ with no
header of the host (as unmodified kernel sources have them). What is inline is compiled
where it is used, too, and linked where C++ has several copies of its user, of which the
linker keeps one.

usage: headers.py ROOT C-COMPILER... -- C++-COMPILER...
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LEVELS = ['-O0', '-O2', '-Os']
WARNINGS = ['-Wall', '-Wextra', '-Werror']

USE = '''
#include <kalloc/slab.h>

void *use(struct kmem_cache *s, size_t size);
void *use(struct kmem_cache *s, size_t size)
{
	kmem_cache_free(s, kmem_cache_alloc(s, GFP_KERNEL));
	kfree(kmalloc(64, GFP_KERNEL));
	return kmalloc(size, GFP_ATOMIC);
}
'''

COPIED = '''
#include <kalloc/slab.h>

struct copied {
	void *object;
	copied(size_t size) : object(kmalloc(size, GFP_KERNEL)) { }
	~copied() { kfree(object); }
};
inline size_t use_copied(size_t size)
{
	copied one(size), other(64);
	return ksize(one.object) + ksize(other.object);
}
size_t NAME(size_t size);
size_t NAME(size_t size)
{
	return use_copied(size);
}
'''


def eras(headers):
    """The versions at which a header changes, and the one just below each."""
    found = set()
    for header in headers:
        for version in re.findall(r'KALLOC_LINUX_VERSION\s*[<>]=?\s*KERNEL_VERSION\(([^)]*)\)',
                                  header.read_text()):
            a, b, c = (int(part) for part in version.split(','))
            number = (a << 16) + (b << 8) + c
            found |= {number, number - 1}
    return ['-DKALLOC_LINUX_VERSION=%d' % number for number in sorted(found)]


def freestanding(compiler):
    where = subprocess.run([compiler, '-print-file-name=include'], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.strip()
    return ['-nostdinc', '-isystem', where]


def main():
    root = pathlib.Path(sys.argv[1])
    split = sys.argv.index('--')
    modes = []
    for compiler in sys.argv[2:split]:
        modes += [[compiler, '-x', 'c', '-std=c11', level] for level in LEVELS]
        modes.append([compiler, '-x', 'c', '-std=gnu11', '-D__KERNEL__',
                      '-I%s/tests/project/kernel' % root] + freestanding(compiler))
    for compiler in sys.argv[split + 1:]:
        modes += [[compiler, '-x', 'c++', '-std=c++17', level] for level in LEVELS]

    headers = sorted((root / 'include/kalloc').glob('*.h'))
    assert headers and modes, 'nothing to compile'

    def run(command, text=None):
        done = subprocess.run(command, input=text, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, ' '.join(command), done.stdout

    def compile_text(job):
        flags, text = job
        return run(flags + WARNINGS + ['-I%s/include' % root, '-'], text)

    def link_copies(compiler):
        """Of two objects; a library may leave open what libkalloc has."""
        with tempfile.TemporaryDirectory() as folder:
            objects = [folder + '/one.o', folder + '/two.o']
            for name, path in zip(['one', 'two'], objects):
                result = compile_text(([compiler, '-x', 'c++', '-O1', '-fno-inline', '-fPIC', '-c',
                                        '-o', path], COPIED.replace('NAME', name)))
                if result[0]:
                    return result
            return run([compiler, '-shared', '-o', folder + '/both.so'] + objects)

    lines = ['#include <kalloc/%s>\n' % header.name for header in headers]
    # Twice, so that a header without a guard shows.
    syntax = ['-fsyntax-only']
    jobs = [(mode + syntax, line * 2) for mode in modes for line in lines]
    jobs += [(mode + syntax + [era], ''.join(lines)) for mode in modes for era in eras(headers)]
    jobs += [(mode + ['-c', '-fPIC', '-o', '/dev/null'], USE) for mode in modes]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(compile_text, jobs))
        results += pool.map(link_copies, sys.argv[split + 1:])
    failures = [result for result in results if result[0] != 0]
    for _, command, output in failures:
        print(command, output, sep='\n')
    print('%d compilations of %d headers, %d failed' % (len(results), len(headers), len(failures)))
    return bool(failures)


if __name__ == '__main__':
    sys.exit(main())
