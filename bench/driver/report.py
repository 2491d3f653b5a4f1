# SPDX-License-Identifier: MIT
"""What a run leaves: tables and bars on the terminal, JSON in files."""
import json

import contenders
import table
from spread import median, quartiles


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


def show(results, reached, peers):
    print('medians of %d rounds, ns per operation\n' % results.nr_rounds)
    columns = [name for name in ['cache', 'kmalloc', *peers] if name in results.values]
    shapes = list(dict.fromkeys(shape for name in columns for shape in results.values[name]))
    table.show(table.beside(results, columns, shapes))
    columns = [name for name in ['vmalloc', 'mmap'] if name in results.values]
    shapes = list(dict.fromkeys(shape for name in columns for shape in results.values[name]))
    table.show(table.beside(results, columns, shapes))
    for name in contenders.OURS:
        if name not in ('cache', 'kmalloc', 'vmalloc'):
            table.show(table.alone(results, name))
    if reached:
        table.show(table.of_bars(reached))
    for bar in reached:
        print(bar.line())
