#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kalloc-kcc with a kernel tree says in one line what is wrong with the request and what to
do: no tree, one that is none, too old or without sources, a file or a header that nobody
has, an option that the layer cannot have. One that it can is the layer's, too. What
--cflags and --libs print compiles and links a KUnit suite that runs. And a program's files
are read and written by --cat and --write, and by code of the C library's that is linked
into the program.

usage: kcc.py KALLOC-KCC WORK-DIR COMPILER...
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import run as kernel_tests

FOLDER = pathlib.Path(__file__).resolve().parent
VERSION = '6.1'

# Latin-1, which is no UTF-8.
MAKEFILE = '# caf\xe9\nVERSION = %d\nPATCHLEVEL = %d\nSUBLEVEL = 0\n'
HEADERS = ('include/linux/kconfig.h', 'include/linux/compiler_types.h')
SOURCES = (*HEADERS, 'lib/vsprintf.c')

# A tree: its name, its Makefile, the other files (empty); what is said of it.
TREES = [
    ('nowhere', None, None, r'nowhere: no such kernel tree; unpack one \(.*\) and name it .*'),
    ('no-makefile', None, SOURCES, r'no-makefile: no kernel tree, it lacks Makefile; name the .*'),
    ('other', MAKEFILE % (6, 1), (), r'other: .* lacks include/linux/kconfig\.h; name the top .*'),
    ('unnumbered', 'all:\n', SOURCES, r'unnumbered/Makefile: says no VERSION; name the top .*'),
    ('old', MAKEFILE % (5, 10), SOURCES,
     r'old: Linux 5\.10 is too old; take a tree of 6\.1 or later'),
    ('headers', MAKEFILE % (6, 1), HEADERS,
     r'headers: has headers only; unpack the sources \(Debian: linux-source-6\.1\) and name .*'),
]

# With a tree in which nothing is wrong: arguments, and what is said.
REQUESTS = [
    ([], r'no files to compile; name some, such as lib/test_xarray\.c'),
    (['lib/none.c'], r'lib/none\.c: no such file, neither here nor in \S*good'),
    (['-c', 'SOURCE'], r'\S*source\.c: needs <linux/nobody_has_this\.h>, which neither the tree '
     r'nor kalloc has; write one in a folder of yours and add -- -IFOLDER'),
    (['-c', 'HOSTED'], r'\S*hosted\.c: needs <stdio\.h>, which is the C library\'s and not for .*; '
     r'compile what needs it apart, with cc -c, and name its object, too'),
    (['-c', 'OWN'], r'\S*own\.c: needs "mine\.h", which is in none of the .*; add -- -IFOLDER'),
    (['SOURCE'], r'\S*good: not whole, it lacks <\S+\.h>, which kalloc needs \(\S+\.c\); '
     r'unpack all of the sources'),
    (['-c', 'EMPTY', '--', '-Wall', '-o', 'two'],
     r'-o: after -- it is the compiler\'s; write it before that'),
    (['-c', 'EMPTY', '--', '-fsyntax-only'],
     r'\S*empty\.c: the compiler makes no object with -fsyntax-only; leave out what stops it .*'),
    (['two.txt'], r'two\.txt: neither a source \(\.c\) nor an object \(\.o, \.a\); .* after --'),
    (['-c', 'SOURCE', 'SOURCE'], r'-c takes one file of sources'),
    (['--cflags', 'SOURCE'], r'--cflags, --libs and --layer take no files: \S*source\.c'),
    (['-DKALLOC_LINUX_VERSION=1', 'SOURCE'],
     r'KALLOC_LINUX_VERSION is the tree\'s with --ktree; leave out one of them'),
    (['SOURCE', '-o', '/proc/self/program'], r'/proc/self/program: cannot be written: .*'),
    (['SOURCE', '-o', 'no-folder/program'], r'no-folder: no such folder; make it, or name .*'),
    (['SOURCE', '-o', '/'], r'/: is a folder; name a file with -o'),
    (['-c', 'SOURCE', '-o', 'no-folder/x.o'], r'no-folder: no such folder; make it, or name .*'),
    (['-j', '0', 'SOURCE'], r'-j 0: at least one at a time'),
    (['-O', '4', 'SOURCE'], r'-O4: no such level; take 0 to 3, g, s, z or fast'),
    (['--asan', '--tsan', 'SOURCE'], r'--asan and --tsan exclude each other; compile a program .*'),
    (['--library', 'no.so', 'SOURCE'], r'no\.so: no such library; name a libkalloc\.so with .*'),
    (['-DCONFIG_HZ=100', 'SOURCE'], r'-DCONFIG_HZ=100: kalloc\'s configuration has CONFIG_HZ 250; '
     r'leave it out'),
    (['-DCONFIG_SMP=0', '--cflags'],
     r'-DCONFIG_SMP=0: kalloc\'s configuration has CONFIG_SMP 1; leave it out'),
    (['-DCONFIG_LOCKDEP', 'SOURCE'], r'-DCONFIG_LOCKDEP: kalloc has no lockdep; leave it out'),
    (['-DCONFIG_PREEMPT_RT=1', '--libs'], r'-DCONFIG_PREEMPT_RT=1: kalloc\'s threads .*; leave .*'),
    (['--cc', 'no-such-cc', 'SOURCE'], r'no-such-cc: no such compiler; install it, or name .*'),
]

