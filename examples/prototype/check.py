#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The README's commands do what it says: the first finds the bug of lifo.c, the second
finds none once nodes are freed after a grace period. Each program runs several times.

usage: check.py KALLOC-KCC BUILD-DIR [RUNS]

Exit status: 0 so it is, 1 it is not, 77 there are no kernel sources or no liburcu here.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / 'tests/kernel'))
import run as kernel_tests  # noqa: E402

CLEAN = re.compile(r'^kalloc: warnings seen 0, expected 0; .* live 0$', flags=re.M)
# Where nobody owns the node that a pop looks at, or where the module counts.
FOUND = re.compile(r'AddressSanitizer: .*\n(?:.*\n)*.* in pop .*lifo\.c|WARNING: .*lifo\.c')


def commands():
    """Pairs of what builds a program and what runs it."""
    text = (HERE / 'README.md').read_text()
    return re.findall(r'^\$ (kalloc-kcc .*) && (\./.*)$', text, flags=re.M)


def shell(command, where, environment):
    return subprocess.run(command, shell=True, cwd=where, env=environment, text=True,
                          errors='replace', stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def missing_host():
    """What the layer needs besides the sources, in one line."""
    found = subprocess.run(['gcc', '-E', '-include', 'urcu-bp.h', '-x', 'c', '/dev/null'],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return found.returncode and 'no liburcu: install liburcu-dev'


def caught(run):
    return run.returncode != 0 and FOUND.search(run.stdout)


def passed(run):
    return run.returncode == 0 and CLEAN.search(run.stdout)


def check(where, environment, runs):
    for (build, command), good in zip(commands(), (caught, passed)):
        built = shell(build, where, environment)
        if built.returncode:
            print('%s\n%s' % (build, built.stdout))
            return False
        for number in range(1, runs + 1):
            run = shell(command, where, environment)
            if not good(run):
                print('%s\nrun %d, status %d:\n%s' % (command, number, run.returncode, run.stdout))
                return False
        print('%s: %s, %d times' % (build, good.__name__, runs))
    return True


def main():
    kcc, build = map(pathlib.Path, sys.argv[1:3])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    tree = kernel_tests.unpack('6.1', build / 'kernel')
    missing = missing_host() if tree else 'no kernel sources: install linux-source-6.1'
    if missing:
        print('skipped: %s' % missing)
        return kernel_tests.SKIPPED
    if len(commands()) != 2:
        print('README.md has not two commands')
        return 1
    environment = dict(os.environ, KTREE=str(tree.resolve()),
                       PATH='%s:%s' % (kcc.resolve().parent, os.environ['PATH']))
    with tempfile.TemporaryDirectory() as where:
        (pathlib.Path(where) / 'lifo.c').write_text((HERE / 'lifo.c').read_text())
        return 0 if check(where, environment, runs) else 1


if __name__ == '__main__':
    sys.exit(main())
