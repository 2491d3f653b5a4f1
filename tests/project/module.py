#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With the library installed somewhere new, each compiler makes a program of a kernel module
with nothing but the variables kernel_cflags and kernel_libs of kalloc.pc; it takes its
parameter, ends clean, and what is lost is told.

usage: module.py ROOT BUILD-DIR COMPILER...
"""
import pathlib
import subprocess
import sys
import tempfile

import readme

SKIPPED = 77
CLEAN = 'kalloc: warnings seen 0, expected 0; cases passed 0, failed 0; live 0'

# Arguments, what is printed then, and the exit status.
RUNS = [
    ([], ['module: 3 items', CLEAN], 0),
    (['count=7'], ['module: 7 items', CLEAN], 0),
    (['count=13'], ['module: 13 items', 'live: kmalloc-32 13'], 1),
    (['--fail-nth=1'], ['request 1 failed', 'returned -12', CLEAN], 0),
    (['count=x'], ['count=x: not a value that it can have'], 2),
]


def variable(name, root, environment):
    prefix = subprocess.run(['pkg-config', '--variable=prefix', 'kalloc'], text=True, check=True,
                            stdout=subprocess.PIPE, env=environment).stdout.strip()
    return subprocess.run(['pkg-config', '--define-variable=prefix=%s%s' % (root, prefix),
                           '--variable=' + name, 'kalloc'], text=True, check=True,
                          stdout=subprocess.PIPE, env=environment).stdout.split()


def check(compiler, source, where, cflags, libs, environment):
    program = where / 'module'
    subprocess.run([compiler, '-c', '-Wall', '-Werror', *cflags, str(source), '-o',
                    str(where / 'module.o')], check=True)
    subprocess.run([compiler, str(where / 'module.o'), *libs, '-o', str(program)], check=True)
    bad = 0
    for arguments, lines, status in RUNS:
        done = subprocess.run([str(program), *arguments], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment)
        if done.returncode != status or not all(line in done.stdout for line in lines):
            bad += 1
            print('%s %s: status %d, not %d with %s:' % (compiler, arguments, done.returncode,
                                                        status, lines), done.stdout, sep='\n')
    return bad


def main():
    root, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as name:
        where = pathlib.Path(name)
        environment = readme.install(build, where / 'installed')
        # pkg-config would put the root before the folders a second time.
        del environment['PKG_CONFIG_SYSROOT_DIR']
        cflags = variable('kernel_cflags', where / 'installed', environment)
        libs = variable('kernel_libs', where / 'installed', environment)
        if not libs:
            print('skipped: no liburcu-bp (Debian: liburcu-dev)')
            return SKIPPED
        bad = sum(check(compiler, root / 'tests/project/module.c', where, cflags, libs, environment)
                  for compiler in sys.argv[3:])
    print('%d failed' % bad)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
