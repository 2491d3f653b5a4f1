#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The house rules of docs/architecture.md that the build alone does not hold:

  - a room includes headers of its own and front doors of the rooms below it, as
    listed in src/meson.build; only proc reads the private headers of others;
  - public headers go with their room, so they are not included from below it;
  - no header's name leads to two rooms;
  - only plat and the top of the house include headers of the operating system.

usage: rooms.py ROOT
"""
import pathlib
import re
import sys

# Base, plat and probe have one front door for each service; the other rooms have one each.
ALL_DOORS = {'base', 'plat', 'probe'}
READS_PRIVATE = {'proc'}
USES_HOST = {'plat', 'top'}

PUBLIC = {
    'types.h': 'base', 'gfp.h': 'base', 'kalloc.h': 'base', 'context.h': 'base',
    'stack.h': 'base', 'front.h': 'base', 'look.h': 'plat', 'explain.h': 'probe',
    'observe.h': 'probe',
    'page.h': 'page', 'fragment.h': 'page', 'inspect.h': 'page', 'reclaim.h': 'page',
    'mempolicy.h': 'page', 'state.h': 'page',
    'slab.h': 'slab', 'inline.h': 'slab', 'inspect_slab.h': 'slab',
    'vmalloc.h': 'vmap', 'flex_array.h': 'flex', 'mempool.h': 'pool', 'trace.h': 'proc',
}

# Made by the build, for the top of the house.
GENERATED = {'build_id.h'}

# Headers of the C language and its library's pure functions.
LANGUAGE = {'assert.h', 'ctype.h', 'errno.h', 'float.h', 'inttypes.h', 'limits.h', 'math.h',
            'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h'}


def read_rooms(src):
    text = (src / 'meson.build').read_text()
    rooms = {}
    for name, below in re.findall(r"\['(\w+)', \[([^\]]*)\]\]", text):
        rooms[name] = re.findall(r"'(\w+)'", below)
    return rooms


def check_file(path, room, below, owners):
    """Yield what is wrong with the includes of one file of a room."""
    for kind, name in re.findall(r'^#include\s*([<"])([^>"]+)[>"]', path.read_text(), flags=re.M):
        if kind == '<' and name.startswith('kalloc/'):
            owner = PUBLIC.get(name[len('kalloc/'):])
            if owner is None:
                yield '<%s> belongs to no room' % name
            elif owner != room and owner not in below:
                yield '<%s> belongs to %s, which is not below' % (name, owner)
        elif kind == '<':
            if name not in LANGUAGE and room not in USES_HOST:
                yield '<%s> is a host header' % name
        elif room not in owners.get(name, []) and name not in GENERATED:
            owner = ' and '.join(owners.get(name, ['no room']))
            if owner not in below:
                yield '"%s" is in %s, which is not below' % (name, owner)
            elif name != owner + '.h' and owner not in ALL_DOORS and room not in READS_PRIVATE:
                yield '"%s" is private to %s' % (name, owner)


def main():
    src = pathlib.Path(sys.argv[1]) / 'src'
    rooms = read_rooms(src)
    assert 'base' in rooms and 'proc' in rooms, 'src/meson.build lists no rooms'
    folders = {room: src / room for room in rooms}
    folders['top'] = src
    rooms['top'] = list(rooms)

    owners = {}
    for room, folder in folders.items():
        for header in folder.glob('*.h'):
            owners.setdefault(header.name, []).append(room)
    wrong = []
    nr_files = 0
    for room, folder in folders.items():
        for path in sorted(folder.glob('*.[ch]')):
            nr_files += 1
            for why in check_file(path, room, rooms[room], owners):
                wrong.append('%s: %s' % (path.relative_to(src), why))
    print(*wrong, sep='\n')
    print('%d files in %d rooms, %d offences' % (nr_files, len(folders), len(wrong)))
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
