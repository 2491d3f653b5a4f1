# SPDX-License-Identifier: MIT
"""What a run leaves: tables and bars on the terminal, JSON in files."""
import json

import bars
import table
from spread import median, quartiles

SIDE_BY_SIDE = ('cache', 'kmalloc', 'vmalloc', 'mmap')


def summary(values):
    first, third = quartiles(values)
    return {'median': median(values), 'quartiles': [first, third], 'rounds': values}


def write(folder, results, reached, peers):
    folder.mkdir(parents=True, exist_ok=True)
    measured = {contender: {shape: summary(values) for shape, values in shapes.items()}
                for contender, shapes in results.values.items()}
    document = {'rounds': results.nr_rounds, 'peers': peers, 'measured': measured,
                'failures': results.failures}
    (folder / 'results.json').write_text(json.dumps(document, indent=1) + '\n')
    lines = [{'name': bar.name, 'ratio': bar.ratio.value, 'limit': bar.limit,
              'quartiles': [bar.ratio.first, bar.ratio.third], 'ok': bar.is_reached}
             for bar in reached]
    (folder / 'bars.json').write_text(json.dumps(lines, indent=1) + '\n')


def shapes_of(results, columns):
    return list(dict.fromkeys(shape for name in columns for shape in results.values.get(name, {})))


def show(results, reached, peers):
    print('Medians of %d rounds, ns of CPU time per operation; beside the best peer: the ratio, '
          'and the quartiles of the rounds\' ratios\n' % results.nr_rounds)
    columns = [name for name in ['cache', 'kmalloc', *peers] if name in results.values]
    shapes = shapes_of(results, columns)
    heaps = [shape for shape in shapes if shape.startswith('heap-')]
    table.show('objects', table.beside(results, columns, [s for s in shapes if s not in heaps],
                                       lambda shape: bars.best_of(peers, results, shape)))
    columns_of_areas = [name for name in ('vmalloc', 'mmap') if name in results.values]
    table.show('areas', table.beside(results, columns_of_areas,
                                     shapes_of(results, columns_of_areas)))
    pages = [name for name in results.values if name.startswith('page-')]
    table.show('blocks of 2^N pages', table.beside(results, sorted(pages, key=len),
                                                   shapes_of(results, sorted(pages, key=len))))
    for name in results.values:
        if name not in (*SIDE_BY_SIDE, *peers, *pages):
            table.show(name, table.alone(results, name))
    table.show('scale: small, large, and their ratio', table.scale(results))
    table.show('memory: resident bytes per byte asked for', table.beside(
        results, columns, heaps, lambda shape: bars.best_of(peers, results, shape)))
    table.show('bars: ratio of medians, quartiles of rounds, limit', table.of_bars(reached))
    for bar in reached:
        print(bar.line())
