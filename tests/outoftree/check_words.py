#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every word of the output is explained, or one that everybody knows.

Usage: check_words.py BREAKEVEN SOURCE_TREE

What the commands print is cut into words. A word must be a name (of a command,
an option, a kernel, a runner ...), a term of docs/glossary.md, or a word of
ordinary_words.txt. Prints each one that is neither, and what to do with it.
"""

import glob
import re
import subprocess
import sys

BREAKEVEN, SOURCE = sys.argv[1:3]
REFERENCE = SOURCE + "/results/reference/"
RECORDS = ("epyc-2cpu-20261125.jsonl", "epyc-2cpu-20261130.jsonl",
           "xeon-2cpu-20261123.jsonl",
           "calibration-zen3-2cpu-20261201.json")
# What a build, a machine or a command line is called is no word of ours.
NAMES = re.compile(r"^ *(Built|Again|model|CPU model|kernel|A|B): .*$"
                   r"|^Linux .*$", re.MULTILINE)
CODE = re.compile(r"`[^`]*`|\S*[/=_<>.]\S+|--?[a-z][a-z-]*|\b[A-Z_]{2,}\b"
                  r"|\b\w*[a-z][A-Z]\w*")
WORD = re.compile(r"[a-z][a-z'-]*[a-z]")


def run(*args):
    done = subprocess.run([BREAKEVEN, *args], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return done.stdout


def commands():
    return re.findall(r"^  ([a-z]+)  ", run("help"), re.MULTILINE)


def outputs():
    records = [REFERENCE + name for name in RECORDS]
    yield run("help")
    yield from (run(command, "--help") for command in commands())
    yield from (run("report", "--all", record) for record in records)
    yield run("compare", *records[:2])
    yield run("survey", *records[:3])
    yield run("history", *records)
    yield run("advise", "sum", "10k", "--from", records[1])
    yield from lessons()
    yield run("list")
    yield run("explain")
    yield run("plan", "--topology", "pack:2 numa:2 core:4 pu:2", "-w", "8")


def lessons():
    """What lessons say, without their listings and what they measure."""
    for path in sorted(glob.glob(SOURCE + "/docs/lessons/*.md")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        yield re.sub(r"^- (measure|let|answer|change).*$", "", text,
                     flags=re.MULTILINE)


def terms():
    """All terms of the glossary, each word of them by itself, too."""
    with open(SOURCE + "/docs/glossary.md", encoding="utf-8") as file:
        text = file.read()
    found = set()
    for line in re.findall(r"^(?:## |Also: |Asked as: )(.*)$", text,
                           re.MULTILINE):
        found.update(term.strip(" .").lower() for term in line.split(","))
    return found | {word for term in found for word in WORD.findall(term)}


def names():
    text = run("list", "--names", "kernels") + run("list", "--names", "runners")
    return set(WORD.findall(text.lower())) | set(commands())


def known(word, words):
    bare = word.removesuffix("'s").removesuffix("'")
    return not words.isdisjoint({word, bare, bare.removesuffix("s")})


def unknown(words):
    found = {}
    for text in outputs():
        for line in CODE.sub(" ", NAMES.sub(" ", text)).lower().split("\n"):
            for word in WORD.findall(line):
                if not known(word, words) and not all(
                        known(part, words) for part in word.split("-")):
                    found.setdefault(word, line.strip())
    return found


def main():
    with open(SOURCE + "/tests/outoftree/ordinary_words.txt",
              encoding="utf-8") as file:
        ordinary = set(file.read().split())
    strange = unknown(ordinary | terms() | names())
    for word, line in sorted(strange.items()):
        print(f"{word}\t{line[:90]}")
    if strange:
        print("Explain them in docs/glossary.md; or, if everybody knows them, "
              "add them to tests/outoftree/ordinary_words.txt.")
    return bool(strange)


if __name__ == "__main__":
    sys.exit(main())
