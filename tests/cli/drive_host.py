#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Usage: drive_host.py SCRIPT CASE

A controller by hand: starts the host in Python, speaks docs/protocol.md with it,
and fails where an answer is not what it should be.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time

RUNNERS = ["python-serial", "python-pool", "python-threads",
           "python-executor", "python-pool:chunk=3", "python-executor:chunk=5",
           "python-threads:chunk=1"]
POOLS = ["python-pool", "python-executor"]
CPUS = sorted(os.sched_getaffinity(0))
PATIENCE_S = 60


def eventually(holds):
    """Wait for an event; that it never comes is concluded late."""
    for _ in range(20 * PATIENCE_S):
        if holds():
            return True
        time.sleep(0.05)
    return False


class Host:
    def __init__(self, spec, workers, **more):
        ours, theirs = socket.socketpair()
        self.cpus = [CPUS[w % len(CPUS)] for w in range(workers)]
        order = {"runner": spec, "workers": workers, "cpus": self.cpus,
                 "arena": 1 << 30, "memory": "shared", **more}
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", sys.argv[1], json.dumps(order)],
            preexec_fn=lambda: os.dup2(theirs.fileno(), 3), close_fds=False,
            start_new_session=True)
        theirs.close()
        ours.settimeout(PATIENCE_S)
        atexit.register(self.kill)
        self.socket, self.lines = ours, ours.makefile("r")
        self.ready = self.answer()
        if "ok" in self.ready:
            self.ready = self.ask(op="open")

    def answer(self):
        return json.loads(self.lines.readline())

    def ask(self, **request):
        self.socket.sendall((json.dumps(request) + "\n").encode())
        return self.answer()

    def refuses(self, kind, words, **request):
        error = self.ask(**request)["error"]
        assert error["kind"] == kind and words in error["message"], error

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def processes(self):
        """Of its session, the dead ones left out."""
        found = subprocess.run(
            ["ps", "-s", str(self.process.pid), "-o", "pid=,stat="],
            stdout=subprocess.PIPE, text=True, check=False).stdout.split()
        return [int(pid) for pid, state in zip(found[::2], found[1::2])
                if "Z" not in state]

    def workers(self):
        return [p for p in self.processes() if p != self.process.pid]

    def is_gone(self):
        return eventually(lambda: not self.processes())

    def close(self):
        assert self.ask(close=True) == {"ok": {}}
        assert self.process.wait(PATIENCE_S) == 0
        assert self.is_gone()


def measure(host, kernel, n):
    assert host.ask(op="prepare", kernel=kernel, n=n, base=False) == {"ok": {}}
    # The second epoch looks at samples, the first at all.
    for _ in range(2):
        found = host.ask(op="calibrate", way="runner", target_ns=100000)["ok"]
        assert found["calls"] >= 1 and found["call_ns"] > 0, found
        epoch = host.ask(op="epoch", way="runner", calls=found["calls"])["ok"]
        assert epoch["ns"] > 0 and epoch["cpu_ns"] > 0, epoch
        assert epoch["digest"] == "", epoch


def computes():
    """Every runner, at sizes below and above its workers and chunks."""
    for spec in RUNNERS:
        for workers in (1, 3) if spec != "python-serial" else (1,):
            host = Host(spec, workers)
            assert host.ready["ok"]["bound"] == host.cpus, host.ready
            assert host.ready["ok"]["open_ns"] > 0, host.ready
            for kernel in ("square_map", "sum"):
                for n in (1, 2, 7, 1000, 1025):
                    measure(host, kernel, n)
            host.close()


def unbound():
    for spec in RUNNERS[:4]:
        host = Host(spec, 1, cpus=None)
        assert host.ready["ok"]["bound"] == [-1], host.ready
        host.close()


def refuses():
    host = Host("python-pool", 2)
    epoch = {"op": "epoch", "way": "runner", "calls": 1}
    host.refuses("usage", "nothing is prepared", **epoch)
    host.refuses("skipped", "square_map and sum alone", op="prepare",
                 kernel="dot", n=16, base=False)
    host.refuses("skipped", "name smaller sizes", op="prepare", kernel="sum",
                 n=1 << 30, base=False)
    host.refuses("usage", "base", op="prepare", kernel="sum", n=16, base=True)
    host.refuses("usage", "nothing is prepared", **epoch)
    host.refuses("skipped", "nothing else", op="probe", cpus=[0, 1])
    measure(host, "sum", 16)
    host.refuses("usage", "one way", op="epoch", way="direct", calls=1)
    host.refuses("usage", "at least one call", op="epoch", calls=0)
    host.close()
    assert "no Python runner" in \
        Host("python-nonsense", 1).ready["error"]["message"]


def wrong():
    """The script was damaged so that it computes wrong."""
    for spec in RUNNERS:
        host = Host(spec, 1)
        host.ask(op="prepare", kernel="square_map", n=100, base=False)
        host.refuses("invalid", "came out wrong", op="epoch", way="runner",
                     calls=1)
        host.close()


def worker_dies():
    """Python's own pool would wait for ever."""
    for spec in POOLS:
        host = Host(spec, 2)
        measure(host, "square_map", 1000)
        dead = host.workers()[0]
        os.kill(dead, signal.SIGKILL)
        assert eventually(lambda: dead not in host.processes())
        host.refuses("failed", "worker (pid %d)" % dead, op="epoch",
                     way="runner", calls=1)
        host.kill()
        host.process.wait()
        assert host.is_gone()


def worker_dies_at_work():
    for spec in POOLS:
        host = Host(spec, 2)
        host.ask(op="prepare", kernel="square_map", n=300000, base=False)
        request = {"op": "epoch", "way": "runner", "calls": 1000}
        host.socket.sendall((json.dumps(request) + "\n").encode())
        time.sleep(0.3)
        os.kill(host.workers()[0], signal.SIGKILL)
        error = host.answer()["error"]
        assert error["kind"] == "failed", error
        assert "a worker (pid " in error["message"], error
        host.kill()
        host.process.wait()
        assert host.is_gone()


def nobody_survives():
    """Killed, or left by its controller, while it works and while it waits."""
    for spec in RUNNERS[:4]:
        for busy in (False, True):
            for kill in (False, True):
                host = Host(spec, 2)
                host.ask(op="prepare", kernel="square_map", n=10000)
                if busy:
                    host.socket.sendall(b'{"op":"epoch","calls":300}\n')
                    time.sleep(0.1)
                if kill:
                    host.process.kill()
                host.lines.close()
                host.socket.close()
                host.process.wait(PATIENCE_S)
                assert host.is_gone(), (spec, busy, kill, host.processes())


def stands_still():
    """A group that was stopped goes on as if nothing had been."""
    for spec in RUNNERS[:4]:
        host = Host(spec, 2)
        measure(host, "sum", 1000)
        for _ in range(20):
            os.killpg(host.process.pid, signal.SIGSTOP)
            time.sleep(0.002)
            os.killpg(host.process.pid, signal.SIGCONT)
            assert "ok" in host.ask(op="epoch", way="runner", calls=2)
        host.close()


globals()[sys.argv[2]]()
