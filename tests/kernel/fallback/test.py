#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kernel code runs without a kernel tree: with each compiler store.c compiles without a
warning, and ends with no warning seen and nothing left; what wrong.c does is found; what
has changed in time is to era.c as its kernel had it; what there is not is said in one line;
and each header of compat/fallback compiles alone, and
twice.

usage: test.py ROOT KALLOC-KCC LIBRARY COMPILER...
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).parent
SKIPPED = 77

CLEAN = 'kalloc: warnings seen 0, expected 0; cases passed 0, failed 0; live 0'

# What wrong.c is told to do, what is printed then, and the exit status.
WRONGS = [
    ('nothing', CLEAN, 0),
    ('leak', r'kalloc: live: kmalloc-128 1', 1),
    ('warn', r'WARNING: PID: 1 at \S*/wrong\.c:\d+ \S+\+0x\w+\na warning of warn\n', 1),
    ('bug', r'kernel BUG at \S*/wrong\.c:\d+!', -6),
    ('sleep', r'BUG: sleeping function called from invalid context at \S*/wrong\.c:\d+', 1),
    ('refs', r'refcount_t: addition on 0; use-after-free\.', 1),
]

# What is expected to be left, and the exit status.
EXPECTED = [('leak', '1', 0), ('leak', '2', 1), ('nothing', '1', 1), ('nothing', 'none', 2)]

ERA = '-DKALLOC_LINUX_VERSION=KERNEL_VERSION(2, 6, 18)'
REFUSALS = [
    ('missing.c', [], r'missing\.c: needs <linux/workqueue\.h>, .*--ktree'),
    ('missing.c', [ERA], r'missing\.c: needs <linux/workqueue\.h>, which is not .*; write one .*'),
    ('missing.c', ['-DOWN'], r'missing\.c: needs "mine\.h", which is in none .*; add -- -IFOLDER'),
    ('missing.c', ['-DHOSTED'], r'missing\.c: needs <stdio\.h>, which is the C library\'s .*, too'),
    ('undefined.c', [], r'not in kalloc .*: nobody_has_this; .*--ktree'),
    ('undefined.c', [ERA], r'not in kalloc .*: nobody_has_this; name the files that define them'),
    ('absent.c', [], r'absent\.c: no such file; .*--ktree'),
    ('store.c', ['-DKALLOC_LINUX_VERSION=2.6.18'], r'-D\S*=2\.6\.18: no version; write KERNEL_.*'),
    ('store.c', ['-DKALLOC_LINUX_VERSION'], r'-DKALLOC_LINUX_VERSION: no version; write KERNEL_.*'),
]


# Kernels on both sides of each change that era.c knows of; how many checks it makes there.
ERAS = [((2, 6, 5), 26), ((2, 6, 18), 26), ((2, 6, 19), 24), ((2, 6, 22), 24), ((2, 6, 23), 23),
        ((2, 6, 24), 23), ((2, 6, 25), 23), ((2, 6, 27), 23), ((2, 6, 36), 23), ((2, 6, 38), 23),
        ((2, 6, 39), 21), ((3, 3, 0), 21), ((3, 4, 0), 21), ((3, 8, 0), 21), ((3, 9, 0), 21),
        ((4, 0, 0), 21), ((4, 1, 0), 21), ((5, 7, 0), 19), ((5, 8, 0), 19), ((6, 3, 0), 19),
        ((6, 4, 0), 19), ((6, 11, 0), 19), ((6, 12, 0), 19)]


# Of those in asm/ the ones that programs include.
OLD_HEADERS = ['asm/%s.h' % name for name in ('atomic', 'bitops', 'semaphore', 'system')]


