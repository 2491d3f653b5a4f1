# SPDX-License-Identifier: MIT
"""Medians, and how far rounds are apart."""
import statistics


def median(values):
    return statistics.median(values)


def quartiles(values):
    """The first and third quartile; of a single value that value twice."""
    if len(values) < 2:
        return values[0], values[0]
    first, _, third = statistics.quantiles(values, n=4, method='inclusive')
    return first, third


class Ratio:
    """Of two lists of rounds: the ratio of their medians, which decides, and the quartiles
    of the ratios within each round, which show how much to trust it."""

    def __init__(self, above, below):
        self.value = median(above) / median(below)
        paired = [a / b for a, b in zip(above, below) if b > 0]
        self.first, self.third = quartiles(paired or [self.value])
