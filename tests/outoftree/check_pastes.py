#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Can what the docs tell people to type be pasted? Arguments: the command, the
source tree. Nothing is run but `breakeven COMMAND --help`; by rule, in every
block of ```sh:

- there is no placeholder, as FILE.jsonl, <name> or ...
- each command exists: a target of the Makefile, a subcommand of
  build/breakeven with the options that its help names, an example, a program
  of the system, or what an earlier line has made;
- each file that is read is in the tree, or an earlier line has made it;
- a record that a line leaves by -o is removed before: it is never overwritten,
  so that a second paste would go on with the old one.

And microseconds are written as the command writes them, µs.
"""

import glob
import os
import re
import shlex
import subprocess
import sys

PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\.[a-z]+\b|<[a-z]|(?<!\.)\.\.\.(?!\.)|"
                         "\u2026|/path/")
PROGRAMS = {"cc", "cmake", "cp", "rm", "${EDITOR:-vi}"}
FILE = re.compile(r".*\.(jsonl|json|so|c|h|html)$")
LEAVE_RECORDS = {"bench", "grid", "roof", "article", "calibrate", "creation",
                 "dispatch", "lab", "scale"}


class Wrong(Exception):
    pass


def blocks(path):
    """Lists of (line number, command line) for each block of ```sh."""
    inside, found = False, []
    with open(path, encoding="utf-8") as document:
        for number, line in enumerate(document, 1):
            if line.startswith("```"):
                if not inside and line.strip() == "```sh":
                    found.append([])
                    inside = True
                else:
                    inside = False
            elif inside and found[-1] and found[-1][-1][1].endswith("\\\n"):
                first, text = found[-1][-1]
                found[-1][-1] = (first, text[:-2] + " " + line)
            elif inside:
                found[-1].append((number, line))
    return found


def commands(line):
    """Its simple commands, as lists of words, without comments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";")
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if word == ";":
            yield words
            words = []
        else:
            words.append(word)
    if words:
        yield words


class Docs:
    def __init__(self, breakeven, source):
        self.breakeven, self.source = breakeven, source
        with open(os.path.join(source, "Makefile"),
                  encoding="utf-8") as makefile:
            self.targets = set(re.findall(r"^([a-z-]+):", makefile.read(),
                                          re.M))
        self.helps = {}
        self.made = set()    # by this document, up to here
        self.removed = set()
        self.own = False     # a project of the reader's, of its own

    def options(self, name):
        if name not in self.helps:
            run = subprocess.run([self.breakeven, name, "--help"],
                                 capture_output=True, text=True, check=False)
            if run.returncode:
                raise Wrong("there is no command '%s'" % name)
            self.helps[name] = set(re.findall(r"(?<!\S)(--?[a-z?-]+)",
                                              run.stdout))
        return self.helps[name]

    def is_there(self, name):
        name = name.removeprefix("./")
        return name in self.made or bool(glob.glob(
            os.path.join(self.source, name)))

    def read(self, words):
        for word in words:
            if FILE.match(word) and not self.is_there(word):
                raise Wrong("there is no %s, and nothing made it" % word)

    def take_output(self, words):
        """What stands behind -o or > is made; returns the other words."""
        rest = []
        for i, word in enumerate(words):
            if i > 0 and words[i - 1] == "-o":
                self.made.add(word)
            elif word.startswith("--benchmark_out="):
                self.made.add(word.split("=")[1])
            elif word.startswith(">"):
                self.made.add(word[1:])
            elif word != "-o":
                rest.append(word)
        return rest

    def check_options(self, name, words):
        known = self.options(name)
        for word in words:
            option = word.split("=")[0]
            if not option.startswith("-") or \
                    option.startswith("--benchmark_") and name == "grid":
                continue
            if option not in known:
                raise Wrong("%s has no option %s" % (name, option))

    def check_breakeven(self, words):
        name = words[0] if words else ""
        self.check_options(name, words[1:])
        before = set(self.made)
        rest = self.take_output(words[1:])
        kept = self.made - before - self.removed
        if name in LEAVE_RECORDS and any(f.endswith(".jsonl") for f in kept):
            raise Wrong("a second paste finds the record there: rm -f it")
        self.read(word.split("=")[-1] for word in rest)

    def check_command(self, words):
        while words and re.match(r"^[A-Z_]+=", words[0]):
            words = words[1:]
        if words[:1] == ["timeout"]:
            words = words[4:] # timeout -s SIGNAL SECONDS
        if not words:
            return
        program, rest = words[0], words[1:]
        if program == "make":
            unknown = {w for w in rest if "=" not in w} - self.targets
            if unknown:
                raise Wrong("make has no target %s" % " ".join(unknown))
        elif program == "build/breakeven/breakeven" and self.own:
            self.options(rest[0])
        elif program == "build/breakeven":
            if rest[:1] != ["host"]:
                self.check_breakeven(rest)
        elif program.startswith("build/examples/"):
            self.read([program.removeprefix("build/") + ".c"])
        elif program in PROGRAMS:
            self.own |= program == "cmake"
            self.check_program(program, rest)
        elif not program.startswith("./") or not self.is_there(program):
            raise Wrong("'%s' is no command that is there" % program)

    def check_program(self, program, rest):
        if program == "rm":
            self.removed.update(rest)
            self.made.difference_update(rest)
        elif program == "cp":
            self.read(rest[:-1])
            self.made.add(rest[-1])
        else:
            self.read(self.take_output(rest))

    def check_units(self, path):
        wrong = 0
        with open(path, encoding="utf-8") as document:
            for number, line in enumerate(document, 1):
                if re.search(r"[0-9] +us\b", line):
                    print("%s:%d: us should be µs: %s" % (
                        os.path.relpath(path, self.source), number,
                        line.strip()), file=sys.stderr)
                    wrong += 1
        return wrong

    def check(self, path):
        """Returns how many lines are wrong."""
        wrong = self.check_units(path)
        self.made = set()
        for block in blocks(path):
            self.removed, self.own = set(), False
            for number, line in block:
                try:
                    if PLACEHOLDER.search(line.split(" # ")[0]):
                        raise Wrong("a placeholder cannot be pasted")
                    for words in commands(line):
                        self.check_command(words)
                except Wrong as reason:
                    print("%s:%d: %s: %s" % (
                        os.path.relpath(path, self.source), number, reason,
                        line.strip()), file=sys.stderr)
                    wrong += 1
        return wrong


def main():
    breakeven, source = sys.argv[1:]
    docs = Docs(breakeven, source)
    paths = sorted(glob.glob(os.path.join(source, "docs", "**", "*.md"),
                             recursive=True))
    paths += [os.path.join(source, name)
              for name in ("README.md", "CONTRIBUTING.md")]
    if sum(len(block) for path in paths for block in blocks(path)) < 20:
        sys.exit("the docs have hardly any block of ```sh: none was found?")
    sys.exit(1 if sum(docs.check(path) for path in paths) else 0)


main()
