#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The README's program is examples/readme/prog.c, and with the library installed
somewhere new the README's own command line compiles it; it prints what the README
says.

usage: readme.py ROOT BUILD-DIR
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

COMPILE = 'cc prog.c $(pkg-config --cflags --libs kalloc)'


def readme_blocks(root):
    """The C program of the README and the console block that follows it."""
    text = (root / 'README.md').read_text()
    return re.search(r'```c\n(.*?)```.*?```console\n(.*?)```', text, flags=re.S).groups()


def command_of(console, word):
    """The command in a console block that contains a word, and what it prints."""
    found = re.search(r'^\$ (.*%s.*)\n((?:[^$].*\n)*)' % re.escape(word), console, flags=re.M)
    return found.group(1), found.group(2)


def install(build, prefix):
    environment = dict(os.environ, DESTDIR=str(prefix))
    subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet'], check=True,
                   env=environment, stdout=subprocess.DEVNULL)
    pc = next(prefix.rglob('kalloc.pc'))
    library = next(prefix.rglob('libkalloc.so'))
    return dict(os.environ, PKG_CONFIG_LIBDIR=str(pc.parent), PKG_CONFIG_SYSROOT_DIR=str(prefix),
                LD_LIBRARY_PATH=str(library.parent))


def main():
    root, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    program, console = readme_blocks(root)
    shipped = (root / 'examples/readme/prog.c').read_text()
    if shipped != '/* SPDX-License-Identifier: MIT */\n' + program:
        print('examples/readme/prog.c is not the program in README.md')
        return 1
    compile_command, _ = command_of(console, 'cc ')
    run_command, promised = command_of(console, './a.out')
    if compile_command != COMPILE:
        print('README.md compiles its program with: ' + compile_command)
        return 1

    with tempfile.TemporaryDirectory() as where:
        environment = install(build, pathlib.Path(where) / 'installed')
        (pathlib.Path(where) / 'prog.c').write_text(shipped)
        subprocess.run(compile_command, shell=True, check=True, cwd=where, env=environment)
        printed = subprocess.run(run_command, shell=True, check=True, cwd=where, env=environment,
                                 text=True, stdout=subprocess.PIPE).stdout
    if printed.split() != promised.split():
        print('README.md promises:', promised, 'and it prints:', printed, sep='\n')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
