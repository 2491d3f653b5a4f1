# SPDX-License-Identifier: MIT
"""The programs that run.py runs, and what they do.

A row's function is given a runner (run.py) and returns everything that has to be equal.
"""
import collections
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

Row = collections.namedtuple('Row', 'name is_short needs run shows can_run')


def missing(row):
    """Why a row cannot be run here, or None."""
    for program in row.needs:
        if not shutil.which(program):
            return 'no ' + program
    return row.can_run() if row.can_run else None


Row.missing = missing


def hash_files(folder, keep=lambda path: True):
    """A line for each file under a folder: its name and what is in it."""
    lines = []
    for path in sorted(folder.rglob('*')):
        name = str(path.relative_to(folder))
        if path.is_file() and not path.is_symlink() and keep(name):
            lines.append('%s %s' % (hashlib.sha256(path.read_bytes()).hexdigest(), name))
    return '\n'.join(lines) + '\n'


def words(count, seed=1):
    """A text of so many words, the same each time."""
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        yield 'w%d' % ((seed >> 40) % 50000)


SHELL = r'''
set -u
total=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	total=$((total + $(echo "$i" | sed 's/$/0/' | (read -r n; echo $((n + 1))))))
	(exit $i) || last=$?
done
echo "total $total last $last"
seq 2000 | while read -r n; do echo "line $n"; done | sort -r | head -n 3
text=$(seq 20000 | tr '\n' ' ')
echo "${#text}"
sh -c 'exit 7'
echo "$?"
sh -c 'kill -TERM $$'
echo "$?"
env -i /bin/sh -c 'echo "without an environment"'
'''


def run_shell(runner):
    return ''.join(runner.run([shell, '-c', SHELL])
                   for shell in ('sh', 'bash') if shutil.which(shell))


def run_sort(runner):
    (runner.folder / 'words').write_text('\n'.join(words(100000)) + '\n')
    return (runner.run(['sort', '--parallel=2', '-S', '4M', '-o', 'sorted', 'words'])
            + runner.run(['sort', '-u', '-r', 'words', '-o', 'unique'])
            + hash_files(runner.folder))


def run_xz(runner):
    (runner.folder / 'words').write_text(' '.join(words(150000)))
    return (runner.run(['xz', '-k', '-3', '-T2', '--block-size=262144', 'words'])
            + runner.run(['xz', '-t', '-v', 'words.xz']).split('\n')[0]
            + runner.run(['sh', '-c', 'xz -dc words.xz | cmp - words'])
            + hash_files(runner.folder))


PERL = r'''
my (%count, @list);
for my $i (1 .. 60000) {
	my $word = sprintf("w%05d", ($i * 7919) % 10007);
	$count{$word}++;
	push @list, $word x ($i % 5);
}
my $text = join(" ", @list);
my $n = () = $text =~ /w\d{3}(7+)/g;
print scalar(keys %count), " ", length($text), " $n\n";
for (1 .. 5) {
	my $pid = fork();
	if (!$pid) { my @more = map { "x" x $_ } 1 .. 2000; exit(@more % 256 + $_); }
	waitpid($pid, 0);
	print $? >> 8, "\n";
}
'''


def run_perl(runner):
    return runner.run(['perl', '-e', PERL])


PYTHON = r'''
import hashlib, json, re, threading, subprocess, sys
def work(n):
    rows = [{'id': i, 'name': 'n%d' % i, 'tags': ['a', str(i)], 'v': i / 7} for i in range(n)]
    text = json.dumps(rows)
    count = {}
    for word in re.findall(r'\w+', text):
        count[word] = count.get(word, 0) + 1
    tree = None
    for i in range(n):
        tree = (i, tree)
    grown = bytearray()
    for i in range(n):
        grown += b'x' * 37
    return hashlib.md5(json.dumps(json.loads(text)).encode()).hexdigest(), len(count), len(grown)
results = []
threads = [threading.Thread(target=lambda: results.append(work(8000))) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(*sorted(results), sep='\n')
print(subprocess.run([sys.executable, '-c', 'print(sum(range(1000)))'], stdout=subprocess.PIPE).stdout)
print(len(bytes(50 << 20)), len(bytearray(9 << 20) * 3))
'''


def run_python(runner):
    (runner.folder / 'work.py').write_text(PYTHON)
    return ''.join(runner.run(['python3', 'work.py'], env={'PYTHONMALLOC': way})
                   for way in ('pymalloc', 'malloc'))


