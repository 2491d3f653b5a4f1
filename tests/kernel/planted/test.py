#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is wrong in these programs is found, and told where it is, with each compiler.
leak.c: every kind of lost memory by the function that asked for it, and nothing where
nothing is. misuse.c, made with --asan: each way to touch or free what is not one's own, by
the line, and nothing where all is right. rules.c: what the library reports, which is an
error as a warning of the program's own is. sleeps.c: who may sleep where he must not, and that
who waits for himself ends. pending.c: what would go on after the end. locks.c: what the
tree's own checks of locks say. fail.c, with a kernel tree and without: what does not survive
that a request fails, and that all that is asked for is tried. calls.c, module.c, suite.c:
which calls of init and exit are made, what is said of arguments, the exit status. And the
layer is compiled anew when a file of the tree that it was made of has changed.

The sources are those of Debian's package linux-source-6.1, which run.py unpacks.

usage: test.py KALLOC-KCC WORK LIBRARY COMPILER...
"""
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import types

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import run as kernel_tests  # noqa: E402

CLEAN = 'cases passed 0, failed 0; live 0\n'

# What leak.c loses: how it is told, how many of how many bytes, and by which function.
LOST = [
    ('leaky 3', 3, 120, 'object_lose'),
    ('kmalloc-128 1', 1, 128, 'kmalloc_lose'),
    ('vmalloc areas 1', 1, 20480, 'area_lose'),
    ('frames 9', 4, 16384, 'page_lose'),
    ('frames 9', 5, 20480, 'area_lose'),
    ('per-CPU areas 1', 1, 48, 'percpu_lose'),
    ('kmalloc-2k 1', 1, 2048, r'alloc_workqueue\S* < queue_lose'),
    ('kmalloc-1k 2', 1, 1024, r'(?:\S+ < )*proc_mkdir\S* < proc_lose'),
    ('kmalloc-1k 2', 1, 1024, r'(?:\S+ < )*debugfs_create_dir\S* < debugfs_lose'),
]

# Which rule rules.c breaks, what is told of it, and what is lost for good.
RULES = [
    ('sleep', r'^BUG: sleeping function called from invalid context', 0),
    ('free', r'^WARNING: ', 0),
    ('page', r'^BUG: Bad page state', 1),
]

NOTHING = 'kalloc: warnings seen 0, expected 0; ' + CLEAN
INIT_FAILED = 'kalloc: calls of init failed 1, expected 0\n'

# Arguments of calls.c, the exit status, and all that is said.
FIRST = 'first\nsecond\nthird, loud 0, number 1\n'
BUSY = FIRST + 'kalloc: calls_init returned -16\n' + NOTHING
CALLS = [
    ([], 0, FIRST + 'exit 1\n' + NOTHING),
    (['loud_mode', 'number=7'], 0, FIRST.replace('loud 0, number 1', 'loud 1, number 7')
     + 'exit 1\n' + NOTHING),
    (['calls.loud-mode=y'], 0, FIRST.replace('loud 0', 'loud 1') + 'exit 1\n' + NOTHING),
    (['how=busy'], 1, BUSY + INIT_FAILED),
    (['how=busy', '--init-errors=1'], 0, BUSY),
    (['--init-errors=1'], 1, FIRST + 'exit 1\n' + NOTHING
     + 'kalloc: calls of init failed 0, expected 1\n'),
    (['how=again'], 0, BUSY.replace('16', '11')),
    (['how=locked'], 1, FIRST + r'WARNING: (.*\n)*initcall calls_init returned with preemption '
     r'imbalance 1\n(.*\n)*exit 1\nkalloc: warnings seen 1, expected 0; ' + CLEAN),
    (['--fail-each'], 0, FIRST + r'exit 1\n' + NOTHING + r'kalloc: (\d+) requests from \d+ call '
     r'stacks; failed one by one \1, survived \1, to the end \d+, not made 0\n'),
    (['number'], 2, r'number: needs a value\n'),
    (['number=many'], 2, r'number=many: not a value that it can have\n'),
    (['nobody=1'], 2, r'nobody=1: no such parameter; --help lists them\n'),
    (['how_=good'], 2, r'how_=good: no such parameter; --help lists them\n'),
    (['--warns=x'], 2, r'--warns=x: not a number\n'),
    (['--fail-nth=0'], 2, r'--fail-nth=0: not a number of 1 and more\n'),
    (['--nobody'], 2, r'--nobody: no such argument; --help lists them\n'),
    (['--quietly'], 2, r'--quietly: no such argument; --help lists them\n'),
    (['--fail-each', '--leak-sites'], 2, r'--fail-each excludes --fail-nth and --leak-sites\n'),
    (['--machine=bogus'], 2, r"kalloc: unknown parameter 'bogus'\n"),
    (['--machine=mem=1K'], 2, r'kalloc: mem=1K: must be .*\n'),
]

# How sleeps.c sleeps, how many warnings that is (None: the program ends there), what is told.
INVALID = r'^BUG: sleeping function called from invalid context at .*\n'
DEPTH = INVALID + r'(?:.*\n){2}RCU nest depth: %d, expected: 0$'
ATOMIC = r'^BUG: scheduling while atomic: main/1/0x00000001$'
NEVER = r'^Kernel panic - not syncing: %s, '
SLEEPS = [
    ('nothing', 0, ''),
    ('rcu_alloc', 1, DEPTH % 2),
    ('rcu_mutex', 1, DEPTH % 1),
    ('rcu_synchronize', None,
     NEVER % r'synchronize_rcu\(\) in a read-side critical section of RCU'),
    ('lock_synchronize', 1, INVALID),
    ('lock_barrier', 1, INVALID),
    ('rcu_waits_for_barrier', None,
     NEVER % r'rcu_barrier\(\) in a read-side critical section of RCU'),
    ('callback_synchronize', 1, INVALID),
    ('callback_barrier', None, NEVER % r'rcu_barrier\(\) in a callback of RCU'),
    ('lock_mutex_twice', 2, INVALID),
]

# With a tree only; there who goes to sleep is told, too.
SLEEPS_OF_TREE = [
    ('lock_barrier', 2, ATOMIC),
    ('nothing_of_tree', 0, ''),
    ('rcu_schedule', 1, r'^Voluntary context switch within RCU read-side critical section!'),
    ('lock_schedule_twice', 2, ATOMIC),
    ('srcu_synchronize', None,
     NEVER % r'synchronize_srcu\(\) in a read-side critical section of the same domain'),
    ('srcu_synchronize_expedited', None,
     NEVER % r'synchronize_srcu_expedited\(\) in a read-side critical section of the same domain'),
    ('rcu_synchronize_expedited', None,
     NEVER % r'synchronize_rcu\(\) in a read-side critical section of RCU'),
    ('lock_free_later', 1, INVALID),
    ('lock_percpu', 1, INVALID),
    ('rcu_percpu', 1, DEPTH % 1),
    ('lock_flush', 1, INVALID),
    ('lock_cancel', 1, INVALID),
    ('lock_cancel_delayed', 1, INVALID),
    ('lock_queue_make', 1, INVALID),
    ('non_block_alloc', 1, r'non_block: 1, '),
    ('non_block_mutex', 1, r'non_block: 1, '),
]

# What pending.c leaves, how much that is (of a thread, memory as well), and how it is told.
PENDING = [
    ('nothing', 0, ''),
    ('timer', 1, r'^kalloc: live: timer of timer_call$'),
    ('pinned', 1, r'^kalloc: live: timer of timer_call$'),
    ('hrtimer', 1, r'^kalloc: live: hrtimer of hrtimer_call$'),
    ('hrtimer_pinned', 1, r'^kalloc: live: hrtimer of hrtimer_call$'),
    ('work', 1, r'^kalloc: live: delayed work of work_call$'),
    ('thread', 2, r'^kalloc: live: threads 1\nkalloc: live: kmalloc-128 1$'),
]

# How locks.c uses them, the exit status (None: it waits for ever), and what is told.
LOCKS = [
    ('nothing', 0, ''),
    ('spin_never_made', 1, r'^BUG: spinlock bad magic on CPU#0, main/1$'),
    ('spin_not_held', 1, r'^BUG: spinlock already unlocked on CPU#0, main/1$'),
    ('spin_twice', None, r'^BUG: spinlock recursion on CPU#0, main/1$'),
    ('mutex_not_held', 1, r'^DEBUG_LOCKS_WARN_ON\('),
]

# What fail.c does, how many of its requests survive (None: all), and what is told.
FAILS = [
    ('good', None, ''),
    ('warn', None, ''),
    ('thread', None, ''),
    ('items', None, ''),
    ('crash', 1, r'ended by signal 11 in check\S* < pair_ask\+'),
    ('bug', 1, r'ended by signal 6 in .*check\S* < pair_ask\+'),
    ('leak', 1, r'1 left behind'),
    ('sections', 5, r'ended by signal 11 in (fail_init|sections_ask)'),
]

# With a tree only, where the layer's own requests are what fails.
FAILS_OF_TREE = [
    ('layer', None, ''),
    ('percpu', 1, r'of percpu_ask\+.*\n.*ended by signal 11 in percpu_ask\+'),
    ('queue', 1, r'of .*alloc_workqueue\S* < queue_ask\+.*\n.*ended by signal'),
    ('proc', 2, r'of .*proc_mkdir\S* < proc_ask\+.*\n.*ended by signal'),
    ('debugfs', 2, r'of .*debugfs_create_dir\S* < debugfs_ask\+.*\n.*ended by signal'),
]


def run(*command):
    return subprocess.run([str(part) for part in command], text=True, errors='replace',
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def summary(text):
    """Requests, call stacks, tried, survived, to the end, not made."""
    return tuple(map(int, re.search(
        r'^kalloc: (\d+) requests from (\d+) call stacks; failed one by one (\d+), '
        r'survived (\d+), to the end (\d+), not made (\d+)$', text, flags=re.M).groups()))


class Check:
    def __init__(self, kcc, library, compiler, where):
        self.kcc = [kcc, '--cc', compiler, '--library', library, '--quiet']
        self.compiler, self.where = compiler, where
        self.failures = 0

    def that(self, good, what, *outputs):
        if not good:
            self.failures += 1
            print('%s: %s' % (self.compiler, what), *outputs, sep='\n')

    def compile(self, name, tree, *flags):
        program = self.where / name[:-2]
        done = run(*self.kcc, *(['--ktree', tree] if tree else []), *flags, FOLDER / name,
                   '-o', program)
        self.that(done.returncode == 0, '%s does not compile' % name, done.stdout)
        return program

    def leaks(self, tree):
        program = self.compile('leak.c', tree)
        done = run(program, '--leak-sites')
        self.that(done.returncode == 1, 'leak: status %d' % done.returncode, done.stdout)
        sections = dict(re.findall(r'^kalloc: live: (.*)\n((?:kalloc:   .*\n)*)', done.stdout,
                                   flags=re.M))
        for section, *expected, function in LOST:
            sites = re.findall(r'(\d+), (\d+) bytes, by %s\+0x' % function,
                               sections.get(section, ''))
            told = [sum(int(site[i]) for site in sites) for i in (0, 1)]
            self.that(told == expected, 'leak: %s of %s: %s' % (section, function, told),
                      done.stdout)
        done = run(program)
        self.that(done.returncode == 1 and '--leak-sites' in done.stdout and
                  'bytes, by' not in done.stdout, 'leak without sites', done.stdout)
        done = run(program, '--leak-sites', 'none=1')
        self.that(done.returncode == 0 and done.stdout.endswith(CLEAN), 'leak none=1', done.stdout)
        done = run(program, 'none=1', '--machine=kasan=on')
        self.that(done.returncode == 2 and 'kasan=on: the program is not made' in done.stdout,
                  'kasan=on without a sanitizer', done.stdout)

    def misuses(self, tree):
        # The same layer as the rows have.
        program = self.compile('misuse.c', tree, *kernel_tests.FLAGS['asan'])
        ways = re.findall(r'^way (\w+)$', run(program, 'what=list').stdout, flags=re.M)
        self.that(len(ways) > 20, 'misuse has no ways')
        for way in ways:
            done = run(program, 'what=' + way)
            if way == 'nothing':
                good = done.returncode == 0 and done.stdout.endswith(CLEAN)
            else:
                good = (done.returncode and re.search(r'ERROR: AddressSanitizer: ', done.stdout)
                        and re.search(r' in %s .*misuse\.c:\d+' % way, done.stdout)
                        and ('double-free' in done.stdout) == bool(re.match('double|inner', way)))
            self.that(good, 'misuse %s: status %d' % (way, done.returncode), done.stdout)
        done = run(program, 'what=use_after_free', '--machine=kasan=off')
        self.that(done.returncode == 0, 'misuse with kasan=off', done.stdout)

    def rules(self, tree):
        program = self.compile('rules.c', tree)
        machine = '--machine=mem=64M slab_nomerge slub_debug=F'
        for what, pattern, nr_lost in RULES:
            done = run(program, machine, 'what=' + what)
            self.that(done.returncode == 1 and 'warnings seen 1, ' in done.stdout
                      and re.search(pattern, done.stdout, flags=re.M), 'rule ' + what, done.stdout)
            done = run(program, machine, 'what=' + what, '--warns=1', '--live=%d' % nr_lost)
            self.that(done.returncode == 0, 'rule %s, expected' % what, done.stdout)
        done = run(program, machine)
        self.that(done.returncode == 0 and done.stdout.endswith(CLEAN), 'no rule', done.stdout)

    def sleeps(self, tree):
        program = self.compile('sleeps.c', tree)
        expected = {way: rest for way, *rest in SLEEPS + (SLEEPS_OF_TREE if tree else [])}
        ways = re.findall(r'^way (\w+)$', run(program, 'what=list').stdout, flags=re.M)
        self.that(set(ways) == set(expected), 'sleeps has other ways', ways)
        for way, (nr_warnings, pattern) in expected.items():
            done = run('timeout', '-s', 'KILL', 60, program, 'what=' + way)
            if nr_warnings is None:
                good = done.returncode == -signal.SIGABRT
            else:
                good = (done.returncode == bool(nr_warnings) and
                        'warnings seen %d, ' % nr_warnings in done.stdout)
            good = good and re.search(pattern, done.stdout, flags=re.M)
            self.that(good, 'sleeps %s: status %d' % (way, done.returncode), done.stdout)

    def pending(self, tree):
        program = self.compile('pending.c', tree)
        ways = re.findall(r'^way (\w+)$', run(program, 'what=list').stdout, flags=re.M)
        self.that(ways == [way for way, *_ in PENDING], 'pending has other ways', ways)
        for way, nr, pattern in PENDING:
            done = run(program, 'what=' + way)
            good = (done.returncode == bool(nr) and re.search(pattern, done.stdout, flags=re.M)
                    and 'live %d\n' % nr in done.stdout
                    and ('--leak-sites' in done.stdout) == (nr > 1))
            self.that(good, 'pending %s: status %d' % (way, done.returncode), done.stdout)

    def locks(self, tree):
        program = self.compile('locks.c', tree, '-DCONFIG_DEBUG_SPINLOCK',
                               '-DCONFIG_DEBUG_MUTEXES')
        for way, status, pattern in LOCKS:
            with subprocess.Popen([program, 'what=' + way], text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT) as done:
                text = ''
                late = threading.Timer(60, done.kill)
                late.start()
                for line in done.stdout:
                    text += line
                    if status is None and re.search(pattern, text, flags=re.M):
                        done.kill()
                done.wait()
                late.cancel()
            good = re.search(pattern, text, flags=re.M) and (
                'kalloc: warnings' not in text if status is None else
                done.returncode == status and 'warnings seen %d, ' % status in text)
            self.that(good, 'locks %s: status %d' % (way, done.returncode), text)

    def fails(self, tree):
        program = self.compile('fail.c', tree)
        for what, nr_lost, pattern in FAILS + (FAILS_OF_TREE if tree else []):
            done = run(program, '--fail-each', 'what=' + what)
            made, _, tried, survived, _, unmade = summary(done.stdout)
            good = (made >= 2 and tried == made and not unmade
                    and tried - survived == (nr_lost or 0)
                    and done.returncode == bool(nr_lost) and re.search(pattern, done.stdout))
            self.that(good, 'fail %s: status %d' % (what, done.returncode), done.stdout)
        done = run(program, '--fail-each', '--limit=1', 'what=hang')
        self.that(done.returncode == 1 and 'no end after 1 s (1 requests)' in done.stdout, 'hang',
                  done.stdout)
        done = run(program, '--fail-each=1000', 'what=items')
        made, stacks, tried, survived, whole, _ = summary(done.stdout)
        self.that(made >= 200 and stacks < 5 and 2 < tried <= 3 * stacks and survived == tried
                  and whole >= stacks,
                  'items, not each', done.stdout)
        self.one_fails(program)

    def calls(self, tree):
        program = self.compile('calls.c', tree)
        for words, status, text in CALLS:
            done = run(program, *words)
            self.that(done.returncode == status and re.fullmatch(text, done.stdout),
                      'calls %s: status %d' % (words, done.returncode), done.stdout)
        done = run(program, '--help')
        self.that(done.returncode == 0 and all(word in done.stdout for word in (
            'usage: ', '--fail-each=K', 'calls.number=')), '--help', done.stdout)
        program = self.compile('module.c', tree)
        done = run(program)
        self.that(done.returncode == 0 and done.stdout == 'init\ncleanup\n' + NOTHING, 'module',
                  done.stdout)
        done = run(program, 'error=-5')
        self.that(done.returncode == 1 and done.stdout == 'init\nkalloc: init_module returned -5\n'
                  + NOTHING + INIT_FAILED, 'module that fails', done.stdout)

    def suites(self, tree):
        done = run(self.compile('suite.c', tree))
        self.that(done.returncode == 1 and 'not ok 1 suite' in done.stdout and
                  'failed 0; live 0\nkalloc: suites failed 1\n' in done.stdout, 'suite',
                  done.stdout)

    def one_fails(self, program):
        """The number that a sweep tells is that of --fail-nth."""
        text = run(program, '--fail-each', 'what=leak').stdout
        number = re.search(r'request (\d+) fails', text).group(1)
        done = run(program, '--fail-nth=' + number, '--leak-sites', 'what=leak')
        self.that(done.returncode == 1 and 'request %s failed' % number in done.stdout and
                  re.search(r'1, 128 bytes, by (first|pair)_ask\+', done.stdout), 'fail-nth',
                  done.stdout)
        done = run(program, '--fail-nth=1000', 'what=leak')
        self.that(done.returncode == 0 and 'request 1000 was not made' in done.stdout, 'fail-nth',
                  done.stdout)
        for wrong in ('--fail-nth=0', '--fail-each=x', '--fail-each=-1', '--jobs=', '--limit=0',
                      '--fail-everything'):
            done = run(program, wrong)
            self.that(done.returncode == 2, wrong, done.stdout)
        for other in ('--fail-nth=1', '--leak-sites'):
            done = run(program, '--fail-each', other)
            self.that(done.returncode == 2, '--fail-each with ' + other, done.stdout)


def load(path):
    """A script as a module."""
    loader = importlib.machinery.SourceFileLoader('kcc', str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('kcc', loader))
    loader.exec_module(module)
    return module


def check_cache(kcc, where):
    """Return: what is wrong with how the layer's archive is taken for current, or ''."""
    tree, cache = where / 'tree', where / 'cache'
    tree.mkdir()
    cache.mkdir()
    layer = load(kcc).Layer.__new__(load(kcc).Layer)
    layer.folder = cache
    layer.compiler = types.SimpleNamespace(tree=tree)
    for name in ('a.c', 'b.h'):
        (tree / name).write_text('')
    (where / 'other.h').write_text('')
    if layer.is_current():
        return 'an archive that there is not'
    (cache / 'a.d').write_text('a.o: %s/a.c \\\n  %s/b.h %s/other.h\n' % (tree, tree, where))
    layer.note_dependencies()
    layer.archive().write_text('')
    if not layer.is_current():
        return 'an archive that nothing has changed of'
    os.utime(where / 'other.h', ns=(0, 0))
    if not layer.is_current():
        return 'an archive, after a change of another file'
    os.utime(tree / 'b.h', ns=(0, 0))
    if layer.is_current():
        return 'an archive of which a file has changed'
    layer.note_dependencies()
    if not layer.is_current():
        return 'an archive made anew'
    (tree / 'a.c').unlink()
    return 'an archive of which a file is gone' if layer.is_current() else ''


