#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of each hot path and compares them with ceilings: unlike time,
they are the same in every run.

The program "paths" goes a path N times and then 2 N times under callgrind; the difference,
divided by N, is one time, without start-up and warming. Under Valgrind there are no
restartable sequences, so where the library has a path with them, its twin with locks is
counted.

The ceilings hold for gcc with optimization and without checks; for anything else, and where
there is no Valgrind, the exit status is 77 (skipped).

usage: count.py PATHS CEILINGS [REASON-TO-SKIP]
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

TIMES = 1000
SKIPPED = 77


def collected(program, path, times):
    command = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', program, path,
               str(times)]
    # Not the host's number of CPUs, on which sizes of slabs depend.
    environment = dict(os.environ, KALLOC_CMDLINE='mem=1G nr_cpus=4')
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment)
    found = re.search(r'Collected : (\d+)', done.stdout)
    if done.returncode or not found:
        raise RuntimeError('%s\n%s' % (' '.join(command), done.stdout))
    return int(found.group(1))


def instructions(program, path):
    return (collected(program, path, 2 * TIMES) - collected(program, path, TIMES)) / TIMES


def ceilings_of(file):
    lines = [line for line in pathlib.Path(file).read_text().splitlines()
             if line and not line.startswith('#')]
    return {path: float(ceiling) for path, ceiling in (line.split('\t') for line in lines)}


def main():
    program, file = sys.argv[1:3]
    reason = ''.join(sys.argv[3:]) or ('' if shutil.which('valgrind') else 'no valgrind here')
    if reason:
        print('skipped: ' + reason)
        return SKIPPED
    ceilings = ceilings_of(file)
    paths = subprocess.run([program, '--list'], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(lambda path: instructions(program, path), paths))

    print('%-20s %12s %8s' % ('path', 'instructions', 'ceiling'))
    for path, count in zip(paths, counts):
        ceiling = ceilings.get(path)
        verdict = '' if ceiling is not None and count <= ceiling else '  too many'
        print('%-20s %12.1f %8s%s' % (path, count, '-' if ceiling is None else '%g' % ceiling,
                                      verdict))
    for path in sorted(set(ceilings) - set(paths)):
        print('%s: a ceiling without a path' % path)
    return not (set(ceilings) == set(paths) and
                all(count <= ceilings[path] for path, count in zip(paths, counts)))


if __name__ == '__main__':
    sys.exit(main())