def run(*command):
    return subprocess.run([str(part) for part in command], text=True, errors='replace',
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Check:
    def __init__(self, root, kcc, library, compiler, where):
        self.root, self.compiler, self.where = root, compiler, where
        self.kcc = [kcc, '--cc', compiler, '--library', library]
        self.failures = 0

    def that(self, good, what, *outputs):
        if not good:
            self.failures += 1
            print('%s: %s' % (self.compiler, what), *outputs, sep='\n')

    def compile(self, name, *more):
        program = self.where / name[:-2]
        done = run(*self.kcc, FOLDER / name, '-o', program, *more, '--', '-Wall')
        self.that(done.returncode == 0 and not done.stderr, '%s does not compile' % name,
                  done.stderr)
        return program

    def store(self):
        program = self.compile('store.c')
        for arguments in ([], ['rounds=0x200', '--quiet'], ['store.rounds=1000', '--seed=7']):
            done = run(program, *arguments)
            self.that(done.returncode == 0 and CLEAN in done.stdout, 'store %s' % arguments,
                      done.stdout, done.stderr)
            self.that(('store: ends' in done.stdout) != ('--quiet' in arguments),
                      'store %s' % arguments, done.stdout)

    def wrongs(self):
        program = self.compile('wrong.c')
        for what, pattern, status in WRONGS:
            done = run(program, 'what=' + what)
            self.that(re.search(pattern, done.stdout) and done.returncode == status,
                      'wrong %s: status %d' % (what, done.returncode), done.stdout)
        for what, live, status in EXPECTED:
            done = run(program, 'what=' + what, '--live=' + live)
            self.that(done.returncode == status, 'wrong %s, %s expected to be left: status %d'
                      % (what, live, done.returncode), done.stdout)
        done = run(program, 'whatever=1')
        self.that(done.returncode == 2 and 'whatever=1: no such parameter' in done.stdout,
                  'parameter', done.stdout)

    def eras(self):
        for era, nr_checks in ERAS:
            program = self.compile('era.c', '-DKALLOC_LINUX_VERSION=KERNEL_VERSION(%d,%d,%d)' % era)
            code = (era[0] << 16) + (era[1] << 8) + era[2]
            # What a cache may not be destroyed with is reported and warned of.
            nr_warns = 2 if era < (2, 6, 19) else 0
            done = run(program, '--warns=%d' % nr_warns)
            self.that(done.returncode == 0 and 'seen %d, ' % nr_warns in done.stdout and
                      'era: %d checks for %#x\n' % (nr_checks, code) in done.stdout and
                      'invalid context' not in done.stderr,
                      'era %d.%d.%d' % era, done.stdout, done.stderr)

    def refusals(self):
        for name, more, pattern in REFUSALS:
            done = run(*self.kcc, FOLDER / name, '-o', self.where / 'none', *more)
            self.that(done.returncode == 1 and done.stderr.count('\n') == 1 and
                      re.fullmatch('kalloc-kcc: .*' + pattern + r'\n', done.stderr),
                      '%s %s' % (name, more), done.stderr)
        help = run(*self.kcc, '--help').stdout
        self.that('[-- COMPILER-OPTION]' in help and 'What follows --' in help, 'help', help)

    def headers(self):
        fallback = self.root / 'compat/fallback'
        for header in [*sorted(fallback.glob('linux/**/*.h')),
                       *map(fallback.joinpath, OLD_HEADERS)]:
            source = self.where / 'header.c'
            source.write_text('#include <%s>\n' % header.relative_to(fallback) * 2)
            done = run(*self.kcc, '-c', source, '-o', self.where / 'header.o', '--', '-Wall',
                       '-Wextra', '-Wno-unused-parameter')
            self.that(done.returncode == 0 and not done.stderr, header, done.stderr)


def main():
    root, kcc, library = (pathlib.Path(argument) for argument in sys.argv[1:4])
    failures = 0
    if run('pkg-config', '--exists', 'liburcu-bp').returncode:
        print('skipped: no liburcu-bp (Debian: liburcu-dev)')
        return SKIPPED
    for compiler in sys.argv[4:]:
        with tempfile.TemporaryDirectory() as where:
            os.environ['KALLOC_CACHE'] = where + '/cache'
            check = Check(root, kcc, library, compiler, pathlib.Path(where))
            check.store()
            check.wrongs()
            check.eras()
            check.refusals()
            check.headers()
            failures += check.failures
    print('%d failed' % failures)
    return bool(failures)


if __name__ == '__main__':
    sys.exit(main())
