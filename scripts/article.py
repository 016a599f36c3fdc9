# SPDX-License-Identifier: MIT
"""The programs of the article on multiprocessing, timed in Python itself.

Loaded by python_host.py for `breakeven creation` and `breakeven article`. What
Programs.serve() takes, as words; each gives ns, but for `memory`:

    processes N       start N processes that do nothing, and join them
    threads N         the same with threads
    pool N            create a Pool of N, close it, and join
    thread-pool N     the same with a ThreadPool
    memory process    what the parent reads after a child has written 1
    memory thread     the same after a thread has
    map TASK N HOW    results of TASK for N items; TASK is square or collatz,
                      HOW is list, pool or threads (with two workers)

Standard library only.
"""

import multiprocessing
import multiprocessing.pool
import threading
import time

WORKERS = 2
BLOCK = 64  # numbers that one call of collatz() looks at

variable = 0


def nothing():
    pass


def square(x):
    return x * x


def collatz(block):
    """Steps down to 1 of BLOCK numbers, a tenth of a millisecond or more."""
    steps = 0
    for v in range(block * BLOCK + 1, block * BLOCK + BLOCK + 1):
        while v != 1:
            v = 3 * v + 1 if v & 1 else v >> 1
            steps += 1
    return steps


def set_variable():
    global variable
    variable = 1


def start_and_join(kind, count):
    begin = time.perf_counter_ns()
    started = [kind(target=nothing) for _ in range(count)]
    for one in started:
        one.start()
    for one in started:
        one.join()
    return time.perf_counter_ns() - begin


def create_and_close(kind, count):
    begin = time.perf_counter_ns()
    pool = kind(count)
    pool.close()
    pool.join()
    return time.perf_counter_ns() - begin


def read_after_write(kind):
    global variable
    variable = 0
    one = kind(target=set_variable)
    one.start()
    one.join()
    return variable


class Maps:
    """Pools that stay, and inputs and results that were made before."""

    def __init__(self, watch):
        self.watch = watch
        self.pools = {}
        self.inputs = {}
        self.expected = {}

    def prepare(self, task, n):
        if (task, n) in self.inputs:
            return
        count = n if task is square else n // BLOCK
        values = list(range(count))
        self.inputs[task, n] = values
        self.expected[task, n] = [task(x) for x in values]

    def pool(self, how):
        if how not in self.pools:
            kind = {
                "pool": multiprocessing.Pool,
                "threads": multiprocessing.pool.ThreadPool,
            }[how]
            self.pools[how] = kind(WORKERS)
            if how == "pool":
                self.watch(self.pools[how]._pool)
        return self.pools[how]

    def map(self, task, n, how):
        self.prepare(task, n)
        values = self.inputs[task, n]
        if how == "list":
            begin = time.perf_counter_ns()
            results = [task(x) for x in values]
        else:
            pool = self.pool(how)
            begin = time.perf_counter_ns()
            results = pool.map(task, values)
        ns = time.perf_counter_ns() - begin
        if results != self.expected[task, n]:
            raise ValueError("the results are wrong")
        return ns


KINDS = {
    "process": multiprocessing.Process,
    "thread": threading.Thread,
    "processes": multiprocessing.Process,
    "threads": threading.Thread,
    "pool": multiprocessing.Pool,
    "thread-pool": multiprocessing.pool.ThreadPool,
}
TASKS = {"square": square, "collatz": collatz}


class Programs:
    """`watch` is called with the worker processes of pools that stay."""

    def __init__(self, watch):
        # What the article does. From Python 3.14 on it has to be asked for.
        multiprocessing.set_start_method("fork")
        self.maps = Maps(watch)

    def serve(self, words):
        if words[0] in ("processes", "threads"):
            return start_and_join(KINDS[words[0]], int(words[1]))
        if words[0] in ("pool", "thread-pool"):
            return create_and_close(KINDS[words[0]], int(words[1]))
        if words[0] == "memory":
            return read_after_write(KINDS[words[1]])
        if words[0] == "map":
            return self.maps.map(TASKS[words[1]], int(words[2]), words[3])
        raise ValueError("there is no such request")
