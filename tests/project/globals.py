#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""State lives in the machine: the library has no writable variable outside those that
docs/architecture.md allows, read from the symbol table of libkalloc.so.

usage: globals.py OBJDUMP LIBRARY
"""
import subprocess
import sys

ALLOWED = {
    # top: the machines there are
    'machine_directory', 'directory_machines', 'directory_lock', 'machine_default_now',
    'watching', 'frozen',
    # each thread: where it is and its context, its memory policy, its record, and which
    # ranks it holds
    'kalloc_self', 'policy_self', 'explain_self', 'held', 'thread_known', 'watch_once',
    # plat: the next CPU to lend, what the host has, claims, the console, where the next
    # reservation may fit, the budget of mappings
    'cpu_next', 'nr_threads', 'known', 'self_no_area', 'last', 'console_write',
    'console_ctx', 'console_lock', 'reserve_below', 'budget', 'budget_at_first', 'budget_known',
    'budget_lock', 'walk', 'walking', 'once', 'nobody_waits', 'own_code', 'kept', 'kept_state',
    'ticks_are_counted',
    # WARN_ONCE
    'warn_done',
}
WRITABLE = {'.data', '.bss', '.tdata', '.tbss'}
COMPILERS_OWN = {'completed', '__dso_handle', '__TMC_END__'}


def variables(objdump, library):
    lines = subprocess.run([objdump, '-t', library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    for line in lines:
        fields = line.split()
        if len(fields) < 5 or not WRITABLE & set(fields) or fields[-1] in WRITABLE:
            continue
        # A variable inside a function: "name.0" from gcc, "function.name" from clang.
        parts = [part for part in fields[-1].split('.') if not part.isdigit()]
        yield parts[-1]


def main():
    found = set(variables(sys.argv[1], sys.argv[2]))
    if 'machine_directory' not in found:
        print('no symbols in ' + sys.argv[2])
        return 1
    for name in sorted(found - ALLOWED - COMPILERS_OWN):
        print('%s: a writable variable outside the machine' % name)
    return bool(found - ALLOWED - COMPILERS_OWN)


if __name__ == '__main__':
    sys.exit(main())
