#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real programs do the same under "kalloc exec" as without it.

Each row (rows.py) is run three times, in the same folder made anew: without, with, and with
--report. What it prints and makes must be equal. One line is printed for each: the CPU time of
the whole tree of processes without and with, and what the reports sum up to, which cannot be
nothing. A row whose program is not here is skipped. The exit status is 1 if a row failed, 77
if none could be run.

usage: run.py --kalloc KALLOC --work DIR [--short] [ROW...]
"""
import argparse
import difflib
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import rows

COLUMNS = '%-14s %-9s %9s %9s %6s %10s %12s %9s'
HEADINGS = ('program', 'output', 'CPU s', 'kalloc', 'ratio', 'processes', 'allocations', 'peak MiB')
LIMIT_S = 1800
SKIPPED = 77


class Runner:
    """Runs commands in a folder, as they are or under a prefix, and counts their CPU time."""

    def __init__(self, folder, prefix):
        self.folder = folder
        self.prefix = prefix
        self.seconds = 0.0
        self.environment = {
            'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'HOME': str(folder), 'LC_ALL': 'C',
            'TZ': 'UTC', 'TMPDIR': str(folder), 'PYTHONHASHSEED': '0', 'CCACHE_DISABLE': '1',
        }

    def start(self, command, **options):
        """A process that is to be handed to finish()."""
        environment = dict(self.environment, **options.pop('env', {}))
        return subprocess.Popen(self.prefix + [str(word) for word in command], cwd=self.folder,
                                env=environment, **options)

    def finish(self, process):
        """Wait for it, and count it. Return: its exit status."""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds += usage.ru_utime + usage.ru_stime
        return process.returncode

    def run(self, command, text='', **options):
        """What a command prints on both outputs when it is given a text, and its exit status."""
        (self.folder / 'stdin').write_text(text)
        with open(self.folder / 'stdin', 'rb') as given, \
                open(self.folder / 'printed', 'w+b') as printed:
            process = self.start(command, stdin=given, stdout=printed, stderr=subprocess.STDOUT,
                                 start_new_session=True, **options)
            signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
            signal.alarm(LIMIT_S)
            status = self.finish(process)
            signal.alarm(0)
            printed.seek(0)
            output = printed.read().decode(errors='replace')
        (self.folder / 'stdin').unlink()
        (self.folder / 'printed').unlink()
        return '%s\nstatus %d\n' % (output, status)


def outcome(row, work, prefix):
    """What a row printed and made, and its CPU time."""
    folder = work / 'there' / row.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    runner = Runner(folder, prefix)
    printed = row.run(runner)
    shutil.rmtree(folder, ignore_errors=True)
    return printed, runner.seconds


def sum_up(report):
    """Processes that reported, their allocations, and the largest peak in MiB."""
    processes = allocations = peak = 0
    for summary in report.glob('*/summary'):
        figures = dict(line.split() for line in summary.read_text().splitlines())
        processes += 1
        allocations += int(figures['allocations'])
        peak = max(peak, int(figures['peak_kib']) / 1024)
    return processes, allocations, '%.1f' % peak


def show_difference(name, without, within):
    lines = difflib.unified_diff(without.splitlines(), within.splitlines(), 'without', name,
                                 lineterm='')
    for line in list(lines)[:40]:
        print('    ' + line)


def run_row(row, args):
    """Return: whether all is well; None: it could not be run."""
    why = row.missing()
    if why:
        print('%-14s skipped: %s' % (row.name, why), flush=True)
        return None
    report = args.work / 'report'
    shutil.rmtree(report, ignore_errors=True)
    command = [args.kalloc, 'exec']
    without, seconds = outcome(row, args.work, [])
    within, more_seconds = outcome(row, args.work, command + ['--'])
    reported, _ = outcome(row, args.work, command + ['--report=%s' % report, '--'])
    sums = sum_up(report)
    good = without == within == reported
    ratio = '%.2f' % (more_seconds / seconds) if seconds else ''
    print(COLUMNS % (row.name, 'equal' if good else 'DIFFERS', '%.2f' % seconds,
                     '%.2f' % more_seconds, ratio, *sums), flush=True)
    if without != within:
        show_difference('with', without, within)
    if within != reported:
        show_difference('reported', without, reported)
    if row.shows:
        print('    ' + row.shows(without))
    shutil.rmtree(report, ignore_errors=True)
    return good and sums[0] > 0 and sums[1] > 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__.rsplit('usage: ', 1)[1])
    parser.add_argument('--kalloc', required=True, type=os.path.abspath)
    parser.add_argument('--work', required=True, type=pathlib.Path)
    parser.add_argument('--short', action='store_true')
    parser.add_argument('rows', nargs='*', metavar='ROW')
    args = parser.parse_args()
    args.work = args.work.absolute()
    chosen = [row for row in rows.ROWS
              if (row.name in args.rows if args.rows else row.is_short or not args.short)]
    unknown = set(args.rows) - {row.name for row in rows.ROWS}
    if unknown:
        parser.error('no such row: ' + ' '.join(sorted(unknown)))
    args.work.mkdir(parents=True, exist_ok=True)
    print(COLUMNS % HEADINGS, flush=True)
    results = [run_row(row, args) for row in chosen]
    if False in results:
        return 1
    return 0 if True in results else SKIPPED


if __name__ == '__main__':
    sys.exit(main())
