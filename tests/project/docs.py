#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents keep up with the tree: every relative link leads to a file, the
README's tables name the parameters of src/params.c and the files of
src/proc/files.c and src/proc/cache_files.c, docs/architecture.md the ranks of
src/base/lockrank.h that are in use, in its order, and docs/scenarios.md the verbs and
functions of tools/scenario, and docs/labs.md the labs.

usage: docs.py ROOT
"""
import pathlib
import re
import sys


def dead_links(root):
    for document in [*root.glob('*.md'), *(root / 'docs').glob('*.md'),
                     *(root / 'examples').rglob('*.md'), *(root / 'tests').rglob('*.md')]:
        text = re.sub(r'```.*?```', '', document.read_text(), flags=re.S)
        for target in re.findall(r'\]\(([^)#]+)', text):
            if '://' not in target and not (document.parent / target).exists():
                yield '%s: no %s' % (document.relative_to(root), target)


def first_cells(text, heading):
    """The code words in the first column of the table under a heading."""
    section = text.split('\n%s\n' % heading, 1)[1].split('\n## ', 1)[0]
    rows = re.findall(r'^\|([^|]*)\|', section, flags=re.M)
    return [word for row in rows for word in re.findall(r'`([^`]*)`', row)]


def differences(what, documented, real):
    for name in sorted(set(documented) ^ set(real)):
        yield '%s: %s is only %s' % (what, name, 'documented' if name in documented else 'there')


def words_of_scripts(root):
    """Documented and real verbs, and the same of functions."""
    text = (root / 'docs/scenarios.md').read_text()
    for heading, files, entry in [('## Verbs', 'verbs_*.c', r'^\t\{ \.name = "(\w+)"'),
                                  ('## Functions', 'functions_*.c', r'^\t\{ "(\w+)", "')]:
        cells = first_cells(text, heading)
        real = [name for path in sorted((root / 'tools/scenario').glob(files))
                for name in re.findall(entry, path.read_text(), flags=re.M)]
        assert real, files
        yield heading[3:], [re.match(r'\w+', cell).group() for cell in cells], real


def main():
    root = pathlib.Path(sys.argv[1])
    readme = (root / 'README.md').read_text()
    wrong = list(dead_links(root))

    params = re.findall(r'^\t\{ "([\w.]+)", KIND_', (root / 'src/params.c').read_text(), flags=re.M)
    cells = first_cells(readme, '## The command line of a machine')
    documented = [re.match(r'[\w.]+', cell).group() for cell in cells]
    wrong += differences('parameter', documented, params)

    files = re.findall(r'^\t\{ "(/[\w/-]+)"', (root / 'src/proc/files.c').read_text(), flags=re.M)
    folders = {
        '/sys/kernel/slab/<cache>/': ('src/proc/cache_files.c', r'\.path = ANY "(\w+)"'),
        '/sys/kernel/tracing/': ('src/proc/files.c', r'^\t\{ TRACING "(\w+)"'),
    }
    wrong += differences('file', first_cells(readme, '## The files of a machine'),
                         files + [*folders, '/sys/kernel/tracing/events/'])
    for folder, (source, entry) in folders.items():
        real = re.findall(entry, (root / source).read_text(), flags=re.M)
        assert real, source
        row = re.search(r'^\| `%s` \|(.*)$' % re.escape(folder), readme, flags=re.M).group(1)
        wrong += differences('file of ' + folder, re.findall(r'`(\w+)`', row), real)

    for what, documented, real in words_of_scripts(root):
        wrong += differences(what, documented, real)

    labs = re.findall(r'\]\(\.\./examples/labs/([\w-]+\.kalloc)\)', (root / 'docs/labs.md').read_text())
    wrong += differences('lab', labs, [path.name for path in (root / 'examples/labs').glob('*.kalloc')])

    used = ' '.join(path.read_text() for path in (root / 'src').rglob('*.[ch]')
                    if path.name != 'lockrank.h')
    ranks = re.findall(r'^\tRANK_(\w+),', (root / 'src/base/lockrank.h').read_text(), flags=re.M)
    ranks = [rank for rank in ranks if rank != 'NONE' and 'RANK_%s' % rank in used]
    section = (root / 'docs/architecture.md').read_text().split('\n## Locks\n')[1].split('\n## ')[0]
    listed = re.findall(r'^\| ([A-Z_]+) \|', section, flags=re.M)
    if listed != ranks:
        wrong.append('ranks: documented %s, there are %s' % (' '.join(listed), ' '.join(ranks)))

    print(*wrong, sep='\n')
    print('%d parameters, %d files, %d ranks' % (len(params), len(files), len(ranks)))
    return bool(wrong) or not (params and files)


if __name__ == '__main__':
    sys.exit(main())
