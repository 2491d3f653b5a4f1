# SPDX-License-Identifier: MIT
"""The measuring: rounds in which every contender runs once, a process each."""
import subprocess
import sys
import time


class Results:
    """values[contender name][shape] is the list of what each round gave."""

    def __init__(self):
        self.values = {}
        self.failures = []
        self.nr_rounds = 0

    def of(self, contender, shape):
        return self.values.get(contender, {}).get(shape)

    def add(self, contender, output):
        for line in output.splitlines():
            shape, _, value = line.partition('\t')
            if value == 'failed':
                self.failures.append('%s:%s' % (contender, shape))
            elif value != '-':
                shapes = self.values.setdefault(contender, {})
                shapes.setdefault(shape, []).append(float(value))


# Memory does not depend on what else the host does: some rounds are enough.
STEADY = ('heap-', 'tables')
STEADY_ROUNDS = 3


def one_round(contenders, milliseconds, results):
    for contender in contenders:
        shapes = [shape for shape in contender.shapes
                  if results.nr_rounds < STEADY_ROUNDS or not shape.startswith(STEADY)]
        if not shapes:
            continue
        try:
            done = contender.run(str(milliseconds), *shapes)
        except subprocess.TimeoutExpired:
            results.failures.append('%s: no end' % contender.name)
            continue
        results.add(contender.name, done.stdout)
        if done.returncode:
            print('bench: %s failed:\n%s' % (contender.name, done.stderr), file=sys.stderr)
            results.failures.append('%s: exit status %d' % (contender.name, done.returncode))


def measure(contenders, milliseconds, nr_rounds, at_least, deadline):
    """Up to nr_rounds rounds; from the round at_least on only while there is time for one more.

    Each round begins with another contender, so that what changes slowly, such as the
    temperature, is not always to the disadvantage of the same. Where the host is so busy
    that not even at_least rounds fit, loops become shorter.
    """
    results = Results()
    longest = 0
    while results.nr_rounds < nr_rounds:
        began = time.time()
        if results.nr_rounds >= at_least and deadline and began + longest > deadline:
            break
        first = results.nr_rounds % len(contenders)
        one_round(contenders[first:] + contenders[:first], milliseconds, results)
        results.nr_rounds += 1
        longest = max(longest, time.time() - began)
        if deadline and time.time() + longest * (at_least - results.nr_rounds) > deadline:
            milliseconds = max(1, milliseconds / 2)
        print('bench: round %d of %d: %.1f s' % (results.nr_rounds, nr_rounds,
                                                 time.time() - began), file=sys.stderr)
        if results.failures:
            break
    return results
