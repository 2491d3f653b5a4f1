#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kernel files compile unmodified over libkalloc and pass the kernel's own tests: rows.tsv.

The sources are those of Debian's packages linux-source-*; what is needed of them is
unpacked under DIR. A row is good if as many checks were run and passed as the table says,
as many warnings were seen as are expected, nothing was left behind, and every failure
of a request that was tried (--sweep) was survived or is one of known.tsv, all of which
happened. One line is printed for each. The exit status is 77 where a package is missing.

usage: run.py --kcc KALLOC-KCC --work DIR [--run VERSION:COMPILER[:SANITIZER]]...
              [--library LIBKALLOC] [--tsan-library LIBKALLOC] [--sweep none|small|all] [ROW...]
"""
import argparse
import concurrent.futures
import fcntl
import mmap
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = pathlib.Path('/usr/src')
PARTS = ('Makefile', 'include/', 'lib/', 'mm/', 'kernel/', 'drivers/base/', 'fs/debugfs/',
         'fs/seq_file.c',
         'tools/testing/selftests/kselftest_module.h', 'scripts/dtc/libfdt/')
LIMIT_S = 600
SKIPPED = 77

# Which rows a sanitizer is for: the others are the same code again, and what spins or counts
# plainly, as locks do, is nothing for ThreadSanitizer. LAYER: what is under all of them.
LAYER = {'cpu', 'cpuhp', 'hrtimer', 'pinned', 'rcu'}
SANITIZED = {'asan': LAYER | {'xarray', 'ida', 'meminit-alloc', 'meminit-free', 'mempool',
                              'overflow', 'files', 'procfs', 'uaccess', 'fault', 'devres',
                              'tracepoint', 'locks', 'workqueue'},
             'tsan': LAYER | {'rhashtable', 'vmalloc-1', 'vmalloc-4'}}
FLAGS = {'': [], 'asan': ['--asan', '--ubsan'], 'tsan': ['--tsan']}
REPORTS = re.compile(r'runtime error:|ERROR: \w+Sanitizer|WARNING: ThreadSanitizer')

COLUMNS = '%-14s %-6s %-5s %-5s %19s  %8s  %4s %7s  %15s %5s %8s %7s  %s'
TITLES = ('test', 'kernel', 'cc', 'sanit', 'checks passed/run', 'WARN/exp', 'live', 'time',
          'survived/failed', 'known', 'requests', 'sweep', 'files')

# What a sweep says.
SUMMARY = re.compile(r'^kalloc: (\d+) requests from (\d+) call stacks; failed one by one (\d+), '
                     r'survived (\d+), to the end (\d+), not made (\d+)$', flags=re.M)
TROUBLE = re.compile(r'^kalloc: request (\d+) fails, of (.*)\n'
                     r'kalloc:   (.*) \((\d+) requests\)$', flags=re.M)
SWEEP_LIMIT_S = 4 * 3600


def count_of(text):
    found = re.findall(r'(\d+) of (\d+) tests passed', text)
    return tuple(map(int, found[-1])) if found else (0, 0)


def count_kunit(text):
    passed, failed = re.search(r'cases passed (\d+), failed (\d+)', text).groups()
    return int(passed), int(passed) + int(failed)


def count_again(text):
    """Modules that end with -EAGAIN, so as not to stay."""
    return len(re.findall(r'^kalloc: \w+ returned -11$', text, flags=re.M)), 2


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


class Row:
    def __init__(self, line):
        words = line.split('\t')
        self.name, files, flags, arguments, self.warns, count, expected = words[:7]
        self.files, self.flags = files.split(), flags.split()
        # The machine's parameters are words, which a table cannot have in one argument.
        self.words = ['--warns=' + self.warns] + [
            word.replace(',', ' ') if word.startswith('--machine=') else word
            for word in arguments.split()]
        self.count = COUNTS[count]
        self.expected = dict(word.split('=') for word in expected.split())
        # Each so many-th request is to fail; a small row is swept in every run of this file.
        sweep = (words[7:] or [''])[0].split()
        self.step, self.is_small = (sweep or [''])[0], 'small' in sweep

    def arguments(self, version):
        """Those of all versions, and of this one: 6.12:--live=1."""
        split = [re.fullmatch(r'(?:(\d+\.\d+):)?(.*)', word).groups() for word in self.words]
        return [word for only, word in split if only in (None, version)]


def read_table(name):
    return [line for line in (HERE / name).read_text().splitlines() if not line.startswith('#')]


class Known:
    """A failure that some file of the kernel's does not survive."""

    def __init__(self, line):
        rows, versions, asked, outcome, *self.where = line.split('\t')
        self.rows, self.versions = rows.split(), versions.split()
        self.is_sure = 'maybe' not in self.versions
        self.asked, self.outcome = asked.split(), outcome.split()
        self.nr = 0

    def is_for(self, row, version):
        return row in self.rows and version in self.versions

    def is_like(self, asked, outcome, sanitizer):
        if not is_part(self.asked, functions(asked)):
            return False
        if self.outcome == ['left']:
            return outcome.endswith(' left behind')
        found = re.fullmatch(r'ended by signal (\d+) in (.*)', outcome)
        signals = self.outcome[1:2] + (['%d' % signal.SIGABRT] if sanitizer else [])
        return bool(found) and found.group(1) in signals and \
            is_part(self.outcome[2:], functions(found.group(2)))


