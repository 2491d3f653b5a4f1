#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A program that reads a real kernel's files reads a machine's, and prints the
machine's numbers: those that load.c counted without the files where there are such,
else those in the files. The files take the place of the real ones in a mount
namespace of the reader's own, unless it can be told where they lie.

usage: readers.py READER LOAD FOLDER

LOAD is load.c's program; FOLDER is where scripts/readers puts programs that are not
installed. Exit status: 0 all numbers agree, 1 they do not, 77 no such reader here.
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

SKIPPED = 77
PAGE_KB = 4
FRAMES_OF_NO_ZONE = 1  # number 0
PLAIN_ENV = {**os.environ, 'LC_ALL': 'C', 'TERM': 'dumb'}

# Bits of /proc/kpageflags.
LRU, SLAB, BUDDY, ANON, NOPAGE, RESERVED = 5, 7, 10, 12, 20, 32

PAGE_OWNER = '/sys/kernel/debug/page_owner'

Cache = collections.namedtuple('Cache', 'active objects size per_slab pages slabs')


class Skip(Exception):
    pass


class Machine:
    """The files under a folder, and what load.c knows without them."""

    def __init__(self, folder, truth):
        self.folder = folder
        self.truth = {name: int(n) for name, n in (line.split() for line in truth.splitlines())}
        self.frames = {name[7:]: n for name, n in self.truth.items() if name.startswith('frames.')}
        self.managed = sum(self.frames.values()) - self.frames['hole']

    def text(self, path):
        return (self.folder / path.lstrip('/')).read_text()

    def meminfo(self):
        return {name: int(n) for name, n in
                re.findall(r'^(\S+): +(\d+)', self.text('/proc/meminfo'), flags=re.M)}

    def vmstat(self):
        return {name: int(n) for name, n in map(str.split, self.text('/proc/vmstat').splitlines())}

    def buddyinfo(self):
        for line in self.text('/proc/buddyinfo').splitlines():
            node, zone, *free = line.replace(', zone', '').split()[1:]
            yield node, zone, [int(n) for n in free]

    def caches(self):
        caches = {}
        for line in self.text('/proc/slabinfo').splitlines()[2:]:
            fields = line.split()
            if len(fields) != 16 or line != line.rstrip():
                raise ValueError('slabinfo: not 16 fields, or a blank at the end: %r' % line)
            caches[fields[0]] = Cache(*map(int, fields[1:6]), int(fields[14]))
        return caches

    def attribute(self, cache, name):
        """The first number of a file of a cache."""
        return int(self.text('/sys/kernel/slab/%s/%s' % (cache.replace('/', '!'), name)).split()[0])


def find(name, tools):
    for folder in (tools / 'bin', tools / 'root/usr/bin'):
        if os.access(folder / name, os.X_OK):
            return str(folder / name)
    found = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if not found:
        raise Skip('%s is not here: install it, or run scripts/readers' % name)
    return found


def namespace():
    """The command that gives what follows mounts of its own."""
    for unshare in (['unshare', '--user', '--map-root-user', '--mount'], ['unshare', '--mount']):
        try:
            subprocess.run([*unshare, 'mount', '--bind', '/proc/meminfo', '/proc/meminfo'],
                           check=True, capture_output=True)
            return unshare
        except FileNotFoundError:
            raise Skip('unshare is not here')
        except subprocess.CalledProcessError as error:
            why = error.stderr.decode().strip()
    raise Skip('no mount namespace is allowed here: %s' % why)


