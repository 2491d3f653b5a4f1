# SPDX-License-Identifier: MIT
"""What the user asked for. Anything wrong ends the program with status 2 and a message."""
import argparse
import pathlib


def rounds(text):
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError('from 1 to 1000 rounds, not "%s"' % text)
    return number


def allocator(text):
    name, _, path = text.partition('=')
    if not name or not path or not name.replace('-', '').replace('.', '').isalnum():
        raise argparse.ArgumentTypeError('NAME=PATH expected, not "%s"' % text)
    if not pathlib.Path(path).is_file():
        raise argparse.ArgumentTypeError('no file %s' % path)
    return name, str(pathlib.Path(path).resolve())


def folder(text):
    path = pathlib.Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError('%s is not a folder' % text)
    return path


def parse(arguments, default_out):
    parser = argparse.ArgumentParser(
        prog='scripts/bench', allow_abbrev=False,
        description='Measure libkalloc beside other allocators in one interleaved run. Prints '
        'tables and one line per bar: "BAR name ratio limit ok|short".')
    parser.add_argument('--quick', action='store_true',
                        help='short loops; ends within a minute')
    parser.add_argument('--against', metavar='NAME=PATH', type=allocator, action='append',
                        default=[], help='a further allocator, for LD_PRELOAD; may be repeated')
    parser.add_argument('--rounds', metavar='N', type=rounds,
                        help='rounds to measure (default: 11; with --quick up to 9)')
    parser.add_argument('--only', metavar='PATTERN', action='append', default=[],
                        help='only the shapes that match, such as "batch-*" or "page-?:*"; '
                        'may be repeated')
    parser.add_argument('--out', metavar='DIR', type=folder, default=default_out,
                        help='where the JSON files and plots go (default: bench/out)')
    options = parser.parse_args(arguments)
    names = [name for name, _ in options.against]
    if len(set(names)) < len(names):
        parser.error('--against: two allocators of one name')
    options.error = parser.error
    return options
