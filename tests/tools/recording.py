#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recordings as their users meet them: what kalloc run --trace and --perfetto write.

The text has the lines that ftrace would have, and kalloc replay goes through it to the same
frames. The JSON is read as any reader of Chrome's trace events does: each event has what its
phase needs, tracks have names, slices nest and end, counters are of the zones.

usage: recording.py KALLOC
"""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile

PLAIN = '''
boot mem=64M nr_cpus=2
seed 3
s = kmem_cache_create "recorded" 600
t = kmem_cache_create "twin" 600
repeat 300 as i
  one[i] = kmem_cache_alloc s
  two[i] = kmem_cache_alloc t
  small[i] = kmalloc 1 + random(3000)
  block[i] = alloc_pages order=random(4)
end
as cpu 1
  area = vmalloc 300000
  repeat 100 as i
    free one[i]
    free small[i]
    free block[i]
  end
end
repeat 100 as i
  again[i] = alloc_pages order=random(3)
end
kmem_cache_shrink s
free area
'''

PRESSURE = '''
boot mem=16M nr_cpus=1
a = kmem_cache_create "things" 96
s = shrinker a 2000
repeat 1500 as i
  stay[i] = page_cache 1
  go[i] = page_cache 1
end
rest = pressure "DMA" leave=0
free go
b = alloc_pages order=5 gfp=GFP_KERNEL|__GFP_NOWARN
free b
repeat 3000 as i
  more[i] = alloc_pages gfp=GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY
end
'''

LINE = re.compile(r'^ *(?P<comm>.*)-(?P<pid>\d+) +\[(?P<cpu>\d{3})\] \.\.[.h][.0-9a-f]\. +'
                  r'(?P<time>\d+\.\d{6}): (?P<event>\w+): (?P<fields>.*)$')


def run(kalloc, *arguments, status=0):
    """Run kalloc. Return what it printed."""
    done = subprocess.run([kalloc, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=300, check=False)
    if done.returncode != status:
        sys.exit('kalloc %s: exit status %d, not %d:\n%s'
                 % (' '.join(arguments), done.returncode, status, done.stdout))
    return done.stdout


def events_of(path):
    """The events of a recording: dicts of LINE's groups."""
    with open(path) as file:
        lines = [line.rstrip('\n') for line in file if not line.startswith('#')]
    events = []
    for line in lines:
        match = LINE.match(line)
        assert match, 'no line of ftrace: %r' % line
        events.append(match.groupdict())
    times = [float(event['time']) for event in events]
    assert times == sorted(times), 'out of order'
    return events


def frames_of(events):
    return [re.search(r'pfn=(0x[0-9a-f]+) order=(\d+)', event['fields']).groups()
            for event in events if event['event'] == 'mm_page_alloc']


def names_of(events):
    """What happened; to free nothing does nothing, and is not replayed."""
    return [event['event'] for event in events
            if event['event'] != 'kfree' or 'ptr=0000000000000000' not in event['fields']]


def check_phases(events):
    """Each has the members that its phase needs, of the right type."""
    for event in events:
        assert isinstance(event['pid'], int) and isinstance(event['tid'], int), event
        assert isinstance(event['name'], str), event
        assert event['ph'] in 'MiBEC', event
        if event['ph'] == 'M':
            assert event['name'] in ('process_name', 'thread_name'), event
            assert event['args']['name'], event
        else:
            assert isinstance(event['ts'], float), event
        if event['ph'] == 'i':
            assert event['s'] == 't' and event['cat'], event
        if event['ph'] == 'C':
            assert all(isinstance(value, int) for value in event['args'].values()), event


def check_tracks(events):
    """Whatever is shown is on a track that has a name. Return: the names."""
    names = {(event['pid'], event['tid']): event['args']['name'] for event in events
             if event['ph'] == 'M' and event['name'] == 'thread_name'}
    for event in events:
        if event['ph'] in 'iBE':
            assert (event['pid'], event['tid']) in names, event
    return names


def check_slices(events):
    """Slices of a track nest, and each has an end. Return: how often there was which."""
    stacks = collections.defaultdict(list)
    seen = collections.Counter()
    for event in events:
        stack = stacks[event['pid'], event['tid']]
        if event['ph'] == 'B':
            stack.append(event)
            seen[event['name']] += 1
        elif event['ph'] == 'E':
            begun = stack.pop()
            assert event['name'] in (begun['name'], ''), (begun, event)
            assert event['ts'] >= begun['ts'], (begun, event)
    assert not any(stacks.values()), 'slices without an end'
    return seen


