#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where a kernel's sources are, for tests that compile some of them.

usage: ktree.py VERSION BUILD-DIR    prints the folder, or says what is missing

The sources are $KALLOC_KTREE, if they are of that version, else Debian's package
linux-source-VERSION: what tests may need of it is unpacked in the build directory.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# A version may lack the last ones.
PARTS = ['Makefile', 'include', 'lib', 'kernel', 'mm', 'drivers/base', 'scripts/dtc',
         'tools/include', 'tools/lib', 'tools/testing/radix-tree', 'tools/testing/selftests',
         'tools/testing/shared']


class Missing(Exception):
    """What is not here, in one line."""


def version_of(tree):
    """Such as '6.1.192'; None if there is no kernel tree."""
    try:
        text = (tree / 'Makefile').read_text()
    except OSError:
        return None
    found = re.search(r'^VERSION = (\d+)\nPATCHLEVEL = (\d+)\nSUBLEVEL = (\d+)', text, flags=re.M)
    return found and '.'.join(found.groups())


def unpack(archive, name, folder):
    """Under another name first, so that nobody finds half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as where:
        # It fails over parts that the version lacks, having unpacked all others.
        subprocess.run(['tar', '-C', where, '-xf', archive, *('%s/%s' % (name, part)
                                                              for part in PARTS)],
                       stderr=subprocess.DEVNULL, check=False)
        tree = pathlib.Path(where) / name
        if version_of(tree) is None:
            raise Missing('%s has no kernel tree, or there is no tar or xz to unpack it' % archive)
        if not (folder / name).exists():
            shutil.move(tree, folder / name)


def find(version, build):
    named = os.environ.get('KALLOC_KTREE')
    if named and (version_of(pathlib.Path(named)) or '').startswith(version + '.'):
        return pathlib.Path(named)
    name = 'linux-source-' + version
    folder = pathlib.Path(build) / 'ktree'
    if version_of(folder / name) is None:
        archive = pathlib.Path('/usr/src') / (name + '.tar.xz')
        if not archive.exists():
            raise Missing("no sources of Linux %s: install Debian's package %s, or set "
                          'KALLOC_KTREE to a tree' % (version, name))
        unpack(archive, name, folder)
    return folder / name


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(find(*sys.argv[1:]))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