def read(command):
    return subprocess.run(command, check=True, env=PLAIN_ENV, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout.decode()


def read_over(machine, paths, command):
    """Run a command that sees the machine's files at their real paths."""
    for path in paths:
        if not os.path.exists(path):
            raise Skip('this kernel has no %s to put ours over' % path)
    script = 'folder=$1 paths=$2; shift 2\n' \
             'for path in $paths; do mount --bind "$folder$path" "$path" || exit 1; done\n' \
             'exec "$@"'
    return read([*namespace(), 'sh', '-c', script, 'sh', str(machine.folder), ' '.join(paths),
                 *command])


# Each reader yields what it prints, by name, beside what it has to be.

def read_free(machine, tools):
    out = read_over(machine, ['/proc/meminfo'], [find('free', tools)])
    memory, swap = [list(map(int, line.split()[1:])) for line in out.splitlines()[1:3]]
    info = machine.meminfo()
    yield 'total', memory[0], machine.managed * PAGE_KB
    yield 'used', memory[1], info['MemTotal'] - info['MemAvailable']
    yield 'free', memory[2], machine.frames['free'] * PAGE_KB
    yield 'shared', memory[3], info['Shmem']
    yield 'buff/cache', memory[4], machine.truth['lru.file'] * PAGE_KB + info['SReclaimable']
    yield 'available', memory[5], info['MemAvailable']
    yield 'swap', swap, [info['SwapTotal'], info['SwapTotal'] - info['SwapFree'], info['SwapFree']]


def read_vmstat_s(machine, tools):
    out = read_over(machine, ['/proc/meminfo', '/proc/vmstat'], [find('vmstat', tools), '-s'])
    printed = {name: int(n) for n, name in re.findall(r'^ *(\d+) (.+)$', out, flags=re.M)}
    info, events = machine.meminfo(), machine.vmstat()
    lru = (machine.truth['lru.file'] + machine.truth['lru.anon']) * PAGE_KB
    expected = {
        'K total memory': machine.managed * PAGE_KB,
        'K used memory': info['MemTotal'] - info['MemAvailable'],
        'K active memory': info['Active'],
        'K inactive memory': lru - info['Active'],
        'K free memory': machine.frames['free'] * PAGE_KB,
        'K buffer memory': info['Buffers'],
        'K swap cache': machine.truth['lru.file'] * PAGE_KB + info['SReclaimable'],
        'K total swap': info['SwapTotal'],
        'K used swap': info['SwapTotal'] - info['SwapFree'],
        'K free swap': info['SwapFree'],
        'K paged in': events['pgpgin'],
        'K paged out': events['pgpgout'],
        'pages swapped in': events['pswpin'],
        'pages swapped out': events['pswpout'],
    }
    for name, n in expected.items():
        yield name, printed.get(name), n


def read_vmstat_m(machine, tools):
    out = read_over(machine, ['/proc/slabinfo'], [find('vmstat', tools), '-m'])
    printed = {name: tuple(map(int, numbers)) for name, *numbers in
               map(str.split, out.splitlines()) if name != 'Cache'}
    caches = machine.caches()
    yield 'caches', len(printed), len(caches)
    for name, cache in caches.items():
        yield name, printed.get(name), (cache.active, cache.objects, cache.size, cache.per_slab)
    yield 'checked objects', printed['reader_checked'][0], machine.truth['objects.reader_checked']


def read_slabtop(machine, tools):
    out = read_over(machine, ['/proc/slabinfo'], [find('slabtop', tools), '-o'])
    caches = machine.caches()
    sums = {name: (float(a), float(b)) for name, a, b in
            re.findall(r'^ Active / Total (\w+) .*: ([\d.]+)K? / ([\d.]+)K?', out, flags=re.M)}
    objects = [(cache.active, cache.objects, cache.size) for cache in caches.values()]
    slabs = sum(cache.slabs for cache in caches.values())
    yield 'objects', sums['Objects'], (sum(o[0] for o in objects), sum(o[1] for o in objects))
    yield 'slabs', sums['Slabs'], (slabs, slabs)
    yield 'caches', sums['Caches'], (sum(o[1] > 0 for o in objects), len(objects))
    yield 'size', sums['Size'], tuple(round(sum(o[i] * o[2] for o in objects) / 1024, 2)
                                      for i in range(2))
    rows = {row.split()[-1]: row.split()[:-1] for row in out.splitlines()[7:]}
    yield 'rows', len(rows), len(caches)
    for name, cache in caches.items():
        total, active, _, _, count, per_slab, kb = rows[name]
        yield name, tuple(map(int, (total, active, count, per_slab, kb.rstrip('K')))), \
            (cache.objects, cache.active, cache.slabs, cache.per_slab,
             cache.slabs * cache.pages * PAGE_KB)
    yield 'checked objects', int(rows['reader_checked'][1]), machine.truth['objects.reader_checked']
    yield 'all cache sizes', sum(int(row[-1].rstrip('K')) for row in rows.values()), \
        machine.frames['slab'] * PAGE_KB


def scrape(machine, exporter):
    """The metrics that node_exporter serves of the machine's files."""
    command = [exporter, '--path.procfs=%s' % (machine.folder / 'proc'),
               '--web.listen-address=127.0.0.1:0', '--collector.disable-defaults',
               '--collector.meminfo', '--collector.vmstat', '--collector.vmstat.fields=.*',
               '--collector.buddyinfo', '--collector.zoneinfo', '--collector.slabinfo']
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            for line in server.stderr:
                at = re.search(r'Listening on.*address=(127\.0\.0\.1:\d+)', line)
                if at:
                    break
            else:
                raise Skip('%s did not start: %s' % (exporter, line.strip()))
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open('http://%s/metrics' % at.group(1), timeout=30) as reply:
                return reply.read().decode()
        finally:
            server.terminate()


def read_exporter(machine, tools):
    metrics = {}
    for line in scrape(machine, find('prometheus-node-exporter', tools)).splitlines():
        name, labels, n = re.match(r'(\w+)(?:\{(.*)\})? (\S+)$|#', line).groups()
        if name:
            metrics[name, frozenset(re.findall(r'(\w+)="([^"]*)"', labels or ''))] = float(n)

    def metric(name, **labels):
        return metrics.get((name, frozenset(labels.items())))

    for collector in ('buddyinfo', 'meminfo', 'slabinfo', 'vmstat', 'zoneinfo'):
        yield collector, metric('node_scrape_collector_success', collector=collector), 1
    yield 'MemTotal', metric('node_memory_MemTotal_bytes'), machine.managed * 4096
    yield 'MemFree', metric('node_memory_MemFree_bytes'), machine.frames['free'] * 4096
    for name, n in machine.meminfo().items():
        plain = re.sub(r'\((.*)\)', r'_\1', name)
        if name.startswith('HugePages_'):
            yield name, metric('node_memory_' + plain), n
        else:
            yield name, metric('node_memory_%s_bytes' % plain), n * 1024
    for name, n in machine.vmstat().items():
        yield name, metric('node_vmstat_' + name), n
    blocks = 0
    for node, zone, free in machine.buddyinfo():
        for order, n in enumerate(free):
            printed = metric('node_buddyinfo_blocks', node=node, zone=zone, size=str(order))
            blocks += (printed or 0) * 2 ** order
            yield 'node %s %s order %d' % (node, zone, order), printed, n
    yield 'frames in free blocks', blocks, machine.frames['free']
    yield 'nr_free_pages of all zones', \
        sum(n for (name, _), n in metrics.items() if name == 'node_zoneinfo_nr_free_pages'), \
        machine.frames['free']
    for name, cache in machine.caches().items():
        for field, n in (('active_objects', cache.active), ('objects', cache.objects),
                         ('object_size_bytes', cache.size),
                         ('objects_per_slab', cache.per_slab), ('pages_per_slab', cache.pages)):
            yield '%s %s' % (name, field), metric('node_slabinfo_' + field, slab=name), n


def read_slabinfo(machine, tools):
    program = find('slabinfo', tools)
    rows = {row.split()[0]: row for row in
            read_over(machine, ['/sys'], [program, '-B']).splitlines()[1:]}
    caches = {name.replace('/', '!'): cache for name, cache in machine.caches().items()}
    yield 'caches with slabs', set(rows), {name for name, cache in caches.items() if cache.slabs}
    for name, row in rows.items():
        cache, cpu_slabs = caches[name], machine.attribute(name, 'cpu_slabs')
        _, objects, size, space, slabs, per_slab, order = row.split()[:7]
        yield name, (int(objects), int(size), int(space), slabs, int(per_slab), 1 << int(order)), \
            (cache.active, machine.attribute(name, 'object_size'),
             cache.slabs * cache.pages * 4096,
             '%d/%d/%d' % (cache.slabs - cpu_slabs, machine.attribute(name, 'partial'), cpu_slabs),
             cache.per_slab, cache.pages)
    yield 'checked objects', int(rows['reader_checked'].split()[1]), \
        machine.truth['objects.reader_checked']
    for name, flags in (('reader_checked', 'PZU'), ('reader_plain', 'a'), ('reader!slash', 'A')):
        yield 'flags of %s' % name, rows[name].split()[-1], flags

    totals = read_over(machine, ['/sys'], [program, '-T', '-B'])
    yield 'Slabcaches', int(re.search(r'Slabcaches : +(\d+)', totals).group(1)), len(caches)
    yield 'Memory used', int(re.search(r'Memory used: +(\d+)', totals).group(1)), \
        machine.frames['slab'] * 4096
    yield '# Objects', int(re.search(r'# Objects  : +(\d+)', totals).group(1)), \
        sum(cache.active for cache in caches.values())


def read_page_types(machine, tools):
    out = read([find('page-types', tools), '-r', '-F', str(machine.folder / 'proc/kpageflags')])
    counts = {int(flags, 16): int(n) for flags, n in re.findall(r'^(0x\w+)\s+(\d+)', out, flags=re.M)}

    def frames_with(bit):
        return sum(n for flags, n in counts.items() if flags >> bit & 1)

    yield 'total', int(re.search(r'^ +total\s+(\d+)', out, flags=re.M).group(1)), \
        sum(machine.frames.values()) + FRAMES_OF_NO_ZONE
    yield 'buddy', frames_with(BUDDY), machine.frames['free']
    yield 'slab', frames_with(SLAB), machine.frames['slab']
    yield 'reserved or no page', frames_with(RESERVED) + frames_with(NOPAGE), \
        machine.frames['hole'] + FRAMES_OF_NO_ZONE
    yield 'lru', frames_with(LRU), machine.truth['lru.file'] + machine.truth['lru.anon']
    yield 'anon', frames_with(ANON), machine.truth['lru.anon']
    shown = sum(frames_with(bit) for bit in (BUDDY, SLAB, RESERVED, NOPAGE))
    yield 'in use or on CPUs\' lists', sum(counts.values()) - shown, \
        machine.frames['used'] + machine.frames['pcp']


def read_page_owner_sort(machine, tools):
    program, records = find('page_owner_sort', tools), machine.text(PAGE_OWNER)
    orders = [int(n) for n in re.findall(r'^Page allocated via order (\d+),', records, flags=re.M)]

    def rows(*options):
        """What each row of its output begins with: times, pages, and the rest of the line."""
        out = machine.folder / 'sorted'
        said = read([program, *options, str(machine.folder / PAGE_OWNER.lstrip('/')), str(out)])
        loaded = int(re.search(r'^(?:.*\r)?loaded (\d+)$', said, flags=re.M).group(1))
        found = re.findall(r'^(\d+) times, (\d+) pages(.*)$', out.read_text(), flags=re.M)
        return loaded, [(int(times), int(pages), rest) for times, pages, rest in found]

    def pages_of(of, word=''):
        return sum(pages for _, pages, rest in of if word in rest)

    loaded, by_times = rows()
    yield 'loaded', loaded, len(orders)
    yield 'times', sum(times for times, _, _ in by_times), len(orders)
    yield 'pages', pages_of(by_times), machine.frames['used'] + machine.frames['slab']
    yield 'pages of slabs', pages_of(by_times, 'allocated by SLAB'), machine.frames['slab']
    _, by_pages = rows('-m')
    yield 'sorted by pages', [pages for _, pages, _ in by_pages], \
        sorted((1 << order for order in orders), reverse=True)
    _, by_name = rows('--cull=name')
    yield 'names', {rest for _, _, rest in by_name}, \
        {', task_comm_name: kalloc', ', task_comm_name: reader_pages'}
    _, named = rows('--name=reader_pages', '--cull=name')
    yield 'of one name', named, [(machine.truth['owner.blocks'], machine.truth['owner.frames'],
                                  ', task_comm_name: reader_pages')]
    _, by_stack = rows('--cull=stacktrace')
    yield 'times of all stacks', sum(times for times, _, _ in by_stack), len(orders)
    _, by_process = rows('--cull=pid,tgid')
    yield 'processes', len(by_process), 1
    yield 'released', rows('-f')[0], len(orders)


READERS = {
    'free': read_free,
    'node-exporter': read_exporter,
    'page-owner-sort': read_page_owner_sort,
    'page-types': read_page_types,
    'slabinfo': read_slabinfo,
    'slabtop': read_slabtop,
    'vmstat-m': read_vmstat_m,
    'vmstat-s': read_vmstat_s,
}


def main():
    reader, load, tools = READERS[sys.argv[1]], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        truth = subprocess.run([load, name], check=True, stdout=subprocess.PIPE).stdout.decode()
        try:
            rows = list(reader(Machine(folder, truth), tools))
        except Skip as skip:
            print('skipped: %s' % skip)
            return SKIPPED
    wrong = [row for row in rows if row[1] != row[2]]
    for what, printed, expected in wrong:
        print('%s: printed %s, the machine has %s' % (what, printed, expected))
    print('%s: %d of %d numbers agree' % (sys.argv[1], len(rows) - len(wrong), len(rows)))
    return bool(wrong) or not rows


if __name__ == '__main__':
    sys.exit(main())
