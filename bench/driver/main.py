#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures, compares and reports. scripts/bench builds the programs and runs this.

usage: main.py --check [option...]               only looks at the options
       main.py FOLDER-OF-PROGRAMS [option...]
"""
import fnmatch
import os
import pathlib
import sys
import time

import bars
import contenders
import options
import plots
import report
import rounds

BENCH = pathlib.Path(__file__).resolve().parent.parent
QUICK_MS, FULL_MS = 3, 20
QUICK_ROUNDS, FULL_ROUNDS = 9, 11
QUICK_AT_LEAST = 5
QUICK_SECONDS = 57


def choose(everybody, patterns, error):
    """Leave only the shapes asked for, and glibc's pair, by which Linux's figures scale."""
    if not patterns:
        return
    found = False
    for contender in everybody:
        def is_wanted(shape):
            return any(fnmatch.fnmatch(shape, pattern) or
                       fnmatch.fnmatch('%s:%s' % (contender.name, shape), pattern)
                       for pattern in patterns)
        wanted = [shape for shape in contender.shapes if is_wanted(shape)]
        found = found or bool(wanted)
        if contender.name == 'glibc' and 'pair' not in wanted:
            wanted.append('pair')
        contender.shapes = wanted
    if not found:
        error('--only: no shape matches %s' % ' or '.join(patterns))


def main():
    asked = options.parse(sys.argv[2:], BENCH / 'out')
    if sys.argv[1] == '--check':
        return 0
    # Building is part of the minute, where scripts/bench says when it began.
    began = float(os.environ.get('BENCH_BEGAN', time.time()))
    everybody = contenders.all_of(pathlib.Path(sys.argv[1]), asked.against, asked.error)
    choose(everybody, asked.only, asked.error)

    if asked.quick:
        results = rounds.measure(everybody, QUICK_MS, asked.rounds or QUICK_ROUNDS,
                                 asked.rounds or QUICK_AT_LEAST, began + QUICK_SECONDS)
    else:
        nr_rounds = asked.rounds or FULL_ROUNDS
        results = rounds.measure(everybody, FULL_MS, nr_rounds, nr_rounds, None)

    peers = [contender.name for contender in everybody if contender.is_peer]
    reached = bars.all_of(BENCH, peers, results)
    report.write(asked.out, results, reached, peers)
    plots.draw_all(asked.out)
    report.show(results, reached, peers)
    for failure in results.failures:
        print('bench: failed: %s' % failure, file=sys.stderr)
    return 1 if results.failures else 0


if __name__ == '__main__':
    sys.exit(main())