# Arguments of files/numbers.c, what is printed then, and the exit status.
CLEAN = 'kalloc: warnings seen 0, expected 0; cases passed 0, failed 0; live 0\n'
FACTOR = '/sys/kernel/debug/numbers/factor'
FILES = [
    (['--cat=/proc/numbers'], '2 4 6\n' + CLEAN, 0),
    (['--cat=/proc/numbers', '--write=%s=7' % FACTOR, '--cat=/proc/numbers', '--cat=' + FACTOR],
     '2 4 6\n7 14 21\n7\n' + CLEAN, 0),
    (['keeps=1', '--cat=' + FACTOR], r'2\n(kalloc: live: \S+ \d+\n)+kalloc: warnings seen 0, .* '
     r'live [1-9]\d*\n.*\n', 1),
    (['--cat=/proc/sys/vm/min_free_kbytes'], r'\d+\n' + CLEAN, 0),
    (['--cat=/proc/nobody'], 'kalloc: --cat=/proc/nobody: error -2\n' + CLEAN, 1),
    (['--cat=/proc'], 'kalloc: --cat=/proc: error -21\n' + CLEAN, 1),
    (['--write=%s=many' % FACTOR], r'kalloc: --write=\S*factor: error -22\n' + CLEAN, 1),
    (['--write=/proc/numbers'], 'kalloc: --write=/proc/numbers: no =TEXT\n' + CLEAN, 1),
]


