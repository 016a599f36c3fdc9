#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Usage: drive.py BREAKEVEN

A controller by hand, for whole lives of hosts: each runner is asked for all that
docs/protocol.md has, told to close, and left to end by itself. The controller
of a run does not wait for that, so that a search for leaks at the end of a host
would see none.
"""

import json
import os
import socket
import subprocess
import sys

CPUS = sorted(os.sched_getaffinity(0))
PATIENCE_S = 600
REQUESTS = [
    {"op": "open"},
    {"op": "prepare", "kernel": "sum", "n": 4096, "base": True},
    {"op": "calibrate", "way": "runner", "target_ns": 10000},
    {"op": "epoch", "way": "runner", "calls": 2},
    {"op": "split", "calls": 2},
    {"op": "stamps", "from": 0},
    {"op": "prepare", "kernel": "square_map", "n": 1000, "base": True},
    {"op": "epoch", "way": "runner", "calls": 1},
    {"op": "forkjoin", "rendezvous": False, "tiles": 2, "gap_ns": 0},
    {"op": "footprint"},
    {"op": "nonsense"},
]
# Of a host that has no threads, as the probe's: it forks.
PROBE = {"op": "probe", "cpus": (CPUS * 2)[:2]}


# Open MPI starts no ranks for root unless it is told twice.
os.environ["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
os.environ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"


def live(breakeven, runner):
    """What went wrong in the life of a host, or None."""
    ours, theirs = socket.socketpair()
    order = {"runner": runner, "workers": 2, "cpus": (CPUS * 2)[:2],
             "plugins": [], "arena": 1 << 24, "memory": "private",
             "stamps": True}
    environment = dict(os.environ)
    # Open MPI leaves memory behind, of modules that it unloads.
    if runner.startswith("mpi"):
        environment["ASAN_OPTIONS"] = ":".join(
            [os.environ.get("ASAN_OPTIONS", ""), "detect_leaks=0"])
    host = subprocess.Popen(
        [breakeven, "host", json.dumps(order)], stderr=subprocess.PIPE,
        env=environment,
        preexec_fn=lambda: os.dup2(theirs.fileno(), 3), close_fds=False)
    theirs.close()
    ours.settimeout(PATIENCE_S)
    lines = ours.makefile("r")
    answers = [json.loads(lines.readline())]
    if answers[0].get("error", {}).get("kind") == "skipped":
        host.kill()
        host.communicate()
        return None
    probe = [PROBE] if runner == "serial" else []
    for request in REQUESTS + probe + [{"close": True}]:
        try:
            ours.sendall((json.dumps(request) + "\n").encode())
            answers.append(json.loads(lines.readline()))
        except (OSError, ValueError) as error:
            return f"{runner}: {request}: {error}: {host.communicate()}"
    words = host.communicate(timeout=PATIENCE_S)[1].decode()
    if host.returncode or words:
        return f"{runner}: ended with {host.returncode}: {words}"
    # Some take no such calls; what each must take are epochs.
    if any("ok" not in answers[i] for i in (0, 1, 2, 3, 4, 7, 8, -1)):
        return f"{runner}: {answers}"
    return None


def main():
    breakeven = sys.argv[1]
    runners = subprocess.run(
        [breakeven, "list", "--names", "runners"], check=True,
        stdout=subprocess.PIPE, text=True).stdout.split()
    # Not those with options; nor hosts in Python, which tests/cli/drive_host.py
    # drives; nor LLVM's OpenMP, in whose threads the search for leaks dies.
    wrong = [live(breakeven, r) for r in runners
             if ":" not in r and not r.startswith("python")
             and r != "openmp-llvm"]
    wrong = [w for w in wrong if w]
    print("\n".join(wrong))
    sys.exit(1 if wrong or not runners else 0)


main()