# Quick ones, and all that start threads and processes, of what Debian's package holds.
PYTHON_TESTS = '''test_array test_bytes test_collections test_ctypes test_decimal test_descr
    test_dict test_fork1 test_functools test_gc test_io test_itertools test_json test_list test_mmap
    test_os test_pickle test_queue test_re test_set test_sort test_struct test_subprocess
    test_thread test_threading test_unicode test_weakref test_zlib'''.split()

# pyenv and its like have a python3 of their own in front of it.
DEBIANS_PYTHON = '/usr/bin/python3'


def python_suite_missing():
    found = subprocess.run([DEBIANS_PYTHON, '-c', 'import test.libregrtest, test.test_dict'],
                           stderr=subprocess.DEVNULL, check=False) \
        if os.path.exists(DEBIANS_PYTHON) else None
    return None if found and found.returncode == 0 else 'no libpython3-testsuite'


def run_python_suite(runner):
    """How many tests each file has, and how they ended; not what they say on the way."""
    lines = []
    for name in PYTHON_TESTS:
        printed = runner.run([DEBIANS_PYTHON, '-m', 'test', '-v', name])
        ran = re.findall(r'^Ran (\d+) tests', printed, flags=re.M)
        ended = re.findall(r'^(?:OK|FAILED).*$', printed, flags=re.M)
        failed = re.findall(r'^(?:FAIL|ERROR): .*$', printed, flags=re.M)
        lines.append(' '.join([name, 'ran', *ran, *ended, *failed, printed.split()[-1]]))
    return '\n'.join(lines) + '\n'


def show_python_suite(printed):
    return '%d tests in %d files' % (sum(map(int, re.findall(r'ran (\d+)', printed))),
                                     len(printed.splitlines()))


def history(commits, files):
    """A repository for git fast-import."""
    text = list(words(files * 300))
    for commit in range(commits):
        yield 'commit refs/heads/main\n'
        yield 'committer A <a@example.org> %d +0000\n' % (1600000000 + 1000 * commit)
        yield 'data <<END\nChange %d\nEND\n' % commit
        for file in range(commit % 3, files, 3 if commit else 1):
            at = (file * 300 + commit * 7) % (len(text) - 300)
            yield 'M 100644 inline d%d/f%d\n' % (file % 7, file)
            yield 'data <<END\n%s\nEND\n' % '\n'.join(text[at:at + 300])


GIT = ['git', '-c', 'pack.threads=1', '-c', 'gc.auto=0', '-c', 'safe.directory=*']


