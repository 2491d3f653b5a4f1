#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The USDT probes of the library, as debuggers and tracers find them.

Its notes (readelf -n) name one probe for each event that the machine knows, all with the same
semaphore, so that probes cost nothing until somebody raises it. And gdb, where it is, stops a
program at one of them and reads its values.

usage: probes.py READELF LIBKALLOC KALLOC SCRIPT
"""

import os
import re
import shutil
import subprocess
import sys

GDB = ['gdb', '-batch', '-nx', '-ex', 'set breakpoint pending on']


def output_of(command):
    environment = dict(os.environ, DEBUGINFOD_URLS='', LC_ALL='C')
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=100, env=environment, check=False).stdout


def events_of(kalloc):
    """What a machine can record: "kmem:kmalloc" and the like."""
    text = output_of([kalloc, 'boot', 'mem=16M', '--', 'cat',
                      '/sys/kernel/tracing/available_events'])
    return re.findall(r'^\w+:(\w+)$', text, re.M)


def check_notes(readelf, library, events):
    notes = re.findall(r'Provider: kalloc\s+Name: (\w+)\s+Location: \S+ Base: \S+ '
                       r'Semaphore: (\S+)', output_of([readelf, '-n', library]))
    assert sorted(name for name, _ in notes) == sorted(events), (notes, events)
    semaphores = {int(at, 16) for _, at in notes}
    assert len(semaphores) == 1 and semaphores != {0}, semaphores


def check_gdb(kalloc, script):
    if not shutil.which('gdb'):
        print('no gdb here: the notes were read, and no program stopped at one')
        return
    shown = output_of(GDB + ['-ex', 'break -probe-stap kalloc:kmalloc', '-ex', 'run',
                             '-ex', 'printf "asked %d got %d\\n", $_probe_arg2, $_probe_arg3',
                             '-ex', 'info probes stap kalloc', '-ex', 'kill',
                             '--args', kalloc, 'run', script])
    if 'ptrace: Operation not permitted' in shown or 'could not trace' in shown.lower():
        print('gdb may not trace here: the notes were read, and no program stopped at one')
        return
    values = re.search(r'^asked (\d+) got (\d+)$', shown, re.M)
    assert values, shown
    asked, got = int(values.group(1)), int(values.group(2))
    assert 0 < asked <= got <= 8192, shown
    assert re.search(r'kalloc +mm_page_alloc', shown), shown


def main():
    readelf, library, kalloc, script = sys.argv[1:]
    events = events_of(kalloc)
    assert 'kmalloc' in events and len(events) > 30, events
    check_notes(readelf, library, events)
    check_gdb(kalloc, script)
    print('%d probes' % len(events))


if __name__ == '__main__':
    main()
