#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Prints a record of a million samples and more: a run that went on and on.

Usage: big_record.py RECORD [SAMPLES] >big.jsonl

The blocks of RECORD are repeated, each time as further generations, until
there are so many samples: times of one series in one round.
"""

import json
import re
import sys

GENERATION = re.compile(r'"generation": ?(\d+)')


def main():
    due = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().splitlines()
    blocks = [(line, json.loads(line)["block"]) for line in lines
              if line.startswith('{"block"')]
    step = max(block["generation"] for _, block in blocks)
    each = sum(len(series["ns"]) for _, block in blocks
               for series in block["series"])
    print(lines[0])
    for turn in range(-(-due // each)):
        for line, block in blocks:
            generation = block["generation"] + turn * step
            print(GENERATION.sub(f'"generation":{generation}', line, count=1))
    print(lines[-1])


main()