def use_repository(runner, origin):
    """Everything that reads and writes a repository, on a clone of one."""
    runner.environment.update(GIT_CONFIG_NOSYSTEM='1', GIT_AUTHOR_DATE='1700000000 +0000',
                              GIT_COMMITTER_DATE='1700000000 +0000', GIT_PAGER='cat')
    inside = GIT + ['-C', 'clone']
    steps = [
        GIT + ['clone', '-q', '--no-local', origin, 'clone'],
        inside + ['log', '--stat', '-n', '300'],
        inside + ['log', '-p', '-n', '60'],
        inside + ['rev-list', '--objects', '--all'],
        inside + ['repack', '-q', '-a', '-d', '-f'],
        inside + ['gc', '-q', '--prune=now'],
        inside + ['fsck', '--full', '--strict'],
        inside + ['-c', 'pack.threads=2', 'repack', '-q', '-a', '-d', '-f'],
        inside + ['-c', 'core.pager=cat', 'grep', '-c', '-e', 'w1', '-e', 'static', 'HEAD'],
        inside + ['rm', '-q', '-r', '--cached', '.'],
        inside + ['-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'all'],
        inside + ['rev-parse', 'HEAD'],
        inside + ['count-objects'],
        inside + ['archive', '--format=tar', '-o', 'tar', 'HEAD~1'],
    ]
    return ''.join(runner.run(step) for step in steps) \
        + hash_files(runner.folder / 'clone', lambda name: not name.startswith('.git/'))


def run_git(runner):
    (runner.folder / 'history').write_text(''.join(history(30, 40)))
    runner.run(GIT + ['init', '-q', '--bare', 'origin'])
    with open(runner.folder / 'history', 'rb') as given:
        status = runner.finish(runner.start(GIT + ['-C', 'origin', 'fast-import', '--quiet'],
                                            stdin=given))
    (runner.folder / 'origin/HEAD').write_text('ref: refs/heads/main\n')
    return '%d\n' % status + use_repository(runner, 'origin')


def no_repository():
    found = subprocess.run(['git', '-C', str(ROOT), 'rev-parse', '--git-dir'], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return None if found.returncode == 0 else 'this tree is no git repository'


def run_git_here(runner):
    """This project's own history, as it is at the first run."""
    origin = runner.folder.parent / 'origin.git'
    if not origin.exists():
        subprocess.run(['git', 'clone', '-q', '--bare', '--no-local', '--single-branch', str(ROOT),
                        str(origin)], check=True)
    return use_repository(runner, origin)


CXX = r'''
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>
struct alignas(64) Wide { char bytes[192]; };
int main()
{
	std::map<std::string, std::vector<std::unique_ptr<Wide>>> all;
	std::vector<std::thread> threads;
	std::vector<size_t> sums(4);
	for (int i = 0; i < 20000; i++)
		all["k" + std::to_string(i % 97)].emplace_back(new Wide());
	for (int t = 0; t < 4; t++)
		threads.emplace_back([&sums, t] {
			std::vector<std::string> many;
			for (int i = 0; i < 30000; i++)
				many.push_back(std::string(i % 100, 'x'));
			std::sort(many.begin(), many.end());
			for (auto &one : many)
				sums[t] += one.size();
		});
	for (auto &thread : threads)
		thread.join();
	bool aligned = true;
	for (auto &entry : all)
		for (auto &wide : entry.second)
			aligned = aligned && reinterpret_cast<size_t>(wide.get()) % 64 == 0;
	try { std::vector<char> much(~size_t(0) / 4); }
	catch (const std::bad_alloc &) { std::cout << "bad_alloc\n"; }
	std::cout << all.size() << ' ' << sums[0] + sums[3] << ' ' << aligned << '\n';
}
'''


def run_gcc_file(runner):
    shutil.copy(ROOT / 'src/base/rbtree.c', runner.folder / 'rbtree.c')
    (runner.folder / 'prog.cc').write_text(CXX)
    include = ['-I', str(ROOT / 'include'), '-I', str(ROOT / 'src/base')]
    return (runner.run(['gcc', '-std=gnu11', '-O2', '-g', *include, '-c', 'rbtree.c'])
            + (runner.run(['g++', '-O1', '-g', '-pthread', 'prog.cc', '-o', 'prog'])
               + runner.run(['./prog']) if shutil.which('g++') else '')
            + hash_files(runner.folder))


def run_gcc(runner):
    """This project, by Meson, Ninja and gcc."""
    build = runner.folder / 'build'
    runner.environment.update(CC='gcc')
    printed = (runner.run(['meson', 'setup', '-Dtests=disabled', build, ROOT])
               + runner.run(['ninja', '-C', build, '--quiet', 'tools/kalloc',
                             'src/malloc/libkalloc-malloc.so']))
    printed = re.sub(r'\d+\.\d+ ?s', '', printed)
    return printed + hash_files(build, lambda name: re.search(r'\.(o|a|so[.\d]*)$', name)
                                or name == 'tools/kalloc')


def show_gcc(printed):
    return '%d artifacts' % len(re.findall(r'^[0-9a-f]{64} ', printed, flags=re.M))


SQL = '''
create table t(id integer primary key, name text, value real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 40000)
	insert into t select i, printf('name%d', (i * 7919) % 10007), i / 7.0 from n;
create index by_name on t(name);
select count(*), count(distinct name), sum(value) from t;
select name, count(*), group_concat(id) from t group by name order by 2 desc, 1 limit 5;
select a.id, b.id from t a join t b on a.name = b.name and a.id < b.id order by 1, 2 limit 5;
update t set name = upper(name) where id % 3 = 0;
delete from t where id % 5 = 0;
vacuum;
pragma integrity_check;
select count(*), max(name) from t;
'''


def run_sqlite(runner):
    return runner.run(['sqlite3', 'file.db'], text=SQL) + hash_files(runner.folder)


NODE = r'''
const { Worker, isMainThread, parentPort } = require('worker_threads');
const zlib = require('zlib'), crypto = require('crypto');
function work() {
	const rows = [];
	for (let i = 0; i < 30000; i++) rows.push({ id: i, name: 'n' + (i * 7919) % 10007 });
	const text = JSON.stringify(rows);
	const packed = zlib.deflateSync(Buffer.from(text));
	const back = zlib.inflateSync(packed).toString();
	return crypto.createHash('sha256').update(back).digest('hex') + ' ' + (back === text);
}
if (!isMainThread) parentPort.postMessage(work());
else {
	console.log(work());
	for (let i = 0; i < 2; i++)
		new Worker(__filename).on('message', m => console.log(m));
}
'''


def run_node(runner):
    (runner.folder / 'work.js').write_text(NODE)
    return runner.run(['node', 'work.js'])


def redis_commands():
    for i, word in enumerate(words(30000)):
        yield 'SET key:%d %s\r\n' % (i % 5000, word * (i % 9 + 1))
        yield 'LPUSH list:%d %s\r\n' % (i % 50, word)
        yield 'HSET hash:%d %s %d\r\n' % (i % 20, word, i)
        yield 'ZADD sorted %d %s\r\n' % (i, word)
        if i % 3 == 0:
            yield 'DEL key:%d\r\n' % ((i * 7) % 5000)
        if i % 10 == 0:
            yield 'LTRIM list:%d 0 100\r\n' % (i % 50)


def wait_for(what):
    for _ in range(1200):
        if what():
            return
        time.sleep(0.05)
    raise TimeoutError


def run_redis(runner):
    """A server, filled and saved by a forked child, and redis-benchmark on another of its databases."""
    socket = str(runner.folder / 'socket')
    # One binary by several names; Debian's package of this one starts no service.
    (runner.folder / 'redis-server').symlink_to(shutil.which('redis-check-rdb'))

    def ask(*command, text=''):
        return subprocess.run(['redis-cli', '-s', socket, *command], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout

    with open(runner.folder / 'log', 'wb') as log:
        server = runner.start(['./redis-server', '--port', '0', '--unixsocket', socket, '--save', '',
                               '--enable-debug-command', 'yes', '--appendonly', 'yes'],
                              stdout=log, stderr=subprocess.STDOUT)
        wait_for(lambda: ask('ping') == 'PONG\n' or server.poll() is not None)
        printed = [ask('--pipe', text=''.join(redis_commands())).splitlines()[-1]]
        bench = subprocess.run(['redis-benchmark', '-s', socket, '--dbnum', '1', '-q', '-n', '20000',
                                '-r', '1000', '-P', '8', '-t',
                                'ping,set,get,incr,lpush,rpop,sadd,hset,zadd,mset'],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               check=False)
        printed += ['benchmark %d' % bench.returncode]
        printed += re.findall(r'([A-Z]+)[^:\r\n]*: [\d.]+ requests per second', bench.stdout)
        ask('-n', '1', 'flushdb')
        printed += [ask('debug', 'digest'), ask('dbsize'), ask('bgsave')]
        wait_for(lambda: 'rdb_bgsave_in_progress:0' in ask('info', 'persistence'))
        printed += re.findall(r'rdb_last_bgsave_status:\w+', ask('info', 'persistence'))
        printed += [ask('bgrewriteaof')]
        wait_for(lambda: 'aof_rewrite_in_progress:0' in ask('info', 'persistence')
                 and 'aof_rewrite_scheduled:0' in ask('info', 'persistence'))
        printed += [ask('debug', 'reload'), ask('debug', 'digest')]
        ask('shutdown', 'nosave')
        printed += ['status %d' % runner.finish(server)]
    log = (runner.folder / 'log').read_text(errors='replace')
    printed += [line for line in log.splitlines() if 'kalloc' in line or 'REDIS BUG' in line]
    return '\n'.join(printed) + '\n'


ROWS = [
    Row('shell', True, ['sh'], run_shell, None, None),
    Row('sort', True, ['sort'], run_sort, None, None),
    Row('xz', True, ['xz'], run_xz, None, None),
    Row('perl', True, ['perl'], run_perl, None, None),
    Row('python', True, ['python3'], run_python, None, None),
    Row('sqlite', True, ['sqlite3'], run_sqlite, None, None),
    Row('git', True, ['git'], run_git, None, None),
    Row('gcc-file', True, ['gcc'], run_gcc_file, None, None),
    Row('node', False, ['node'], run_node, None, None),
    Row('redis', False, ['redis-check-rdb', 'redis-cli', 'redis-benchmark'], run_redis, None, None),
    Row('git-here', False, ['git'], run_git_here, None, no_repository),
    Row('gcc', False, ['gcc', 'meson', 'ninja'], run_gcc, show_gcc, None),
    Row('python-tests', False, [], run_python_suite, show_python_suite, python_suite_missing),
]
