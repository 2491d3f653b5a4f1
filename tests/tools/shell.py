#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kalloc shell on a terminal: Tab completes, the arrow brings a line back, also in the next
session, since the history is kept; and where that cannot be, one line says so. Without
readline the shell says that, and works. Ctrl-C ends what is under way and no more.

usage: shell.py KALLOC WITH-READLINE
"""
import os
import pathlib
import pty
import re
import select
import sys
import tempfile

PATIENCE_S = 60


class Terminal:
    """The shell as its user has it. All that it shows is in `shown`."""

    def __init__(self, kalloc, state):
        self.shown = ''
        self.child, self.fd = pty.fork()
        if self.child == 0:
            environment = dict(os.environ, XDG_STATE_HOME=state, TERM='dumb', INPUTRC='/dev/null')
            os.execve(kalloc, [kalloc, 'shell'], environment)

    def read(self):
        ready, _, _ = select.select([self.fd], [], [], PATIENCE_S)
        try:
            data = os.read(self.fd, 4096) if ready else b''
        except OSError:
            data = b''
        self.shown += data.decode(errors='replace').replace('\r', '')
        return bool(data)

    def expect(self, pattern):
        """Wait until what was shown since the last call has the pattern."""
        while not re.search(pattern, self.shown):
            if not self.read():
                raise AssertionError('no %r in %r' % (pattern, self.shown))
        self.shown = self.shown[re.search(pattern, self.shown).end():]

    def type(self, text):
        os.write(self.fd, text.encode())

    def leave(self):
        """End the input. Return: the exit status, and the rest of what is shown.

        Between two prompts the terminal is not readline's, and would keep a Ctrl-D.
        """
        self.expect('kalloc> ')
        self.type('\x04')
        while self.read():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1]), self.shown


def check_interrupts(kalloc, state):
    """Ctrl-C ends what is typed, a block that has no end yet and a loop, and not the session."""
    terminal = Terminal(kalloc, state)
    terminal.expect('kalloc> ')
    terminal.type('y = 7\n')
    terminal.expect('kalloc> ')
    terminal.type('print y + 1\x03')
    terminal.expect(r'\nkalloc> ')
    terminal.type('repeat 3\n')
    terminal.expect('> ')
    terminal.type('print 9\n')
    terminal.expect('> ')
    terminal.type('\x03')
    terminal.expect(r'\nkalloc> ')
    terminal.type('while 1\n')
    terminal.expect('> ')
    terminal.type('print "round"\n')
    terminal.expect('> ')
    terminal.type('end\n')
    terminal.expect(r'\nround\nround\n')
    terminal.type('\x03')
    terminal.expect(r'shell:4: interrupted\n')
    terminal.expect('kalloc> ')
    terminal.type('print y\n')
    terminal.expect(r'y\n7\n')
    assert terminal.leave()[0] == 2


def check_readline(kalloc, state):
    terminal = Terminal(kalloc, state)
    terminal.expect('kalloc> ')
    terminal.type('p = alloc_c\t')
    terminal.expect('alloc_contig_pages ')
    terminal.type('512\n')
    terminal.expect('kalloc> ')
    terminal.type('free p\n')
    terminal.expect('kalloc> ')
    terminal.type('cat /proc/budd\t\n')
    terminal.expect(r'/proc/buddyinfo \nNode 0, zone')
    terminal.expect('kalloc> ')
    terminal.type('print GFP_NOFS == __GFP_RECLAIM|__GFP_I\t\n')
    terminal.expect(r'\n1\n')
    assert terminal.leave()[0] == 0

    terminal = Terminal(kalloc, state)
    terminal.expect('kalloc> ')
    terminal.type('\x1b[A\n')
    terminal.expect(r'print GFP_NOFS == __GFP_RECLAIM\|__GFP_IO')
    terminal.expect(r'\n1\n')
    assert terminal.leave()[0] == 0
    history = (pathlib.Path(state) / 'kalloc/history').read_text().splitlines()
    assert history[0] == 'p = alloc_contig_pages 512', history
    assert len(history) == 5, history

    blocked = pathlib.Path(state) / 'file'
    blocked.write_text('')
    terminal = Terminal(kalloc, str(blocked))
    terminal.expect('kalloc> ')
    terminal.type('print 3\n')
    terminal.expect(r'\n3\n')
    status, rest = terminal.leave()
    assert status == 0 and 'the history is not kept' in rest, rest


def check_plain(kalloc, state):
    terminal = Terminal(kalloc, state)
    terminal.expect('built without readline: no history, no completion\n')
    terminal.expect('kalloc> ')
    terminal.type('print 3\n')
    terminal.expect(r'\n3\n')
    assert terminal.leave()[0] == 0


def main():
    kalloc, with_readline = sys.argv[1], sys.argv[2] == 'true'
    with tempfile.TemporaryDirectory() as state:
        if with_readline:
            check_readline(kalloc, state)
        else:
            check_plain(kalloc, state)
        check_interrupts(kalloc, state + '/interrupts')
    return 0


if __name__ == '__main__':
    sys.exit(main())
