# SPDX-License-Identifier: MIT
"""What the tests of the page run: node, the packages of tools/page, Chromium."""
import pathlib
import shutil
import sys

SKIPPED = 77


def skip(why):
    print('skipped: ' + why)
    sys.exit(SKIPPED)


def find_node():
    return shutil.which('node') or skip('no node; Debian has it in the package nodejs')


def find_chromium():
    return shutil.which('chromium') or skip('no chromium; Debian has it in a package of that name')


def find_modules(root, folder):
    """The packages, as the lock file of the tree wants them."""
    lock, locked = root / 'tools/page/package-lock.json', folder / 'package-lock.json'
    modules = folder / 'node_modules'
    if not modules.is_dir() or not locked.is_file() or lock.read_bytes() != locked.read_bytes():
        skip('%s is not there or not up to date; scripts/test fetches it with npm' % modules)
    return modules


def arguments():
    return [pathlib.Path(argument) for argument in sys.argv[1:]]
