# SPDX-License-Identifier: MIT
"""Tables for the terminal."""
from spread import median, quartiles


def number(value):
    return '%.0f' % value if value >= 1000 else '%.1f' % value if value >= 10 else '%.2f' % value


def grid(rows):
    """Lines with the first column to the left and the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        yield '  '.join([row[0].ljust(widths[0]), *cells]).rstrip()


def beside(results, columns, shapes):
    """One line for each shape, one column for each contender: medians."""
    def cell(contender, shape):
        values = results.of(contender, shape)
        return number(median(values)) if values else '-'

    lines = [[shape, *(cell(contender, shape) for contender in columns)] for shape in shapes
             if any(results.of(contender, shape) for contender in columns)]
    return grid([['', *columns], *lines]) if lines else []


def alone(results, contender):
    """The shapes that no peer has: median, and the quartiles of the rounds."""
    shapes = results.values.get(contender, {})
    lines = [[shape, number(median(values)), *(number(q) for q in quartiles(values))]
             for shape, values in shapes.items()]
    return grid([[contender, 'median', 'first', 'third quartile'], *lines]) if lines else []


def of_bars(bars):
    lines = [[bar.name, '%.3f' % bar.ratio.value,
              '%.3f .. %.3f' % (bar.ratio.first, bar.ratio.third), '%g' % bar.limit,
              'ok' if bar.is_reached else 'short'] for bar in bars]
    return grid([['ratio of medians', '', 'quartiles of rounds', 'limit', ''], *lines])


def show(lines):
    lines = list(lines)
    if lines:
        print(*lines, '', sep='\n')
