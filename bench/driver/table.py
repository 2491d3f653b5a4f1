# SPDX-License-Identifier: MIT
"""Tables for the terminal."""
from spread import Ratio, median, quartiles

SCALES = {
    'scale-memory': ('64M', '1T'),
    'scale-cpus': ('1', '64'),
    'scale-caches': ('10', '10000'),
    'scale-create': ('10', '10000'),
    'scale-areas': ('10', '10000'),
    'boot': ('64M', '1T'),
    'halt': ('64M', '1T'),
}


def number(value):
    digits = 0 if value >= 1000 else 1 if value >= 10 else 2 if value >= 1 else 3
    return '%.*f' % (digits, value)


def cells_of(ratio):
    return ['%.2f' % ratio.value, '%.2f..%.2f' % (ratio.first, ratio.third)]


def grid(rows):
    """Lines with the first column to the left and the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        yield '  '.join([row[0].ljust(widths[0]), *cells]).rstrip()


def beside(results, columns, shapes, best=None):
    """A line for each shape, a column for each contender: medians. With best(shape), kmalloc
    is compared with those rounds."""
    def line(shape):
        rounds = [results.of(contender, shape) for contender in columns]
        cells = [number(median(values)) if values else '-' for values in rounds]
        if best:
            ours, peer = results.of('kmalloc', shape), best(shape)
            cells += cells_of(Ratio(ours, peer)) if ours and peer else ['', '']
        return [shape, *cells]

    head = ['', *columns, *(['kmalloc', '/best'] if best else [])]
    return grid([head, *(line(shape) for shape in shapes)]) if shapes else []


def alone(results, contender):
    """What no peer has: median, and the quartiles of the rounds."""
    lines = [[shape, number(median(values)), '%s..%s' % tuple(map(number, quartiles(values)))]
             for shape, values in results.values[contender].items()]
    return grid([['', 'median', 'quartiles'], *lines])


def scale(results):
    lines = []
    for name, (small, large) in SCALES.items():
        few = results.of('layers', '%s-%s' % (name, small))
        many = results.of('layers', '%s-%s' % (name, large))
        if few and many:
            lines.append(['%s, %s and %s' % (name, small, large), number(median(few)),
                          number(median(many)), *cells_of(Ratio(many, few))])
    return grid(lines) if lines else []


def of_bars(bars):
    lines = [[bar.name, '%.3f' % bar.ratio.value,
              '%.3f..%.3f' % (bar.ratio.first, bar.ratio.third), '%g' % bar.limit,
              'ok' if bar.is_reached else 'short'] for bar in bars]
    return grid(lines) if lines else []


def show(title, lines):
    lines = list(lines)
    if lines:
        print(title, *lines, '', sep='\n')
