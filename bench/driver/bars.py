# SPDX-License-Identifier: MIT
"""The bars: what is to be reached, from bars.tsv and linux-6.1.tsv, and what was."""
from spread import Ratio, median

# What the 64-byte pair of glibc took where the figures of linux-6.1.tsv were measured.
LINUX_GLIBC_NS = 6.9
LINUX_LIMIT = 0.5


class Bar:
    def __init__(self, name, ratio, limit):
        self.name = name
        self.ratio = ratio
        self.limit = limit
        self.is_reached = ratio.value <= limit

    def line(self):
        return 'BAR %s %.3f %g %s' % (self.name, self.ratio.value, self.limit,
                                      'ok' if self.is_reached else 'short')


def rows(path):
    for line in path.read_text().splitlines():
        if line and not line.startswith('#'):
            yield line.split('\t')


def best_of(peers, results, shape):
    """The rounds of the peer with the least median."""
    measured = [results.of(peer, shape) for peer in peers if results.of(peer, shape)]
    return min(measured, key=median, default=None)


def below(text, peers, results):
    """The rounds to compare with: of "CONTENDER:SHAPE", "best:SHAPE", or a number of ns."""
    contender, colon, shape = text.partition(':')
    if not colon:
        return [float(text)] * results.nr_rounds
    if contender == 'best':
        return best_of(peers, results, shape)
    return results.of(contender, shape)


def of_file(path, peers, results):
    for name, ours, against, limit in rows(path):
        measured = results.of(*ours.split(':'))
        other = below(against, peers, results)
        if measured and other:
            yield Bar(name, Ratio(measured, other), float(limit))


def of_linux(path, results):
    """Linux's figures, made larger or smaller as glibc's pair is here."""
    pair = results.of('glibc', 'pair')
    for ours, _, linux_median, _ in rows(path):
        measured = results.of(*ours.split(':'))
        if measured and pair:
            linux = [float(linux_median) * ns / LINUX_GLIBC_NS for ns in pair]
            yield Bar(ours + '/linux', Ratio(measured, linux), LINUX_LIMIT)


def all_of(folder, peers, results):
    return [*of_file(folder / 'bars.tsv', peers, results),
            *of_linux(folder / 'linux-6.1.tsv', results)]
