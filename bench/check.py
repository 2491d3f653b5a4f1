#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every row of bars.tsv and linux-6.1.tsv names a program and a shape that it has, and the
driver computes the bars of a made-up run as it should.

usage: check.py BENCH-DIR PROGRAM...
"""
import os
import pathlib
import subprocess
import sys

BENCH = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(BENCH / 'driver'))
sys.dont_write_bytecode = True
import bars
import contenders
import rounds
import table

PEERS = ['glibc', *(name for name, _ in contenders.PRELOADED)]


def shapes_of(programs):
    """What each contender can measure."""
    listed = {pathlib.Path(program).name: subprocess.run(
        [program, '--list'], check=True, text=True,
        stdout=subprocess.PIPE).stdout.split() for program in programs}
    return {**listed, **{peer: listed['malloc'] for peer in [*PEERS, 'best']}}


def unknown(shapes):
    for ours in set(contenders.OURS) - set(shapes):
        yield 'contenders.py: no program %s' % ours
    for file, columns, nr in (('bars.tsv', (1, 2), 4), ('linux-6.1.tsv', (0,), 4)):
        for row in bars.rows(BENCH / file):
            if len(row) != nr:
                yield '%s: %d columns, not %d: %s' % (file, len(row), nr, row)
                continue
            for contender, colon, shape in (row[column].partition(':') for column in columns):
                if colon and shape not in shapes.get(contender, []):
                    yield '%s: no %s:%s' % (file, contender, shape)
    for name, ends in table.SCALES.items():
        for end in ends:
            if '%s-%s' % (name, end) not in shapes['layers']:
                yield 'table.py: no %s-%s' % (name, end)


def made_up():
    """Two rounds in which the library takes 2 and 4 ns, and one peer half of the other's."""
    results = rounds.Results()
    for ours, slow, fast in ((2, 10, 5), (4, 10, 5)):
        results.add('cache', 'pair\t%g\nmissing\t-\n' % ours)
        results.add('glibc', 'pair\t%g\n' % slow)
        results.add('mimalloc', 'pair\t%g\nnew\tfailed\n' % fast)
        results.nr_rounds += 1
    return results


def wrong_sums():
    results = made_up()
    if results.of('cache', 'missing') or results.failures != ['mimalloc:new'] * 2:
        yield 'rounds.py: what is missing or has failed is not told apart'
    best = bars.best_of(PEERS, results, 'pair')
    ratio = bars.Ratio(results.of('cache', 'pair'), best)
    found = [round(value, 9) for value in (ratio.value, ratio.first, ratio.third)]
    if best != [5, 5] or found != [0.6, 0.5, 0.7]:
        yield 'bars.py: the ratio to the best peer is wrong'
    if bars.Bar('b', ratio, 0.6).line() != 'BAR b 0.600 0.6 ok' or \
            bars.Bar('b', ratio, 0.59).line() != 'BAR b 0.600 0.59 short':
        yield 'bars.py: a bar is not judged by its limit'
    # 3 ns here, where glibc takes 10 ns; Linux's 14.1 ns were where it took 6.9.
    linux = {bar.name: bar.ratio.value for bar in bars.of_linux(BENCH / 'linux-6.1.tsv', results)}
    if list(linux) != ['cache:pair/linux'] or \
            abs(linux['cache:pair/linux'] - 3 / (14.1 * 10 / 6.9)) > 1e-9:
        yield 'bars.py: Linux is not scaled by the pair of glibc'


def main():
    os.environ.pop('LD_PRELOAD', None)
    shapes = shapes_of(sys.argv[2:])
    wrong = [*unknown(shapes), *wrong_sums()]
    print(*wrong, sep='\n')
    print('%d shapes, %d mistakes' % (sum(map(len, shapes.values())), len(wrong)))
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