def command(*words):
    return subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def tree_make(folder, makefile, names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('')
    folder.mkdir(exist_ok=True)
    if makefile:
        (folder / 'Makefile').write_text(makefile, encoding='latin-1')
    return folder


def refusal(what, done, pattern):
    good = (done.returncode == 1 and not done.stdout and
            re.fullmatch(r'kalloc-kcc: \S*' + pattern + r'\n', done.stderr))
    if not good:
        print('%s: status %d\n%s%s' % (what, done.returncode, done.stdout, done.stderr))
    return not good


def refusals(kcc, compiler, where):
    bad = 0
    for name, makefile, names, pattern in TREES:
        if names is not None:
            tree_make(where / name, makefile, names)
        bad += refusal(name, command(kcc, '--ktree', where / name, '--cc', compiler, 'x.c'),
                       pattern)
    tree = tree_make(where / 'good', MAKEFILE % (6, 1), SOURCES)
    sources = {}
    for word, text in (('SOURCE', '#include <linux/nobody_has_this.h>\n'),
                       ('HOSTED', '#include <stdio.h>\n'), ('OWN', '# include "mine.h"\n'),
                       ('EMPTY', '\n')):
        sources[word] = where / (word.lower() + '.c')
        sources[word].write_text(text)
    for arguments, pattern in REQUESTS:
        arguments = [sources.get(word, word) for word in arguments]
        bad += refusal(arguments, command(kcc, '--ktree', tree, '--cc', compiler, *arguments),
                       pattern)
    return bad


def unwrapped(kcc, compiler, where, tree):
    """A program of two steps, neither of them kalloc-kcc's."""
    flags = {}
    for name in ('--cflags', '--libs'):
        done = command(kcc, '--ktree', tree, '--cc', compiler, name)
        if done.returncode:
            print(done.stderr)
            return 1
        flags[name] = shlex.split(done.stdout)
    program = where / 'program'
    for step in ([compiler, '-c', FOLDER / 'slab_kunit.c', '-o', where / 'part.o',
                  *flags['--cflags']],
                 [compiler, where / 'part.o', '-o', program, *flags['--libs']],
                 [program]):
        done = command(*step)
        if done.returncode:
            print(step[0], done.stdout, done.stderr, sep='\n')
            return 1
    if 'cases passed 1, failed 0; live 0' not in done.stdout:
        print(done.stdout)
        return 1
    return 0


def options(kcc, compiler, where, tree):
    """An option of the layer's files: of them one is compiled anew, once, and does what it does
    with the option. One that is the layer's own costs nothing."""
    program, bad = where / 'options', 0
    words = [kcc, '--ktree', tree, '--cc', compiler]
    libs = shlex.split(command(*words, '--libs', '-DCONFIG_DEBUG_DEVRES').stdout)
    shutil.rmtree(next(pathlib.Path(word).parent for word in libs if word.endswith('/layer.a')))
    for option, nr_compiled, logs in (('-DCONFIG_SMP', 1, False),
                                      ('-DCONFIG_DEBUG_DEVRES', 2, True),
                                      ('-DCONFIG_DEBUG_DEVRES', 1, True)):
        built = command(*words, '--verbose', option, FOLDER / 'devres_kunit.c', '-o', program)
        ran = command(program, *(['devres.log=1'] if logs else []))
        if (built.returncode or built.stderr.count(' -c ') != nr_compiled or ran.returncode or
                ('DEVRES ADD' in ran.stdout) != logs):
            bad += 1
            print('%s: %d compiled' % (option, built.stderr.count(' -c ')),
                  built.stderr[-2000:], ran.stdout[-2000:], sep='\n')
    return bad


def files(kcc, compiler, where, tree):
    program, beside = where / 'files', where / 'beside'
    numbers = FOLDER / 'files/numbers.c'
    include = FOLDER.parent.parent / 'compat/host/include'
    # Somebody else's, whatever it is called.
    others = where / 'files.d' / 'theirs'
    others.parent.mkdir()
    others.write_text('theirs')
    for step in ([kcc, '--ktree', tree, '--cc', compiler, numbers, '-o', program],
                 [compiler, '-c', '-I', include, FOLDER / 'files/beside.c', '-o', where / 'b.o'],
                 [kcc, '--ktree', tree, '--cc', compiler, numbers, where / 'b.o', '-o', beside]):
        done = command(*step)
        if done.returncode or done.stderr:
            print(*step, done.stderr)
            return 1
    bad = 0
    if not others.is_file() or list(where.glob('.kalloc-kcc-*')):
        bad += 1
        print('what is beside a program is not as it was')
    runs = [(program, *run) for run in FILES] + [(beside, [], 'beside: 5 10 15\n' + CLEAN, 0)]
    for file, words, pattern, status in runs:
        done = command(file, *words)
        if done.returncode != status or not re.fullmatch(pattern, done.stdout):
            bad += 1
            print('%s %s: status %d\n%s%s' % (file.name, words, done.returncode, done.stdout,
                                             done.stderr))
    return bad


def main():
    kcc, work = sys.argv[1:3]
    bad = 0
    for compiler in sys.argv[3:]:
        with tempfile.TemporaryDirectory() as where:
            bad += refusals(kcc, compiler, pathlib.Path(where))
            tree = kernel_tests.unpack(VERSION, pathlib.Path(work))
            if tree:
                bad += unwrapped(kcc, compiler, pathlib.Path(where), tree)
                bad += files(kcc, compiler, pathlib.Path(where), tree)
                bad += options(kcc, compiler, pathlib.Path(where), tree)
            else:
                print('no linux-source-%s: no program is made' % VERSION)
    print('%d failed' % bad)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
