#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the records of a class: what each of many seats predicted and measured.

Usage: class_records.py LAB.jsonl FOLDER SEATS

The record of one lab, in which every lesson was measured, is written once for
each seat, with other numbers and a prediction for each lesson. They are drawn,
always the same.
"""

import json
import random
import sys


def change(answer, draw):
    """Another machine's numbers, and what was predicted of them."""
    factor = draw.lognormvariate(0, 0.3)
    for value in answer["values"]:
        for key in ("value", "lo", "hi"):
            if value["kind"] != "count" and isinstance(value[key], float):
                value[key] *= factor
    asked = next(value["value"] for value in answer["values"]
                 if value["name"] == answer["asked"])
    if answer["unit"] is None:
        answer["prediction"] = draw.choice(["Faster", "Slower"])
    elif isinstance(asked, float):
        answer["predicted"] = asked * draw.choice([0.3, 1, 1, 3, 10])
        answer["prediction"] = f"{answer['predicted']:.3g}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().splitlines()
    draw = random.Random(1)
    for seat in range(int(sys.argv[3])):
        path = f"{sys.argv[2]}/seat{seat:02}.jsonl"
        with open(path, "w", encoding="utf-8") as out:
            for line in map(json.loads, lines):
                row = line.get("row", {})
                if row.get("table") == "":
                    row["seat"] = f"seat {chr(65 + seat % 26)}"
                elif row.get("values"):
                    change(row, draw)
                print(json.dumps(line, separators=(",", ":")), file=out)


main()
