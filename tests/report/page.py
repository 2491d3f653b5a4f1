#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a report and has page.mjs open it in Chromium.

usage: page.py ROOT FOLDER SAMPLE

FOLDER has the npm packages of tools/page.
"""
import subprocess
import sys
import tempfile

import tools


def main():
    root, folder, sample = tools.arguments()
    node, chromium, modules = tools.find_node(), tools.find_chromium(), tools.find_modules(root, folder)
    with tempfile.TemporaryDirectory() as where:
        report, facts = where + '/report.html', where + '/facts.json'
        subprocess.run([sample, report, facts], check=True, stderr=subprocess.DEVNULL)
        return subprocess.run([node, root / 'tests/report/page.mjs', report, facts, modules, chromium],
                              check=False).returncode


if __name__ == '__main__':
    sys.exit(main())