def check_perfetto(path, recorded):
    """The JSON of a run, whose text had the events @recorded. Return: tracks, slices, counters."""
    with open(path) as file:
        document = json.load(file)
    events = document['traceEvents']
    assert document['otherData']['cmdline'].startswith('mem=64M nr_cpus=1 '), document['otherData']
    check_phases(events)
    times = [event['ts'] for event in events if 'ts' in event]
    assert times == sorted(times), 'out of order'
    instants = [event for event in events if event['ph'] == 'i']
    # A mark of which cache an object is of is no event of its own.
    told = [event for event in recorded
            if not event['fields'].startswith('kmem_cache_alloc: ptr=')]
    assert len(instants) == len(told), (len(instants), len(told))
    for instant, event in zip(instants, told):
        assert instant['name'] == event['event'], (instant, event)
        assert instant['tid'] == int(event['cpu']) + 1, (instant, event)
        assert abs(instant['ts'] - float(event['time']) * 1e6) < 2, (instant, event)
    counters = collections.defaultdict(list)
    for event in events:
        if event['ph'] == 'C':
            counters[event['name']].append(event['args']['frames'])
    return check_tracks(events), check_slices(events), counters


def test_plain(kalloc):
    with open('plain.kalloc', 'w') as script:
        script.write(PLAIN)
    run(kalloc, 'run', '--leaks', '--trace=plain.txt', '--perfetto=plain.json', 'plain.kalloc')
    recorded = events_of('plain.txt')
    tracks, _, counters = check_perfetto('plain.json', recorded)
    assert sorted(tracks.values()) == ['CPU 0', 'CPU 1'], tracks
    assert set(counters) == {'free frames, Node 0 DMA32'}, counters
    assert len(set(counters['free frames, Node 0 DMA32'])) > 10, counters
    assert {'kmalloc', 'kfree', 'kmem_cache_alloc', 'kmem_cache_free', 'mm_page_alloc',
            'mm_page_free', 'tracing_mark_write'} <= {event['event'] for event in recorded}

    # Played from the text, and recorded as it is: the same frames for the same requests.
    run(kalloc, 'replay', '--trace=again.txt', 'plain.txt')
    again = events_of('again.txt')
    assert frames_of(again) == frames_of(recorded)
    assert names_of(again) == names_of(recorded)

    # Only what is asked for.
    run(kalloc, 'run', '--leaks', '--trace=some.txt', '--events=kmem:kfree,vmscan:*', 'plain.kalloc')
    some = {event['event'] for event in events_of('some.txt')}
    assert some - {'tracing_mark_write'} == {'kfree'}, some


def test_pressure(kalloc):
    with open('pressure.kalloc', 'w') as script:
        script.write(PRESSURE)
    run(kalloc, 'run', '--leaks', '--trace=pressure.txt', '--perfetto=pressure.json',
        'pressure.kalloc')
    recorded = events_of('pressure.txt')
    tracks, slices, counters = check_perfetto('pressure.json', recorded)
    for name in ('direct reclaim', 'kswapd', 'shrink slab', 'compaction'):
        assert slices[name], slices
    assert 'CPU 0' in tracks.values(), tracks
    # It went down to next to nothing.
    assert min(min(values) for values in counters.values()) < 100, counters
    names = {event['event'] for event in recorded}
    assert {'mm_compaction_migratepages', 'mm_vmscan_lru_shrink_inactive', 'mm_shrink_slab_end',
            'mm_page_free_batched', 'mm_page_alloc_zone_locked'} <= names, names


def test_lost(kalloc):
    """One call that records more than a ring holds: that is told, and is a failure."""
    with open('lost.kalloc', 'w') as script:
        script.write('boot mem=640M\nrest = pressure "DMA32" leave=0\n')
    said = run(kalloc, 'run', '--leaks', '--trace=lost.txt', 'lost.kalloc', status=1)
    lost = int(re.search(r'kalloc run: recording: (\d+) events: lost, overwritten', said).group(1))
    assert lost > 1000, said
    with open('lost.txt') as file:
        assert sum(not line.startswith('#') for line in file) == 32 * 2**20 // 128


