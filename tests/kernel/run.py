#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kernel files compile unmodified over libkalloc and pass the kernel's own tests: rows.tsv.

The sources are those of Debian's packages linux-source-*; what is needed of them is
unpacked under DIR. A row is good if as many checks were run and passed as the table says,
as many warnings were seen as are expected, and nothing was left allocated. One line is
printed for each. The exit status is 77 where the package is missing.

usage: run.py --kcc KALLOC-KCC --work DIR [--version 6.1] [--cc gcc] [--sanitizer asan]
              [--library LIBKALLOC] [ROW...]
"""
import argparse
import fcntl
import mmap
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = pathlib.Path('/usr/src')
PARTS = ('Makefile', 'include/', 'lib/', 'mm/', 'kernel/', 'drivers/base/',
         'tools/testing/selftests/kselftest_module.h', 'scripts/dtc/libfdt/')
LIMIT_S = 600
SKIPPED = 77

# Which rows a sanitizer is for: the others are the same code again.
SANITIZED = {'asan': {'xarray', 'ida', 'meminit-alloc', 'meminit-free', 'mempool', 'overflow'},
             'tsan': {'rhashtable', 'vmalloc-1', 'vmalloc-4'}}
FLAGS = {'': [], 'asan': ['--asan', '--ubsan'], 'tsan': ['--tsan']}
REPORTS = re.compile(r'runtime error:|ERROR: \w+Sanitizer|WARNING: ThreadSanitizer')

COLUMNS = '%-14s %-7s %-6s %-5s %19s  %9s  %4s  %6s  %s'


def count_of(text):
    found = re.findall(r'(\d+) of (\d+) tests passed', text)
    return tuple(map(int, found[-1])) if found else (0, 0)


def count_kunit(text):
    passed, failed = re.search(r'cases passed (\d+), failed (\d+)', text).groups()
    return int(passed), int(passed) + int(failed)


def count_exits(text):
    return len(re.findall(r'^(?:\w+: )?test exit$', text, flags=re.M)), 2


def count_rhashtable(text):
    found = re.search(r'Started (\d+) threads, (\d+) failed, rhltable test returns (-?\d+)', text)
    if not found or int(found.group(3)):
        return 0, 0
    return int(found.group(1)) - int(found.group(2)), int(found.group(1))


def count_meminit(text):
    found = re.findall(r'all (\d+) tests passed!', text)
    return (int(found[-1]), int(found[-1])) if found else (0, 0)


def count_all(text):
    found = re.findall(r'all (\d+) tests passed', text)
    return (int(found[-1]), int(found[-1])) if found else (0, 0)


def count_percpu(text):
    return text.count('percpu test done'), 1


def count_completed(text):
    return text.count('Test completed'), 1


def count_vmalloc(text):
    """A test that cannot pass asks for an alignment of 1 << 63."""
    passed = run = 0
    for name, good, bad in re.findall(r'Summary: (\w+) passed: (\d+) failed: (\d+)', text):
        if int(bad) and name != 'align_shift_alloc_test':
            return 0, 0
        passed += int(good)
        run += int(good) + int(bad)
    return passed, run


def count_held(text):
    """vmalloc's tests, when each area that they want is there."""
    return (0, 0) if 'vmalloc error' in text else count_vmalloc(text)


COUNTS = {name[len('count_'):]: function for name, function in list(globals().items())
          if name.startswith('count_')}


def read_rows():
    rows = []
    for line in (HERE / 'rows.tsv').read_text().splitlines():
        if not line.startswith('#'):
            name, files, flags, arguments, warns, count, expected = line.split('\t')
            rows.append((name, files.split(), flags.split(), arguments.split(), int(warns),
                         COUNTS[count], dict(word.split('=') for word in expected.split())))
    return rows


MADV_GUARD_INSTALL = 102


def has_guards():
    """Whether this host's page tables can have markers for files: Linux 6.15."""
    with mmap.mmap(-1, mmap.PAGESIZE) as memory:
        try:
            memory.madvise(MADV_GUARD_INSTALL)
        except OSError:
            return False
    return True


# What a row wants of the host.
NEEDS = {'vmalloc-held': has_guards}


