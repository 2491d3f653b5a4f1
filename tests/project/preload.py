#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""libkalloc-malloc.so gives programs the names in src/malloc/malloc.map, and nothing else of
what is inside: in a program that has a kfree() of its own, it is the program's. It needs the C
library alone, and its sources include no private header of the library's.

usage: preload.py ROOT NM OBJDUMP LIBRARY
"""
import pathlib
import re
import subprocess
import sys


def lines_of(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()


def main():
    root, nm, objdump, library = pathlib.Path(sys.argv[1]), *sys.argv[2:]
    folder = root / 'src/malloc'
    text = re.sub(r'/\*.*?\*/', '', (folder / 'malloc.map').read_text(), flags=re.S)
    named = set(re.findall(r'(\w+);', text.split('local:')[0]))
    exported = {line.split()[-1] for line in lines_of(nm, '-D', '--defined-only', library)}
    wrong = ['%s: %s the map only' % (name, 'in' if name in named else 'not in')
             for name in sorted(named ^ exported)]
    needed = [line.split()[-1] for line in lines_of(objdump, '-p', library) if 'NEEDED' in line]
    wrong += ['needs ' + name for name in needed if not re.match(r'(libc|ld-linux.*)\.so', name)]
    headers = {path.name for path in folder.glob('*.h')}
    for path in sorted(folder.glob('*.[ch]')):
        for name in re.findall(r'^#include\s*"([^"]+)"', path.read_text(), flags=re.M):
            if name not in headers:
                wrong.append('%s: "%s" is not of this folder' % (path.name, name))
    print(*wrong, sep='\n')
    print('%d names' % len(exported))
    return bool(wrong) or 'malloc' not in exported


if __name__ == '__main__':
    sys.exit(main())
