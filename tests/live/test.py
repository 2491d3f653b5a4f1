#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looking at a running process: what kalloc show, proc and top print of it is what it prints
of itself, while it stands still; and is whole and possible while its threads are busy.

usage: test.py KALLOC LOAD BUILD_ID_H

LOAD is load.c's program, of the same build. Exit status: 0, 1, 77 where a process may not
look at another.
"""
import contextlib
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import time

KALLOC, LOAD, BUILD_ID_H = sys.argv[1:4]
SKIPPED = 77
DEADLINE_S = 60
HELD = 'held/here'
FILES = ['buddyinfo', 'cmdline', 'meminfo', 'pagetypeinfo', 'slabinfo', 'vmallocinfo', 'vmstat',
         'zoneinfo', 'kpagecount', 'kpageflags', '/sys/kernel/slab/held!here/total_objects',
         '/sys/kernel/slab/kmalloc-64/objects']
PLAIN = {**os.environ, 'LC_ALL': 'C', 'TERM': 'xterm'}


class Load:
    def __init__(self, cmdlines, prefix=()):
        self.process = subprocess.Popen([*prefix, LOAD, *cmdlines], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.pid = int(self.line())

    def line(self):
        return self.process.stdout.readline().decode()

    def tell(self, text):
        self.process.stdin.write(text.encode() + b'\n')
        self.process.stdin.flush()

    def cat(self, path):
        self.tell('cat ' + path)
        return self.process.stdout.read(int(self.line()))

    def do(self, what):
        self.tell(what)
        assert self.line() == 'ok\n'

    def end(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


@contextlib.contextmanager
def load(*cmdlines, prefix=()):
    running = Load(cmdlines or ['mem=256M nr_cpus=4'], prefix)
    try:
        yield running
        running.end()
    finally:
        running.process.kill()
        running.process.wait()


def kalloc(*words, status=0, prefix=()):
    done = subprocess.run([*prefix, KALLOC, *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=PLAIN)
    assert done.returncode == status, (words, done)
    return done.stderr.decode() if status else done.stdout


def path_of(name):
    return name if name.startswith('/') else '/proc/' + name


def each_file_is_what_the_process_reads_itself():
    with load() as running:
        for name in FILES:
            assert kalloc('show', running.pid, name) == running.cat(path_of(name)), name
        # Several are of one time, and follow each other.
        assert kalloc('show', running.pid, 'buddyinfo', 'slabinfo') == \
            running.cat('/proc/buddyinfo') + running.cat('/proc/slabinfo')


def machines_of_all_kinds():
    for cmdline in ('mem=64M', 'mem=8G highmem=1G', 'mem=1G numa=fake=2 page_owner=on',
                    'mem=128M slub_debug=FZPU', 'mem=128M kalloc.sheaves=off slab_nomerge',
                    'mem=64M kalloc.ram=private', 'mem=4G kalloc.ram=private'):
        with load(cmdline) as running:
            assert kalloc('show', running.pid, 'zoneinfo') == running.cat('/proc/zoneinfo')
            assert kalloc('show', running.pid, 'slabinfo') == running.cat('/proc/slabinfo')
            error = kalloc('show', '--machine=1', running.pid, 'slabinfo', status=2)
            assert 'no such machine' in error


def each_of_several_machines():
    with load('mem=64M', 'mem=4G') as running:
        texts = [kalloc('show', '--machine=%d' % n, running.pid, 'meminfo') for n in (0, 1)]
        assert running.cat('/proc/meminfo') in texts
        totals = sorted(int(re.search(rb'MemTotal: +(\d+)', text).group(1)) for text in texts)
        assert totals[0] < 64 << 10 < 3 << 20 < totals[1] <= 4 << 20
        assert re.search(r'^ *%d +2 ' % running.pid, kalloc('show').decode(), flags=re.M)


def a_program_under_exec_has_the_machine_of_its_malloc():
    with load('mem=64M', prefix=[KALLOC, 'exec', '--mem=2G', '--']) as running:
        texts = [kalloc('show', '--machine=%d' % n, running.pid, 'cmdline') for n in (0, 1)]
        assert sorted(texts) == [b'kalloc.ram=private  mem=2G\n', b'mem=64M\n'], texts
        of_malloc = texts.index(b'kalloc.ram=private  mem=2G\n')
        slabinfo = kalloc('show', '--machine=%d' % of_malloc, running.pid, 'slabinfo').decode()
        assert int(re.search(r'^kmalloc-4k +(\d+)', slabinfo, flags=re.M).group(1)) > 0, slabinfo


HOLDER = '''
import sys
held = []
for line in sys.stdin:
    held += [bytes(3000) for _ in range(int(line))]
    print("ok", flush=True)
'''


def in_use(slabinfo):
    """Of kmalloc-4k."""
    return int(re.search(rb'^kmalloc-4k +(\d+)', slabinfo, flags=re.M).group(1))


def a_program_that_knows_nothing_of_it_is_followed():
    with subprocess.Popen([KALLOC, 'exec', '--', sys.executable, '-c', HOLDER], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={**PLAIN, 'PYTHONMALLOC': 'malloc'}) as process:
        def hold(count):
            process.stdin.write('%d\n' % count)
            process.stdin.flush()
            assert process.stdout.readline() == 'ok\n'
        hold(0)
        assert re.search(r'^ *%d +1 ' % process.pid, kalloc('show').decode(), flags=re.M)
        before = in_use(kalloc('show', process.pid, 'slabinfo'))
        held = 0
        for count in (1000, 2000):
            hold(count)
            held += count
            shown = in_use(kalloc('show', process.pid, 'slabinfo'))
            assert held <= shown - before <= held + 100, (held, before, shown)
            rows = kalloc('top', '--once', process.pid).decode()
            assert re.search(r'^ *\d+ +%d .* kmalloc-4k$' % shown, rows, flags=re.M), rows
            if has_proc(process.pid):
                assert in_use(kalloc('proc', process.pid, '--', 'cat', '/proc/slabinfo')) == shown
        process.stdin.close()
        assert process.wait() == 0


def private_memory_is_seen_in_the_child_of_a_fork():
    with load('mem=64M kalloc.ram=private') as running:
        areas = running.cat('/proc/vmallocinfo')
        running.tell('fork')
        child = int(running.line())
        assert kalloc('show', child, 'vmallocinfo') == areas


def the_child_of_a_fork_is_a_process_like_others():
    with load() as running:
        slabinfo = running.cat('/proc/slabinfo')
        running.tell('fork')
        child = int(running.line())
        assert kalloc('show', child, 'slabinfo') == slabinfo
        assert kalloc('show', child, 'vmallocinfo') == running.cat('/proc/vmallocinfo')


def owners_have_the_same_records():
    with load('mem=64M page_owner=on') as running:
        ours = kalloc('show', running.pid, '/sys/kernel/debug/page_owner').decode()
        theirs = running.cat('/sys/kernel/debug/page_owner').decode()
        # Names of functions are known to the process alone.
        heads = re.compile(r'^(?:Page allocated|PFN) .*$', flags=re.M)
        assert heads.findall(ours) == heads.findall(theirs) and heads.findall(ours)


def addresses_that_do_not_vary_are_no_obstacle():
    fixed = ['setarch', os.uname().machine, '-R']
    if subprocess.run([*fixed, 'true'], stderr=subprocess.DEVNULL).returncode:
        return
    with load(prefix=fixed) as running:
        assert kalloc('show', running.pid, 'slabinfo', prefix=fixed) == \
            running.cat('/proc/slabinfo')


def busy_threads_go_on_and_what_is_seen_is_possible():
    with load() as running:
        managed = sum(map(int, re.findall(r'managed\s+(\d+)', running.cat('/proc/zoneinfo').decode())))
        running.do('churn 4')
        before = None
        for _ in range(60):
            text = kalloc('show', running.pid, 'slabinfo', 'buddyinfo', 'vmallocinfo',
                          'vmstat').decode()
            held = re.search(r'^%s +(\d+) +(\d+)' % HELD, text, flags=re.M)
            assert held and int(held.group(1)) >= 1000, text
            free = 0
            for blocks in re.findall(r'^Node .*zone +\w+ +([\d ]+)$', text, flags=re.M):
                free += sum(int(n) << order for order, n in enumerate(blocks.split()))
            assert 0 < free <= managed, text
            assert len(re.findall(r' pages=100 vmalloc', text)) == 1, text
            freed = int(re.search(r'^pgfree (\d+)', text, flags=re.M).group(1))
            assert before is None or freed >= before
            before = freed
        running.do('calm')
        assert before > 0
        assert kalloc('show', running.pid, 'slabinfo') == running.cat('/proc/slabinfo')


def processes_and_files_are_listed():
    with load() as running:
        listed = kalloc('show').decode()
        assert re.search(r'^ *%d +1  load$' % running.pid, listed, flags=re.M), listed
        files = kalloc('show', running.pid).decode().split()
        assert '/proc/buddyinfo' in files and '/sys/kernel/slab/<cache>/objects' in files


def wrong_arguments_are_told():
    with load() as running:
        assert 'no such file' in kalloc('show', running.pid, 'nosuchinfo', status=2)
        assert 'No such file' in kalloc('show', running.pid, '/proc/nosuchinfo', status=2)
        for words in (['show', 'abc'], ['show', '0'], ['show', '-1x'], ['top', 'abc'], ['proc'],
                      ['proc', running.pid], ['proc', 'abc', '--', 'true'],
                      ['show', '--machine=x', running.pid], ['top', '--sort=x', running.pid],
                      ['top', '--view=x', running.pid], ['top', '--delay=0', running.pid]):
            kalloc(*words, status=2)
        gone = subprocess.Popen(['true'])
        gone.wait()
        for command in (['show', gone.pid, 'slabinfo'], ['top', '--once', gone.pid],
                        ['proc', gone.pid, '--', 'true']):
            assert 'no such process' in kalloc(*command, status=2)
        # This one has no machine.
        assert 'no such machine' in kalloc('show', os.getpid(), 'slabinfo', status=2)
        assert 'terminal' in kalloc('top', running.pid, status=1)


def another_build_is_told():
    build = re.search(r'"(\w+)"', pathlib.Path(BUILD_ID_H).read_text()).group(1).encode()
    with load() as running:
        maps = pathlib.Path('/proc/%d/maps' % running.pid).read_text()
        behind = maps[maps.index('memfd:kalloc-ram'):]
        head = int(re.search(r'^([0-9a-f]+)-\S+ rw-p \S+ 00:00 0 *$', behind, flags=re.M).group(1), 16)
        with open('/proc/%d/mem' % running.pid, 'r+b', buffering=0) as memory:
            memory.seek(head)
            at = head + memory.read(1 << 16).index(build)
            memory.seek(at)
            memory.write(b'0' * len(build))
            assert 'another build' in kalloc('show', running.pid, 'slabinfo', status=1)
            memory.seek(at)
            memory.write(build)
        kalloc('show', running.pid, 'slabinfo')


def another_user_is_told():
    if os.getuid():
        return
    with load() as running:
        error = kalloc('show', running.pid, 'slabinfo', status=1,
                       prefix=['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'])
        assert 'may not be read' in error, error


def has_proc(pid):
    """Whether kalloc proc works here, where there may be no FUSE."""
    done = subprocess.run([KALLOC, 'proc', str(pid), '--', 'true'], stderr=subprocess.PIPE)
    if done.returncode:
        print('no kalloc proc here: %s' % done.stderr.decode().strip())
    return done.returncode == 0


def programs_see_it_in_proc():
    with load() as running:
        def see(*command, **more):
            return kalloc('proc', running.pid, '--', *command, **more)
        if not has_proc(running.pid):
            return
        for name in ('slabinfo', 'buddyinfo', 'meminfo', 'vmstat', 'zoneinfo'):
            assert see('cat', '/proc/' + name) == running.cat('/proc/' + name), name
        if os.path.isdir('/sys/kernel/slab'):
            for name in ('objects', 'order', 'ctor', 'align'):
                path = '/sys/kernel/slab/held!here/' + name
                assert see('cat', path) == running.cat(path), name
            caches = {line.split()[0].replace('/', '!') for line in
                      running.cat('/proc/slabinfo').decode().splitlines()[2:]}
            assert set(see('ls', '/sys/kernel/slab').decode().split()) == caches
        # It keeps its files open, and reads them again from the beginning.
        if shutil.which('vmstat'):
            row = see('vmstat', '1', '2').decode().splitlines()[-1].split()
            free = int(re.search(r'MemFree: +(\d+)', running.cat('/proc/meminfo').decode()).group(1))
            assert int(row[3]) == free, row
        if shutil.which('slabtop'):
            assert re.search(r'^ *\d+ +\d+ +\d+%% .* %s *$' % HELD,
                             see('slabtop', '-o').decode(), flags=re.M)
        assert see('sh', '-c', 'exit 7', status=7) is not None
        assert see('sh', '-c', 'kill -9 $$', status=128 + 9) is not None
        assert 'nosuchprogram' in see('nosuchprogram', status=127)
        # Nothing stays behind.
        mounts = pathlib.Path('/proc/mounts').read_text()
        assert 'fuse.kalloc' not in mounts


def no_privileges_are_needed():
    nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    if os.getuid() or subprocess.run([*nobody, KALLOC, '--version'], capture_output=True).returncode:
        return
    with load(prefix=nobody) as running:
        text = kalloc('proc', running.pid, '--', 'sh', '-c', 'id -u; cat /proc/slabinfo',
                      prefix=nobody)
        assert text == b'65534\n' + running.cat('/proc/slabinfo')


def top_prints_the_same_numbers():
    with load() as running:
        slabinfo = running.cat('/proc/slabinfo').decode()
        rows = kalloc('top', '--once', '--sort=name', running.pid).decode().splitlines()[5:]
        assert [row.split()[-1] for row in rows] == \
            sorted(line.split()[0] for line in slabinfo.splitlines()[2:])
        for row, line in zip(rows, sorted(slabinfo.splitlines()[2:])):
            assert row.split()[0] == line.split()[2] and row.split()[1] == line.split()[1]
        sizes = [float(row.split()[0]) for row in
                 kalloc('top', '--once', '--sort=objects', running.pid).decode().splitlines()[5:]]
        assert sizes == sorted(sizes, reverse=True)
        zones = kalloc('top', '--once', '--view=zones', running.pid).decode()
        for line in running.cat('/proc/buddyinfo').decode().splitlines():
            blocks = line.split()[4:]
            if any(map(int, blocks)):
                assert re.search(r'free blocks +%s$' % ' +'.join(blocks), zones, flags=re.M)
        assert len(kalloc('top', '--once', '--view=cpus', running.pid).decode().splitlines()) == \
            5 + 2 * 4


class Screen:
    """What a program writes to a terminal of 40 lines by 120."""

    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(PLAIN, LINES='40', COLUMNS='120')
            os.execv(command[0], [str(word) for word in command])
        self.text = b''

    def wait_for(self, text):
        end = time.monotonic() + DEADLINE_S
        while text.encode() not in self.text:
            assert time.monotonic() < end, (text, self.text)
            if select.select([self.fd], [], [], 1)[0]:
                try:
                    self.text += os.read(self.fd, 65536)
                except OSError:  # the program has ended
                    assert text.encode() in self.text, (text, self.text)

    def press(self, keys):
        self.text = b''
        os.write(self.fd, keys.encode())

    def status(self):
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def top_on_a_terminal_obeys_keys():
    with load() as running:
        screen = Screen(KALLOC, 'top', '--delay=0.1', running.pid)
        screen.wait_for('OBJ/SLAB')
        screen.wait_for(HELD)
        screen.wait_for('a second')
        screen.press('b')
        screen.wait_for('unusable')
        screen.press('c')
        screen.wait_for('BATCH')
        screen.press('s')
        screen.wait_for('OBJ/SLAB')
        screen.press('q')
        assert screen.status() == 0
        screen = Screen(KALLOC, 'top', '--delay=0.1', running.pid)
        screen.wait_for('OBJ/SLAB')
        running.process.kill()
        running.process.wait()
        screen.wait_for('has ended')
        assert screen.status() == 0
        running.end = lambda: None


TESTS = [value for value in list(globals().values())
         if callable(value) and getattr(value, '__module__', '') == '__main__'
         and getattr(value, '__name__', '').count('_') > 1]


def main():
    with load() as running:
        done = subprocess.run([KALLOC, 'show', str(running.pid), 'slabinfo'],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode and b'may not be read' in done.stderr:
            print('skipped: %s' % done.stderr.decode().strip())
            return SKIPPED
    for test in TESTS:
        test()
        print('ok %s' % test.__name__, flush=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