def functions(stack):
    """Names without offsets, and without what a compiler appends."""
    return [re.split(r'[.+]', name)[0] for name in stack.split(' < ')]


def is_part(few, many):
    """Whether all of few stand in many, in that order."""
    rest = iter(many)
    return all(name in rest for name in few)


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


class Run:
    """One version, compiler and sanitizer."""

    def __init__(self, args, version, cc, sanitizer=''):
        self.args, self.version, self.cc, self.sanitizer = args, version, cc, sanitizer
        self.library = args.tsan_library if sanitizer == 'tsan' else args.library
        self.tree = unpack(version, args.work)

    def rows(self):
        for line in read_table('rows.tsv'):
            row = Row(line)
            if ((not self.args.rows or row.name in self.args.rows)
                    and row.name in SANITIZED.get(self.sanitizer, {row.name})):
                if row.name in NEEDS and not NEEDS[row.name]():
                    print('%s: left out, this host lacks what it needs (README.md)' % row.name)
                    continue
                yield row

    def is_swept(self, row):
        """Long sweeps with gcc only: another one's code makes nearly the same requests."""
        if not row.step or self.sanitizer == 'tsan':
            return False
        if row.is_small:
            return self.args.sweep != 'none'
        return self.args.sweep == 'all' and self.cc == 'gcc'

    def compile(self, row):
        sources = [str(ROOT / file) if (ROOT / file).is_file() else file for file in row.files]
        command = [self.args.kcc, '--ktree', str(self.tree), '--cc', self.cc, '--quiet',
                   '-o', str(self.program(row)), *FLAGS[self.sanitizer],
                   *(['--library', self.library] if self.library else []), *row.flags, *sources]
        return subprocess.run(command, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def execute(self, program, *arguments, limit=LIMIT_S, **environment):
        """What a program prints, its status, and how long it took."""
        # ThreadSanitizer of clang 14 needs its addresses free, which randomizing does not promise.
        fixed = ['setarch', os.uname().machine, '-R'] if self.sanitizer == 'tsan' else []
        environment = dict(os.environ, TSAN_OPTIONS='suppressions=%s history_size=4'
                           % (HERE / 'tsan.supp'), **environment)
        began = time.monotonic()
        try:
            done = subprocess.run([*fixed, str(program), *arguments], text=True,
                                  errors='replace', stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=limit, env=environment)
            text, status = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            text, status = (late.stdout or b'').decode(errors='replace'), 'no end'
        return text, status, time.monotonic() - began

    def line(self, row, *columns):
        print(COLUMNS % (row.name, self.version, self.cc, self.sanitizer or '-', *columns,
                         ' '.join(row.files)), flush=True)

    def plain(self, row, program):
        """Run it as it is. Return: whether it is good, its columns, what there is to say."""
        text, status, seconds = self.execute(program, *row.arguments(self.version))
        verdict = re.search(r'warnings seen (\d+), expected.* live (\d+)', text)
        if not verdict:
            return False, ['-', '-', '-', '-'], 'exit status %s\n%s' % (status, text)
        checks = '%d/%d' % row.count(text)
        good = (status == 0 and checks in row.expected.get(self.version, '').split(',')
                and not REPORTS.search(text))
        return good, [checks, '%s/%s' % (verdict.group(1), row.warns), verdict.group(2),
                      '%.1f s' % seconds], '' if good else text

    def sweep(self, row, program):
        """Let its requests fail, one by one. Return: as plain()."""
        # What a sanitizer finds is to end an attempt where it is found, by SIGABRT.
        text, status, seconds = self.execute(program, *row.arguments(self.version),
                                             '--fail-each=' + row.step, limit=SWEEP_LIMIT_S,
                                             ASAN_OPTIONS='abort_on_error=1',
                                             UBSAN_OPTIONS='halt_on_error=1:abort_on_error=1')
        summary = SUMMARY.search(text)
        if not summary:
            return False, ['-', '-', '-', '-'], 'exit status %s\n%s' % (status, text)
        requests, _, tried, survived, _, _ = map(int, summary.groups())
        unknown, said = 0, ''
        known = [Known(line) for line in read_table('known.tsv')]
        known = [each for each in known if each.is_for(row.name, self.version)]
        for number, asked, outcome, nr in TROUBLE.findall(text):
            like = [each for each in known if each.is_like(asked, outcome, self.sanitizer)]
            if like:
                like[0].nr += int(nr)
            else:
                unknown += int(nr)
                said += 'request %s fails, of %s\n  %s (%s requests)\n' % (number, asked,
                                                                          outcome, nr)
        for each in known:
            if each.is_sure and not each.nr:
                said += 'known, and did not happen: %s\n' % ': '.join(each.where)
        nr_known = sum(each.nr for each in known)
        good = not said and tried and survived + nr_known == tried
        return good, ['%d/%d' % (survived, tried), nr_known, requests, '%.0f s' % seconds], \
            said or ('' if good else text)

    def program(self, row):
        return self.args.work / ('%s-%s-%s%s' % (row.name, self.version, self.cc, self.sanitizer))

    def all(self):
        """Whether each row is good: the next ones are compiled while one runs."""
        rows = list(self.rows())
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for row, built in zip(rows, pool.map(self.compile, rows)):
                yield self.one(row, built)

    def one(self, row, built):
        """Return: whether a row, which has been compiled, is good."""
        program = self.program(row)
        if built.returncode:
            self.line(row, *'-' * 8)
            print('FAILED: does not compile\n%s' % built.stdout[-4000:], flush=True)
            return False
        good, columns, said = self.plain(row, program)
        swept, more = True, ['-'] * 4
        if good and self.is_swept(row):
            swept, more, said = self.sweep(row, program)
        self.line(row, *columns, *more)
        if not good or not swept:
            print('FAILED: expected %s\n%s' % (row.expected.get(self.version), said[-4000:]),
                  flush=True)
        return good and swept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kcc', required=True)
    parser.add_argument('--work', type=pathlib.Path, required=True)
    parser.add_argument('--run', dest='runs', action='append', metavar='VERSION:CC[:SANITIZER]')
    parser.add_argument('--library', default='')
    parser.add_argument('--tsan-library', default='')
    parser.add_argument('--sweep', default='none', choices=['none', 'small', 'all'])
    parser.add_argument('rows', nargs='*')
    args = parser.parse_args()

    nr = bad = 0
    skipped = False
    print(COLUMNS % TITLES)
    for words in args.runs or ['6.1:gcc']:
        run = Run(args, *words.split(':'))
        if run.tree is None:
            print('no %s/linux-source-%s.tar.xz: install the package linux-source-%s'
                  % (PACKAGES, run.version, run.version))
            skipped = True
            continue
        for good in run.all():
            nr += 1
            bad += not good
    if not nr and not skipped:
        print('no such row')
        return 1
    print('%d rows, %d failed' % (nr, bad))
    return bool(bad) or (SKIPPED if skipped else 0)


if __name__ == '__main__':
    sys.exit(main())