def main():
    kcc, work, library = (pathlib.Path(argument) for argument in sys.argv[1:4])
    failures = 0
    if run('pkg-config', '--exists', 'liburcu-bp').returncode:
        print('skipped: no liburcu-bp (Debian: liburcu-dev)')
        return kernel_tests.SKIPPED
    with tempfile.TemporaryDirectory() as where:
        wrong = check_cache(kcc, pathlib.Path(where))
        if wrong:
            print('cache: %s' % wrong)
            failures += 1
    tree = kernel_tests.unpack('6.1', work)
    for compiler in sys.argv[4:]:
        with tempfile.TemporaryDirectory() as where:
            check = Check(kcc, library, compiler, pathlib.Path(where))
            check.fails(None)
            check.rules(None)
            check.calls(None)
            check.sleeps(None)
            if tree:
                check.calls(tree)
                check.suites(tree)
                check.fails(tree)
                check.rules(tree)
                check.sleeps(tree)
                check.pending(tree)
                check.leaks(tree)
                check.misuses(tree)
                if compiler == sys.argv[4]:  # a layer of its own takes half a minute
                    check.locks(tree)
            failures += check.failures
    print('%d failed' % failures)
    if not tree:
        print('without a kernel tree: install the package linux-source-6.1')
    return bool(failures)


if __name__ == '__main__':
    sys.exit(main())
