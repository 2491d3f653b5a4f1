#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the C source of tools/recorder/page_text.h from the built page.

usage: embed.py PAGE.html OUTPUT.c
"""
import pathlib
import sys

WIDTH = 24


def main():
    page = pathlib.Path(sys.argv[1]).read_bytes()
    if page.count(b'@DOCUMENT@') != 1:
        sys.exit('%s: there is not one place for the document' % sys.argv[1])
    # As numbers: a compiler need not take a string this long.
    lines = [','.join(str(byte if byte < 128 else byte - 256) for byte in page[at:at + WIDTH])
             for at in range(0, len(page), WIDTH)]
    pathlib.Path(sys.argv[2]).write_text(
        '/* SPDX-License-Identifier: MIT */\n#include "page_text.h"\n\n'
        'const char page_text[] = {\n%s\n};\nconst size_t page_text_len = sizeof(page_text);\n'
        % ',\n'.join(lines))


if __name__ == '__main__':
    main()
