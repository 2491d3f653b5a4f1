#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The library exports what the headers declare, and nothing else: the KALLOC_API
and KALLOC_DATA names of include/kalloc, the names in src/libkalloc.map (in order) and the dynamic
symbols of libkalloc.so are one set.

usage: symbols.py ROOT NM LIBRARY
"""
import pathlib
import re
import subprocess
import sys


def declared(root):
    names = set()
    for header in sorted((root / 'include/kalloc').glob('*.h')):
        text = re.sub(r'/\*.*?\*/', '', header.read_text(), flags=re.S)
        text = text.replace('\\\n', ' ')
        text = re.sub(r'^\s*#.*$', '', text, flags=re.M)
        names |= set(re.findall(r'\bKALLOC_API\b[^;{(]*?\b(\w+)\s*\(', text))
        names |= set(re.findall(r'\bKALLOC_DATA\b[^;{]*?\b(\w+)\s*;', text))
    return names


def mapped(root):
    text = (root / 'src/libkalloc.map').read_text()
    exported = re.search(r'global:(.*?)local:\s*\*;', text, flags=re.S).group(1)
    return re.findall(r'(\w+);', exported)


def exported(nm, library):
    lines = subprocess.run([nm, '-D', '--defined-only', library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    symbols = [line.split()[-2:] for line in lines]
    # The version itself is an absolute symbol.
    return {name.split('@')[0] for kind, name in symbols if kind != 'A'}


def main():
    root, nm, library = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    in_map = mapped(root)
    sets = {'headers': declared(root), 'map': set(in_map), 'library': exported(nm, library)}
    wrong = False
    for a in sets:
        for b in sets:
            for name in sorted(sets[a] - sets[b]):
                print('%s: in the %s, not in the %s' % (name, a, b))
                wrong = True
    for before, name in zip(in_map, in_map[1:]):
        if before >= name:
            print('map: %s stands before %s' % (before, name))
            wrong = True
    print('%d symbols' % len(sets['headers']))
    return wrong or not sets['headers']


if __name__ == '__main__':
    sys.exit(main())
