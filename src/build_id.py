#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a header with a number that differs where a machine may lie otherwise in memory.

usage: build_id.py OUTPUT OPTIONS FILE...

It is a hash of the sources and of the options that change structures. Where the sources
lie and which compiler reads them does not matter.
"""
import hashlib
import pathlib
import sys

output, options, *files = sys.argv[1:]
digest = hashlib.sha256(options.encode())
for path in sorted(map(pathlib.Path, files), key=lambda path: path.parts[-2:]):
    digest.update('/'.join(path.parts[-2:]).encode() + b'\0' + path.read_bytes())
pathlib.Path(output).write_text('/* SPDX-License-Identifier: MIT */\n#define BUILD_ID "%s"\n'
                                % digest.hexdigest()[:16])
