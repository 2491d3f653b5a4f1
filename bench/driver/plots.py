# SPDX-License-Identifier: MIT
"""SVG plots by gnuplot, of the medians in results.json."""
import json
import shutil
import subprocess
import sys

HEAD = '''set terminal svg size 900,480 font "sans,13" background "white"
set output "{out}"
set title "{title}"
set grid ytics lc rgb "#dddddd"
set border 3
set tics nomirror
set yrange [0:*]
set ylabel "{unit}"
'''
BARS = '''set key outside top center horizontal
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set boxwidth 0.9
'''


class Plotter:
    def __init__(self, folder):
        self.folder = folder
        self.document = json.loads((folder / 'results.json').read_text())
        peers = [name for name in self.document['peers'] if name in self.document['measured']]
        ours = [name for name in ('cache', 'kmalloc') if name in self.document['measured']]
        self.contenders = ours + peers

    def value(self, contender, shape):
        measured = self.document['measured'].get(contender, {}).get(shape)
        return measured['median'] if measured else None

    def table(self, rows, columns, shape_of):
        """Data for gnuplot: a line for each row with a value for each column; None if empty."""
        values = [[shape_of(row, column) for column in columns] for row in rows]
        if not any(value is not None for line in values for value in line):
            return None
        lines = ['"%s" %s' % (row, ' '.join('NaN' if v is None else '%g' % v for v in line))
                 for row, line in zip(rows, values)]
        return '\n'.join(['$data << END', 'x ' + ' '.join('"%s"' % c for c in columns),
                          *lines, 'END', ''])

    def draw(self, name, title, unit, data, style, commands):
        if data:
            text = HEAD.format(out=self.folder / (name + '.svg'), title=title, unit=unit)
            done = subprocess.run(['gnuplot'], input=text + style + data + commands, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                print('bench: %s.svg: gnuplot: %s' % (name, done.stdout), file=sys.stderr)

    def bars(self, name, title, unit, shapes):
        """A group of bars for each allocator, a bar for each shape."""
        data = self.table(self.contenders, list(shapes),
                          lambda who, title: self.value(who, shapes[title]))
        self.draw(name, title, unit, data, BARS,
                  'plot for [i=2:%d] $data using i:xtic(1) title columnheader(i)\n'
                  % (len(shapes) + 1))

    def lines(self, name, title, unit, axis, numbers, shape, more=''):
        """A line for each allocator over a logarithmic axis of numbers."""
        data = self.table(list(numbers), self.contenders,
                          lambda label, who: self.value(who, shape % label))
        if data:
            for label, number in numbers.items():
                data = data.replace('"%s" ' % label, '%d ' % number, 1)
        tics = ', '.join('"%s" %d' % item for item in numbers.items())
        self.draw(name, title, unit, data,
                  'set logscale x\nset xtics (%s)\nset xlabel "%s"\nset key outside right\n%s'
                  % (tics, axis, more),
                  'plot for [i=2:%d] $data using 1:i with linespoints lw 2 pt 7 ps 0.6 '
                  'title columnheader(i)\n' % (len(self.contenders) + 1))


def draw_all(folder):
    if not shutil.which('gnuplot'):
        print('bench: no plots without gnuplot', file=sys.stderr)
        return
    plotter = Plotter(folder)
    plotter.bars('pairs', 'An object of 64 bytes and its free', 'ns',
                 {'size constant': 'pair', 'size variable': 'pair-variable'})
    sizes = {'32': 32, '256': 256, '4096': 4096, '100k': 100000}
    for order in ('lifo', 'fifo', 'shuffled'):
        plotter.lines('batches-' + order, 'Batches of 64-byte objects, freed ' + order,
                      'ns per object', 'objects in a batch', sizes, 'batch-%s-' + order,
                      'set logscale y\nset yrange [*:*]\n')
    plotter.lines('threads', 'Threads, each with its own objects of 64 bytes',
                  'CPU time, ns per object', 'threads', {str(n): n for n in (1, 2, 4, 16)},
                  'threads-%s')
    plotter.bars('churn', 'Random replacement and objects of other threads', 'ns per object',
                 {'mixed sizes': 'mixed-10k', 'six classes': 'classes-10k',
                  'freed remotely': 'remote', 'handed on': 'handing-4', 'queued': 'queue-4'})
    plotter.bars('memory', 'Resident bytes per byte asked for', '',
                 {'64 bytes each, nothing freed': 'heap-64', 'mixed sizes, after churn':
                  'heap-mixed', 'six classes, after churn': 'heap-classes'})
