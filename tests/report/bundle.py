#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/page/page.html is what its sources make, byte for byte; it is small enough, and
the lock file names no place to fetch from.

usage: bundle.py ROOT FOLDER

FOLDER has the npm packages of tools/page.
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

import tools

MOST_BYTES = 200 * 1000


def main():
    root, folder = tools.arguments()
    page = root / 'tools/page'
    lock = json.loads((page / 'package-lock.json').read_text())
    fetched = [name for name, package in lock['packages'].items() if 'resolved' in package]
    packed = len(gzip.compress((page / 'page.html').read_bytes(), 9))
    print('%d packages locked, %d with an address; %d bytes in gzip' % (
        len(lock['packages']), len(fetched), packed))
    if fetched or packed > MOST_BYTES:
        return 1
    node, modules = tools.find_node(), tools.find_modules(root, folder)
    with tempfile.TemporaryDirectory() as where:
        built = pathlib.Path(where) / 'page.html'
        subprocess.run([node, page / 'build.mjs', built, modules], check=True)
        if built.read_bytes() != (page / 'page.html').read_bytes():
            print('tools/page/page.html is not what its sources make: '
                  'cd tools/page && npm ci && npm run build')
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
