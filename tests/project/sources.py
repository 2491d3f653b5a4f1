#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every source file names its licence in its first lines, has at most 600 lines,
and leaves nothing to be done later. The licence is MIT, and GPL-2.0 for what is
under GPL_FOLDER: a kernel module, used in tests only.

usage: sources.py ROOT
"""
import pathlib
import re
import sys

MAX_LINES = 600
FOLDERS = ['.ci', 'bench', 'compat', 'examples', 'include', 'scripts', 'src', 'tests', 'tools']
GPL_FOLDER = 'tests/parity/kernel'
LATER = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X)\b')
SOURCE_SUFFIXES = {'.kalloc', '.c', '.h', '.in', '.lds', '.py', '.sh', '.map', '.build', '.js', '.mjs', '.jsx', '.css'}
FETCHED = {'__pycache__', 'node_modules'}
SOURCE_NAMES = {'Kbuild'}


def is_source(path):
    if path.suffix in SOURCE_SUFFIXES or path.name in SOURCE_NAMES:
        return True
    return path.suffix == '' and path.read_bytes().startswith(b'#!')


def main():
    root = pathlib.Path(sys.argv[1])
    wrong = []
    nr_files = 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            if not path.is_file() or FETCHED & set(path.parts) or not is_source(path):
                continue
            nr_files += 1
            where = path.relative_to(root)
            lines = path.read_text().splitlines()
            licence = 'GPL-2.0' if (root / GPL_FOLDER) in path.parents else 'MIT'
            if not any(re.search(r'SPDX-License-Identifier: %s\b' % re.escape(licence), line)
                       for line in lines[:2]):
                wrong.append('%s: no licence, or not %s' % (where, licence))
            if len(lines) > MAX_LINES:
                wrong.append('%s: %d lines' % (where, len(lines)))
            for number, line in enumerate(lines, 1):
                if LATER.search(line):
                    wrong.append('%s:%d: %s' % (where, number, line.strip()))
    print(*wrong, sep='\n')
    print('%d files, %d offences' % (nr_files, len(wrong)))
    return bool(wrong) or nr_files == 0


if __name__ == '__main__':
    sys.exit(main())
