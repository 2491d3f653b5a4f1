#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The questions of the labs are checked: whoever answers all of them as the lab does ends
well, whoever has one wrong does not, and the answer is known to who asks for it.

usage: check.py KALLOC LAB...
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys

QUESTION = re.compile(r'^\s*\w+ = predict (.*?) "[^"]*"$', flags=re.M)


def run(kalloc, lab, answers):
    done = subprocess.run([kalloc, 'run', '--ask', lab], input='\n'.join(answers) + '\n',
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def check(kalloc, lab):
    """Yield what is wrong with a lab."""
    name = pathlib.Path(lab).name
    answers = QUESTION.findall(pathlib.Path(lab).read_text())
    if len(answers) < 3:
        yield '%s: %d questions' % (name, len(answers))
    status, output = run(kalloc, lab, ['?'] * len(answers))
    if status or output.count('\n? It is ') != len(answers):
        yield '%s: with its own answers:\n%s' % (name, output)
    for number, answer in enumerate(answers):
        wrong = '"nobody"' if answer.startswith('"') else '0 - 77'
        told = ['?'] * number + [wrong] + ['?'] * (len(answers) - number - 1)
        status, output = run(kalloc, lab, told)
        if status not in (1, 2):
            yield '%s: question %d is not checked (status %d)' % (name, number + 1, status)


def main():
    kalloc, labs = sys.argv[1], sys.argv[2:]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        wrong = sum(pool.map(lambda lab: list(check(kalloc, lab)), labs), [])
    print(*wrong, sep='\n')
    print('%d labs' % len(labs))
    return bool(wrong) or not labs


if __name__ == '__main__':
    sys.exit(main())