def test_long(kalloc):
    """Many calls record more than a ring holds: it is written in between."""
    with open('long.kalloc', 'w') as script:
        script.write('repeat 140000 as i\n  x = kmalloc 64\n  kfree x\nend\n')
    run(kalloc, 'run', '--trace=long.txt', '--events=kmem:kmalloc,kmem:kfree', 'long.kalloc')
    with open('long.txt') as file:
        assert sum('kmalloc:' in line for line in file) == 140000


def test_refused(kalloc):
    """What is read, or written already, is not written over."""
    kept = '# nothing\nx = kmalloc 64\nkfree x\n'
    with open('kept.kalloc', 'w') as script:
        script.write(kept)
    os.link('kept.kalloc', 'link.txt')
    for option in ('--trace=kept.kalloc', '--perfetto=link.txt'):
        said = run(kalloc, 'run', option, 'kept.kalloc', status=2)
        assert f'kalloc run: {option.split("=")[1]}: it is what is read\n' in said, said
    for other in ('one.txt', './one.txt', os.path.abspath('one.txt')):
        said = run(kalloc, 'run', '--trace=one.txt', '--perfetto=' + other, 'kept.kalloc', status=2)
        assert f'kalloc run: {other}: it is the other recording, too\n' in said, said
    assert not os.path.exists('one.txt') and not os.path.exists('one.txt.new')
    said = run(kalloc, 'run', '--trace=no/such/file', 'kept.kalloc', status=2)
    assert 'kalloc run: no/such/file: No such file or directory\n' in said, said
    for option in ('--trace=/dev/full', '--perfetto=/dev/full'):
        said = run(kalloc, 'run', option, 'kept.kalloc', status=1)
        assert 'kalloc run: /dev/full: No space left on device\n' in said, said
    for name in ('kept.kalloc', 'link.txt'):
        said = run(kalloc, 'run', '--report=' + name, 'kept.kalloc', status=2)
        assert f'kalloc run: --report={name}: it is what is read\n' in said, said
    for option in ('--trace', '--perfetto'):
        said = run(kalloc, 'run', '--report=page', option + '=page', 'kept.kalloc', status=2)
        assert 'kalloc run: page: it is the report, too\n' in said, said
    with open('kept.kalloc') as script:
        assert script.read() == kept

    run(kalloc, 'run', '--trace=kept.txt', 'kept.kalloc')
    before = events_of('kept.txt')
    assert before
    said = run(kalloc, 'replay', '--trace=kept.txt', 'kept.txt', status=1)
    assert 'kalloc replay: kept.txt: it is what is read\n' in said, said
    said = run(kalloc, 'replay', '--report=kept.txt', 'kept.txt', status=1)
    assert 'kalloc replay: --report=kept.txt: it is what is read\n' in said, said
    for option, status in (('--save', 2), ('--report', 1)):
        said = run(kalloc, 'fragment', 'fitted', '--trace=kept.txt', option + '=kept.txt',
                   status=status)
        assert f'kalloc fragment: {option}=kept.txt: it is what is read\n' in said, said
    assert events_of('kept.txt') == before
    said = run(kalloc, 'run', '--trace=kept.txt', '--events=nothing', 'kept.kalloc', status=2)
    assert 'kalloc run: nothing: names no event\n' in said, said
    assert events_of('kept.txt') == before

    run(kalloc, 'fragment', 'random', '--mem=16M', '--save=layout')
    with open('layout') as layout:
        before = layout.read()
    for option, status in (('--save', 2), ('--report', 1)):
        said = run(kalloc, 'fragment', '--restore=layout', option + '=layout', status=status)
        assert f'{option}=layout: it is what is read\n' in said, said
    with open('layout') as layout:
        assert layout.read() == before
    said = run(kalloc, 'fragment', 'random', '--save=both', '--report=both', status=2)
    assert 'kalloc fragment: --save=both: it is the report, too\n' in said, said
    assert not os.path.exists('both')


def main():
    kalloc = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        try:
            test_plain(kalloc)
            test_pressure(kalloc)
            test_lost(kalloc)
            test_long(kalloc)
            test_refused(kalloc)
        finally:
            os.chdir('/')


if __name__ == '__main__':
    main()
