#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every command of the ten-minute pages does what the page says, in a home of its own and
a copy of the source tree: kalloc is built and installed as they say. Then the commands of
other documents, with that kalloc.

A page's blocks are run in their order, by one bash on a terminal. A block with a file's name
behind its language is written to that file. In a console block a line that begins with "$ "
is a command, with its here-document if it has one; "kalloc> " begins a line for its input;
what follows is what it prints. There a line "..." is any lines, "..." within a line anything.
A command must succeed, unless the page shows what it prints.

usage: pages.py ROOT
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile

PAGES = 'docs/first-*.md'
# Which of whose commands are run.
OTHERS = {'docs/labs.md': '', 'docs/scenarios.md': '', 'README.md': 'kalloc run '}

INSTALLED = 'export PATH=$HOME/.local/bin:$PATH LD_LIBRARY_PATH=$HOME/.local/lib\n'
PROMPT = 'kalloc> '
MARK = '@@'
UNTIL_LINE = r'(?:.*\n)*?'


class Command:
    """A command of a page, what it is given and what it prints."""

    def __init__(self, text, line):
        self.text, self.line = text, line
        self.input, self.promised = [], []

    def script(self):
        here = ''.join(line + '\n' for line in self.input)
        return self.text + (" <<'%sEND'\n%s%sEND" % (MARK, here, MARK) if here else '')

    def pattern(self):
        """The promised lines as a regular expression."""
        return ''.join(UNTIL_LINE if line == '...' else
                       '.*'.join(map(re.escape, line.rstrip().split('...'))) + r'[ \t]*\n'
                       for line in self.promised)

    def complaint(self, status, printed):
        """What is wrong, or None."""
        if self.promised and not re.fullmatch(self.pattern(), printed):
            return 'promises:\n%s\nand it prints:\n%s' % ('\n'.join(self.promised), printed)
        if status and not self.promised:
            return 'ends with exit status %d:\n%s' % (status, printed)
        return None


class Write(Command):
    """A file of a page."""

    def __init__(self, name, text, line):
        super().__init__("cat >%s <<'%sEND'\n%s%sEND" % (name, MARK, text, MARK), line)


def console_commands(text, line):
    """The commands of a console block that begins at a line."""
    commands, end = [], None
    for nr, row in enumerate(text.splitlines(), line):
        if end:
            commands[-1].text += '\n' + row
            end = None if row == end else end
        elif row.startswith('$ '):
            commands.append(Command(row[2:], nr))
            here = re.search(r"<<'(\w+)'$", row)
            end = here and here.group(1)
        elif not commands:
            raise SystemExit('line %d: a console block begins with "$ "' % nr)
        elif row.startswith(PROMPT):
            commands[-1].input.append(row[len(PROMPT):])
        else:
            commands[-1].promised.append(row)
    return commands


def page_steps(page):
    """The files and commands of a page."""
    text, steps = page.read_text(), []
    for block in re.finditer(r'^```(\w*)(?: (\S+))?\n(.*?)^```$', text, flags=re.M | re.S):
        language, name, body = block.groups()
        line = text[:block.start(3)].count('\n') + 1
        if language == 'console':
            steps += console_commands(body, line)
        elif name:
            steps.append(Write(name, body, line))
        elif language == 'c' and 'first-' in page.name:
            raise SystemExit('%s:%d: a program without the name of its file' % (page.name, line))
    return steps


def run_on_terminal(script, where, environment):
    """What a bash script prints on a terminal."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(['bash', script], cwd=where, env=environment,
                             stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    printed = b''
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:
            data = b''
        if not data:
            break
        printed += data
    os.close(ours)
    shell.wait()
    return printed.decode(errors='replace').replace('\r', '')


def run_steps(steps, begin, home, tree, environment):
    """Run them. Return: for each its exit status and what it printed."""
    script = home / 'page.sh'
    script.write_text(begin + 'status=0\n' + ''.join(
        '(exit $status)\n%s\nstatus=$?\nprintf "%s%%d\\n" $status\n' % (step.script(), MARK)
        for step in steps))
    printed = run_on_terminal(script, tree, environment)
    parts = re.split(MARK + r'(\d+)\n', printed)
    if len(parts) != 2 * len(steps) + 1:
        raise SystemExit('the page ended early:\n' + printed)
    return [(int(parts[2 * i + 1]), parts[2 * i]) for i in range(len(steps))]


def check(name, steps, begin, home, tree, environment):
    nr_wrong = 0
    for step, (status, printed) in zip(steps, run_steps(steps, begin, home, tree, environment)):
        complaint = step.complaint(status, printed)
        if complaint:
            print('%s:%d: $ %s\n%s\n' % (name, step.line, step.text, complaint))
            nr_wrong += 1
    print('%s: %d commands, %d not as it says' % (name, len(steps), nr_wrong))
    return nr_wrong


def environment_of(home):
    """That of a new user."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(('KALLOC', 'LD_', 'MESON', 'MALLOC', 'NINJA', 'PKG_CONFIG',
                                           'XDG_', 'ASAN', 'UBSAN', 'CFLAGS', 'LDFLAGS'))}
    environment.setdefault('PYTHONUSERBASE', os.path.expanduser('~/.local'))
    environment.update(HOME=str(home), TERM='dumb', LANG='C.UTF-8')
    return environment


def not_sources(folder, names):
    return {name for name in names if name in ('.git', 'node_modules', '__pycache__') or
            (pathlib.Path(folder) / name / 'meson-private').is_dir()}


def main():
    root = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as where:
        home, tree = pathlib.Path(where), pathlib.Path(where) / 'kalloc'
        shutil.copytree(root, tree, symlinks=True, ignore=not_sources)
        environment = environment_of(home)
        nr_wrong = 0
        for page in sorted(root.glob(PAGES)):
            name = str(page.relative_to(root))
            nr_wrong += check(name, page_steps(page), '', home, tree, environment)
        for name, first in OTHERS.items():
            steps = [step for step in page_steps(root / name) if step.text.startswith(first)]
            nr_wrong += check(name, steps, INSTALLED, home, tree, environment)
    return nr_wrong != 0


if __name__ == '__main__':
    sys.exit(main())
