#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The document in a report is what docs/report.md says, member by member, and what it
says of one thing in several places agrees: frames and free lists, per-CPU lists, slabs,
areas, and the library's own counts at the end. So it is for a script's report, which has
a step after each call.

usage: document.py ROOT SAMPLE KALLOC
"""
import array
import base64
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

FREE, USED, SLAB, PCP = range(4)
HIGHATOMIC = 3


def read_table(root):
    """Type of each member: {path: (type, may be missing)}."""
    text = (root / 'docs/report.md').read_text().split('\n## The document\n')[1]
    rows = re.findall(r'^\| `([\w.]+)` \| `([^`]+)` \|', text, flags=re.M)
    return {path: (kind.rstrip('?'), kind.endswith('?')) for path, kind in rows}


def split_list(kind):
    """The types of a list: those at its start, and the one that repeats."""
    parts, depth, part = [], 0, ''
    for letter in kind[1:-1] + ',':
        depth += {'[': 1, ']': -1}.get(letter, 0)
        if letter == ',' and depth == 0:
            parts.append(part.strip())
            part = ''
        else:
            part += letter
    if parts[-1].endswith('...'):
        return parts[:-1], parts[-1][:-3]
    return parts, None


class Checker:
    def __init__(self, table):
        self.table = table
        self.seen = set()
        self.wrong = []

    def check(self, path, value, kind):
        if kind == 'number':
            good = isinstance(value, int) and not isinstance(value, bool)
        elif kind == 'text':
            good = isinstance(value, str)
        elif kind == '{}':
            good = isinstance(value, dict)
            if good:
                self.check_members(path, value)
        else:
            first, rest = split_list(kind)
            good = isinstance(value, list) and len(value) >= len(first) and (
                rest is not None or len(value) == len(first))
            for at, part in enumerate(value if good else []):
                self.check(path, part, first[at] if at < len(first) else rest)
        if not good:
            self.wrong.append('%s: %r is not %s' % (path, str(value)[:60], kind))

    def check_members(self, path, members):
        prefix = path + '.' if path else ''
        for name, value in members.items():
            member = prefix + name
            self.seen.add(member)
            if member in self.table:
                self.check(member, value, self.table[member][0])
            else:
                self.wrong.append('%s: not in docs/report.md' % member)
        for member, (_, optional) in self.table.items():
            if member.rpartition('.')[0] == path and not optional:
                if member[len(prefix):] not in members:
                    self.wrong.append('%s: missing' % member)


def runs(numbers):
    at = 0
    for i in range(0, len(numbers), 3):
        at += numbers[i]
        yield at, numbers[i + 1], numbers[i + 2]
        at += numbers[i + 1]


class Machine:
    """What the steps so far have told."""

    def __init__(self, doc):
        self.doc = doc
        self.zones = []
        first = 0
        for zone in doc['machine']['zones']:
            self.zones.append((zone['start'], zone['spanned'], first))
            first += zone['spanned']
        self.kind = array.array('i', [-1]) * first
        self.frames = collections.Counter()  # by zone and kind
        self.types = []  # of pageblocks
        self.used = {}  # objects by cache
        self.free = {}
        self.pcp = {}
        self.slabs = {}
        self.shown = []
        self.areas = []

    def zone_at(self, place):
        return next(i for i, (_, spanned, first) in enumerate(self.zones)
                    if place < first + spanned)

    def kind_at(self, pfn):
        for start, spanned, first in self.zones:
            if start <= pfn < start + spanned:
                return self.doc['kinds'][self.kind[first + pfn - start]]
        return None

    def take(self, step):
        for at, nr, kind in runs(step['frames']):
            while nr:
                zone = self.zone_at(at)
                here = min(nr, self.zones[zone][2] + self.zones[zone][1] - at)
                for old, count in collections.Counter(self.kind[at:at + here]).items():
                    self.frames[zone, old] -= count
                self.frames[zone, kind] += here
                self.kind[at:at + here] = array.array('i', [kind]) * here
                at += here
                nr -= here
        for at, nr, mt in runs(step['blocks']):
            self.types[at:at + nr] = [mt] * nr
        for cache, _, _, used, _ in step['caches']:
            self.used[cache] = used
        for zone, order, mt, nr, *pfns in step['free']:
            self.free[zone, order, mt] = (nr, pfns)
        for zone, cpu, count, _, _, *lists in step['pcp']:
            self.pcp[zone, cpu] = (count, lists)
        for pfn, *rest in step['slabs']:
            self.slabs[pfn] = rest
        self.shown = step.get('shown', self.shown)
        self.areas = step.get('areas', self.areas)

    def disagreements(self, step):
        yield from self.free_disagreements(step)
        for (zone, cpu), (count, lists) in self.pcp.items():
            frames = sum(nr << (order_of(self.doc, number)) for number, nr, *_ in lists)
            if frames != count:
                yield 'CPU %d of zone %d: %d frames, lists of %d' % (cpu, zone, count, frames)
            for number, _, *pfns in lists:
                for pfn in pfns:
                    if self.kind_at(pfn)[:2] != [PCP, order_of(self.doc, number)]:
                        yield 'pfn %x is on a CPU\'s list and %s' % (pfn, self.kind_at(pfn))
        for cache, *pfns in self.shown:
            for pfn in pfns:
                yield from self.slab_disagreements(cache, pfn)
        for address, pages, _, frames in self.areas:
            if sum(frames[1::2]) > pages:
                yield 'area %s: more frames than pages' % address
            for pfn in frames[::2]:
                if self.kind_at(pfn)[0] != USED:
                    yield 'area %s: frame %x is %s' % (address, pfn, self.kind_at(pfn))

    def free_disagreements(self, step):
        listed = collections.Counter()
        for (zone, order, _), (nr, pfns) in self.free.items():
            listed[zone, order] += nr
            for pfn in pfns[:1] + pfns[-1:]:
                if self.kind_at(pfn)[:2] != [FREE, order]:
                    yield 'pfn %x is on the list of order %d and %s' % (pfn, order,
                                                                       self.kind_at(pfn))
        mapped = collections.Counter()
        for (zone, kind), frames in self.frames.items():
            if kind >= 0 and self.doc['kinds'][kind][0] == FREE:
                mapped[zone, self.doc['kinds'][kind][1]] += frames
        for key in set(listed) | set(mapped):
            if listed[key] << key[1] != mapped[key]:
                yield 'zone %d, order %d: %d frames on lists, %d on the map' % (
                    *key, listed[key] << key[1], mapped[key])
        if len(step['zones']) != len(self.zones):
            yield 'numbers of %d zones' % len(step['zones'])
        reserved = sum(zone[5] for zone in step['zones'])
        blocks = self.types.count(HIGHATOMIC)
        if reserved != blocks << self.doc['machine']['block_order']:
            yield '%d frames reserved, in %d pageblocks' % (reserved, blocks)

    def slab_disagreements(self, cache, pfn):
        order, place, _, _, _, nr_cpu, letters, free, damaged = self.slabs[pfn]
        if self.kind_at(pfn) != [SLAB, order, 0, cache]:
            yield 'slab %x of cache %d is %s' % (pfn, cache, self.kind_at(pfn))
        if sorted(free) != [i for i, letter in enumerate(letters) if letter in 'cf']:
            yield 'slab %x: %s, and free are %s' % (pfn, letters, free)
        if letters.count('c') != nr_cpu or (nr_cpu and place != 0):
            yield 'slab %x: %d objects on a CPU\'s list' % (pfn, nr_cpu)
        if place == 3 and free:
            yield 'slab %x is full and has free objects' % pfn
        if damaged and not self.doc['caches'][cache]['red_left']:
            yield 'slab %x: damaged red zones, but there are none' % pfn


def order_of(doc, number):
    return number // 3 if number < 12 else doc['machine']['block_order']


def read_document(report):
    text = report.read_text()
    packed = re.search(r'<script id="document"[^>]*>([^<]*)</script>', text).group(1)
    if packed.startswith('{'):
        return json.loads(packed)
    return json.loads(zlib.decompress(base64.b64decode(packed, validate=True)))


def check_end(doc, machine, facts):
    frames = collections.Counter()
    for (_, kind), nr in machine.frames.items():
        if kind >= 0:
            frames[doc['kinds'][kind][0]] += nr
    if [frames[state] for state in range(5)] != facts['frames']:
        yield 'frames by state: %s, the library says %s' % (dict(frames), facts['frames'])
    used = {doc['caches'][cache]['name']: nr for cache, nr in machine.used.items()}
    for name, nr in facts['used'].items():
        if used[name] != nr:
            yield '%s: %d objects in use, there are %d' % (name, used[name], nr)
    damaged = sum(len(machine.slabs[pfn][-1]) for _, *pfns in machine.shown for pfn in pfns)
    if damaged != 1:
        yield '%d objects with damaged red zones' % damaged
    if [event[0] for event in doc['events']] != list(range(
            doc['nr_ops'] - len(doc['events']) + 1, doc['nr_ops'] + 1)):
        yield 'the events are not the last ones'
    traced = [event[0] for event in doc['traced']]
    if len(traced) < 1000 or traced != sorted(traced) or traced[0] < doc['events'][0][0]:
        yield 'the machine\'s own events are not those of the operations'
    for failure in doc['failures']:
        if doc['steps'][failure['step']]['op'] != failure['event'][0]:
            yield 'a failure\'s step is of another moment'
        if not failure['why'].endswith('So there is no block: NULL\n'):
            yield 'a failure is explained by %r' % failure['why']


SCRIPT = """boot nr_cpus=2
c = kmem_cache_create "things" 100
repeat 8 as i
o[i] = kmem_cache_alloc c
end
p = alloc_pages order=3
mark "before"
free o[2] o[3] p
a = vmalloc 5*PAGE_SIZE
q = alloc_pages order=11 gfp=GFP_KERNEL|__GFP_NOWARN
vfree a
"""


def check_script(kalloc, where):
    report = where / 'script.html'
    subprocess.run([kalloc, 'run', '--leaks', '-', '--report', report], check=True, text=True, input=SCRIPT,
                   stdout=subprocess.DEVNULL)
    doc = read_document(report)
    calls = [doc['texts'][event[1]] for event in doc['events']]
    wanted = (['kmem_cache_create'] + ['kmem_cache_alloc'] * 8 + ['alloc_pages'] + ['free'] * 3 +
              ['vmalloc', 'alloc_pages', 'vfree'])
    if calls != wanted:
        yield 'the script\'s calls are %s' % calls
    labels = [(step['op'], step['label']) for step in doc['steps']]
    if labels[:11] != [(0, 'start')] + [(op, '') for op in range(1, 11)] or (10, 'before') not in labels:
        yield 'the script\'s steps are %s' % labels
    machine = Machine(doc)
    for number, step in enumerate(doc['steps']):
        machine.take(step)
        yield from ('script, step %d: %s' % (number, what) for what in machine.disagreements(step))
    traced = [(event[0], doc['gfp'][event[6]].split()[1], doc['texts'][event[7]], event[5])
              for event in doc['traced']
              if doc['texts'][event[1]] == 'kmem_cache_alloc' and 2 <= event[0] <= 9]
    if traced != [(op, 'GFP_KERNEL', 'things', 100) for op in range(2, 10)]:
        yield 'the machine\'s own events are %s' % traced
    freed = doc['events'][12]
    if freed[3] != doc['events'][9][3] or freed[4] != 3:
        yield 'what was freed is told as %s' % freed
    if [failure['order'] for failure in doc['failures']] != [11]:
        yield 'the script\'s failures are %s' % doc['failures']


def main():
    root, sample, kalloc = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory() as where:
        report, facts = pathlib.Path(where) / 'report.html', pathlib.Path(where) / 'facts.json'
        subprocess.run([sample, report, facts], check=True, stderr=subprocess.DEVNULL)
        doc, facts = read_document(report), json.loads(facts.read_text())
        of_script = list(check_script(kalloc, pathlib.Path(where)))
    checker = Checker(read_table(root))
    checker.check('', doc, '{}')
    wrong = checker.wrong + ['%s: in docs/report.md, never seen' % path
                             for path in checker.table if path not in checker.seen]
    machine = Machine(doc)
    for number, step in enumerate(doc['steps']):
        machine.take(step)
        if number % 4 and not step['label']:
            continue  # a look at each takes its time
        wrong += ['step %d: %s' % (number, what) for what in machine.disagreements(step)]
    wrong += check_end(doc, machine, facts)
    wrong += of_script
    print(*wrong[:40], sep='\n')
    print('%d members, %d steps, %d offences' % (len(checker.seen), len(doc['steps']), len(wrong)))
    return bool(wrong) or len(checker.seen) < 50


if __name__ == '__main__':
    sys.exit(main())
