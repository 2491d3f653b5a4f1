# SPDX-License-Identifier: MIT
"""Who is measured: the library's layers, each a program of its own, and the peers, which
are the program "malloc" with and without an LD_PRELOAD, and "mmap"."""
import os
import pathlib
import subprocess
import sys

OURS = ['cache', 'kmalloc', 'cache-1024', 'page-0', 'page-1', 'page-3', 'page-4', 'page-9',
        'page-10', 'vmalloc', 'layers']
# Debian's own: name, file. Where they lie differs by architecture; the loader knows.
PRELOADED = [
    ('mimalloc', 'libmimalloc.so.2'),
    ('jemalloc', 'libjemalloc.so.2'),
    ('tcmalloc', 'libtcmalloc_minimal.so.4'),
    ('tbbmalloc', 'libtbbmalloc_proxy.so.2'),
]


class Contender:
    def __init__(self, name, program, preload=None, is_peer=False):
        self.name = name
        self.program = program
        self.is_peer = is_peer  # has malloc, so takes part in "best"
        self.environment = dict(os.environ)
        self.environment.pop('LD_PRELOAD', None)
        # The machine is the default one, whatever the user has set for other programs.
        self.environment.pop('KALLOC_CMDLINE', None)
        if preload:
            self.environment['LD_PRELOAD'] = preload
        self.shapes = []

    def run(self, *arguments, timeout=300):
        return subprocess.run([str(self.program), *arguments], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout)

    def measures_file(self, file):
        """Does malloc come from this file? The loader only warns about one it cannot load."""
        where = self.run('--malloc').stdout.strip()
        return os.path.basename(os.path.realpath(where)) == os.path.basename(
            os.path.realpath(file)) or os.path.basename(where) == os.path.basename(file)


def all_of(programs, against, error):
    """The contenders whose program is there, each with the shapes it knows."""
    malloc = programs / 'malloc'
    found = [Contender(name, programs / name) for name in OURS]
    found.append(Contender('glibc', malloc, is_peer=True))
    for name, file in PRELOADED:
        peer = Contender(name, malloc, preload=file, is_peer=True)
        if peer.measures_file(file):
            found.append(peer)
        else:
            print('bench: %s is left out: %s cannot be loaded' % (name, file), file=sys.stderr)
    for name, file in against:
        if name in [contender.name for contender in found] or name in ('best', 'mmap', 'linux'):
            error('--against: %s is the name of another' % name)
        peer = Contender(name, malloc, preload=file, is_peer=True)
        if not peer.measures_file(file):
            error('--against: %s cannot be loaded, or has no malloc' % file)
        found.append(peer)
    found.append(Contender('mmap', programs / 'mmap'))
    found = [contender for contender in found if pathlib.Path(contender.program).exists()]
    for contender in found:
        contender.shapes = contender.run('--list').stdout.split()
    return found