def unpack(version, work):
    """The tree of a version, or None."""
    package = PACKAGES / ('linux-source-%s.tar.xz' % version)
    if not package.is_file():
        return None
    work.mkdir(parents=True, exist_ok=True)
    tree = work / ('linux-source-%s' % version)
    with open(work / ('lock-%s' % version), 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = tree / '.unpacked'
        if (done.exists() and done.stat().st_mtime >= package.stat().st_mtime
                and done.read_text() == ' '.join(PARTS)):
            return tree
        with tarfile.open(package, 'r|xz') as archive:
            for member in archive:
                inside = member.name.partition('/')[2]
                if inside.startswith(PARTS):
                    archive.extract(member, work)
        done.write_text(' '.join(PARTS))
    return tree


def of_version(words, version):
    """Those of all versions, and of this one: 6.12:--live=1."""
    split = [re.fullmatch(r'(?:(\d+\.\d+):)?(.*)', word).groups() for word in words]
    return [word for only, word in split if only in (None, version)]


def run_row(row, tree, args, program):
    name, files, flags, arguments, warns, count, expected = row
    sources = [str(ROOT / file) if (ROOT / file).is_file() else file for file in files]
    command = [args.kcc, '--ktree', str(tree), '--cc', args.cc, '--quiet', '-o', str(program),
               *FLAGS[args.sanitizer], *(['--library', args.library] if args.library else []),
               *flags, *sources]
    built = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if built.returncode:
        return False, '-', '-', '-', 0, built.stdout
    began = time.monotonic()
    # ThreadSanitizer of clang 14 needs its addresses free, which randomizing does not promise.
    fixed = ['setarch', os.uname().machine, '-R'] if args.sanitizer == 'tsan' else []
    # The machine's parameters are words, which a table cannot have in one argument.
    words = [word.replace(',', ' ') if word.startswith('--machine=') else word
             for word in of_version(arguments, args.version)]
    environment = dict(os.environ, TSAN_OPTIONS='suppressions=%s history_size=4'
                       % (HERE / 'tsan.supp'))
    try:
        done = subprocess.run([*fixed, str(program), '--warns=%d' % warns, *words], text=True,
                              errors='replace', stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=LIMIT_S, env=environment)
        text, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        text, status = (late.stdout or b'').decode(errors='replace'), 'no end'
    seconds = time.monotonic() - began
    verdict = re.search(r'warnings seen (\d+), expected.* live (\d+)', text)
    if not verdict:
        return False, '-', '-', '-', seconds, 'exit status %s\n%s' % (status, text)
    checks = '%d/%d' % count(text)
    good = status == 0 and checks in expected.get(args.version, '').split(',') and not REPORTS.search(text)
    return (good, checks, '%s/%d' % (verdict.group(1), warns), verdict.group(2), seconds,
            '' if good else text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kcc', required=True)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    parser.add_argument('--version', default='6.1')
    parser.add_argument('--cc', default='gcc')
    parser.add_argument('--sanitizer', default='', choices=list(FLAGS))
    parser.add_argument('--library', default='')
    parser.add_argument('rows', nargs='*')
    args = parser.parse_args()

    tree = unpack(args.version, args.work)
    if tree is None:
        print('no %s/linux-source-%s.tar.xz: install the package linux-source-%s'
              % (PACKAGES, args.version, args.version))
        return SKIPPED
    rows = [row for row in read_rows()
            if (not args.rows or row[0] in args.rows)
            and row[0] in SANITIZED.get(args.sanitizer, {row[0]})]
    assert rows, 'no such row'
    print(COLUMNS % ('test', 'kernel', 'cc', 'sanit', 'checks passed/run', 'WARN/exp', 'live',
                     'time', 'files'))
    bad = 0
    for row in rows:
        if row[0] in NEEDS and not NEEDS[row[0]]():
            print('%s: left out, this host lacks what it needs (README.md)' % row[0])
            continue
        program = args.work / ('%s-%s-%s%s' % (row[0], args.version, args.cc, args.sanitizer))
        good, checks, warns, live, seconds, text = run_row(row, tree, args, program)
        bad += not good
        print(COLUMNS % (row[0], args.version, args.cc, args.sanitizer or '-', checks, warns,
                         live, '%.1f s' % seconds, ' '.join(row[1])), flush=True)
        if not good:
            print('FAILED: expected %s\n%s' % (row[6].get(args.version), text[-4000:]), flush=True)
    print('%d rows, %d failed' % (len(rows), bad))
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
