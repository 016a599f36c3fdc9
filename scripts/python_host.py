#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The host of the runners python-serial, -pool, -threads and -executor.

`breakeven host` executes it in its own place, with the order as its argument.
It speaks docs/protocol.md on descriptor 3, and needs only Python's standard
library. A call with n items in a list xs is:

    python-serial    [square(x) for x in xs]        sum(xs)
    python-pool      pool.map(square, xs, chunk)    sum(pool.map(sum, chunks))

For python-threads and python-executor it is as for python-pool. Any of them
runs the programs of article.py, too.
"""

import itertools
import json
import math
import os
import signal
import socket
import sys
import threading
import time

CONTROL = 3
OLDEST = (3, 9)
WARM_CALLS, WARM_BATCHES, BATCHES = 3, 16, 32
LONG_CALL_NS = 1000000
CALLS_MAX = 1 << 30
ARRIVE_S = 10
SAMPLES = 256
LOOKS = 2000  # at a dead worker, a millisecond apart
ITEM_BYTES = 200  # two lists of numbers, and what is being sent to workers
PR_SET_PDEATHSIG = 1


class Refusal(Exception):
    """The answer to a request is an error of this kind."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


# ---------------------------------------------------------------- kernels

def square(x):
    return x * x


class SquareMap:
    """The items of kernels/square_map.c."""

    @staticmethod
    def item(i):
        return i * 2654435761 % 2147483648 - 1073741824

    @staticmethod
    def is_right(ys, n, whole):
        step = 1 if whole else max(1, n // SAMPLES)
        items = itertools.chain(range(0, n, step), (n - 1,))
        return len(ys) == n and all(ys[i] == SquareMap.item(i) ** 2
                                    for i in items)


class Sum:
    """The items of kernels/sum.c. Python adds in another order than C, and more
    exactly from 3.12 on."""

    @staticmethod
    def item(i):
        return 0.1 * (i % 1024 + 1)

    @staticmethod
    def is_right(total, n, _):
        runs, rest = divmod(n, 1024)
        exact = 0.1 * (runs * 512 * 1025 + rest * (rest + 1) / 2)
        return math.isclose(total, exact, rel_tol=n * sys.float_info.epsilon)


KERNELS = {"square_map": SquareMap, "sum": Sum}


# ---------------------------------------------------------------- workers

def bind(cpus, worker):
    """Bind the calling thread. Returns the CPU that it is bound to, or -1."""
    if cpus is None:
        return -1
    try:
        os.sched_setaffinity(0, {cpus[worker]})
        found = os.sched_getaffinity(0)
    except OSError:
        return -1
    return found.pop() if len(found) == 1 else -1


class Seats:
    """Where each worker runs: in memory that all of them share. The memory has
    no name, so that none is left behind."""

    ABSENT = -2
    taken = None  # a global, since a task gets no context of its pool

    def __init__(self, workers, cpus):
        import ctypes
        import mmap

        self.cpus = cpus
        self.libc = ctypes.CDLL(None)
        self.parent = os.getpid()
        self.bound = memoryview(mmap.mmap(-1, 4 * workers)).cast("i")
        self.tickets, office = os.pipe()
        for worker in range(workers):
            self.bound[worker] = self.ABSENT
            os.write(office, worker.to_bytes(2, "little"))
        os.close(office)

    def sit(self):
        """As a worker. One that replaces a dead worker finds no ticket."""
        ticket = os.read(self.tickets, 2)
        if not ticket:
            os._exit(1)
        worker = int.from_bytes(ticket, "little")
        self.bound[worker] = bind(self.cpus, worker)

    def await_all(self):
        end = time.monotonic() + ARRIVE_S
        while self.ABSENT in self.bound:
            if time.monotonic() > end:
                raise Refusal("failed", "not all of its workers came within "
                              "%d s" % ARRIVE_S)
            time.sleep(0.0001)


def await_all_workers(_):
    """The first, empty task. It waits for all workers, so each takes one."""
    Seats.taken.await_all()


def die_with_parent(libc, parent):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def become_process(seats):
    die_with_parent(seats.libc, seats.parent)
    os.close(CONTROL)
    seats.sit()


def become_thread(seats):
    seats.sit()


def describe_end(process):
    """How a process ended; None if that is not known yet, as between the two
    steps of a thread of the pool, which reaps it and then notes its status."""
    code = process.exitcode
    if code is None:
        return None
    if code >= 0:
        return "left with status %d" % code
    return "was killed by signal %d (%s)" % (-code, signal.strsignal(-code))


# ---------------------------------------------------------------- runners

class Serial:
    def __init__(self, _, __):
        pass

    def open(self, _, cpus):
        return [bind(cpus, 0)]

    def processes(self):
        return []

    def square_map(self, xs):
        return lambda: [square(x) for x in xs]

    def sum(self, xs):
        return lambda: sum(xs)

    def close(self):
        pass


class Pool:
    """The common part of the pools."""

    def __init__(self, workers, options):
        self.workers = workers
        self.chunk = int(options.get("chunk", 0))
        self.pool = None

    def open(self, _, cpus):
        Seats.taken = Seats(self.workers, cpus)
        self.create(Seats.taken)
        self.map(await_all_workers, range(self.workers), 1)
        Seats.taken.await_all()
        return list(Seats.taken.bound)

    def create(self, seats):
        import multiprocessing

        self.pool = multiprocessing.get_context("fork").Pool(
            self.workers, become_process, (seats,))

    def processes(self):
        import multiprocessing

        return multiprocessing.active_children()

    def map(self, function, items, chunk):
        return self.pool.map(function, items, chunk)

    def size(self, n):
        """Items of a chunk; by default as many as Pool.map takes."""
        return self.chunk or max(1, math.ceil(n / (4 * self.workers)))

    def square_map(self, xs):
        size = self.size(len(xs))
        return lambda: self.map(square, xs, size)

    def sum(self, xs):
        size, n = self.size(len(xs)), len(xs)
        return lambda: sum(self.map(
            sum, [xs[i:i + size] for i in range(0, n, size)], 1))

    def close(self):
        self.pool.close()
        self.pool.join()


class Threads(Pool):
    def create(self, seats):
        from multiprocessing.pool import ThreadPool

        self.pool = ThreadPool(self.workers, become_thread, (seats,))

    def processes(self):
        return []


class Executor(Pool):
    def create(self, seats):
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        self.pool = ProcessPoolExecutor(
            self.workers, multiprocessing.get_context("fork"), become_process,
            (seats,))

    def map(self, function, items, chunk):
        return list(self.pool.map(function, items, chunksize=chunk))

    def close(self):
        self.pool.shutdown()


RUNNERS = {"python-serial": Serial, "python-pool": Pool,
           "python-threads": Threads, "python-executor": Executor}


# ---------------------------------------------------------------- time

class CpuClock:
    """CPU time of this process and its workers. The kernel updates the clock of
    a running thread at its ticks, and when the policy of the thread changes:
    see system/cpu_clock.c."""

    def __init__(self, workers):
        pids = [os.getpid()] + workers
        # As clock_getcpuclockid() computes it for a process.
        self.clocks = [~pid << 3 | 2 for pid in pids]
        self.threads = [int(thread) for pid in pids
                        for thread in os.listdir("/proc/%d/task" % pid)]

    def ns(self):
        none = os.sched_param(0)
        for thread in self.threads:
            try:
                if os.sched_getscheduler(thread) == os.SCHED_OTHER:
                    os.sched_setscheduler(thread, os.SCHED_BATCH, none)
                    os.sched_setscheduler(thread, os.SCHED_OTHER, none)
            except OSError:
                continue
        return sum(time.clock_gettime_ns(clock) for clock in self.clocks)


def time_calls(call, calls):
    """The time of `calls` calls in ns, and the result of the last one."""
    result = None
    start = time.monotonic_ns()
    for _ in itertools.repeat(None, calls):
        result = call()
    return time.monotonic_ns() - start, result


def warm(call, calls):
    """As epoch_warm() of bench/host/epoch.c, of what is not fresh."""
    batch = max(1, calls // BATCHES)
    done, last = 0, 0
    for _ in range(WARM_BATCHES):
        ns = time_calls(call, batch)[0]
        done += batch
        if ns >= LONG_CALL_NS and batch == 1:
            return
        if done >= WARM_CALLS and abs(ns - last) <= 0.1 * last:
            return
        last = ns


def calibrate(call, target_ns):
    """As epoch_calibrate()."""
    tried = 1
    time_calls(call, 1)
    while True:
        ns = max(1, time_calls(call, tried)[0])
        if ns >= target_ns / 4 or tried >= CALLS_MAX // 2:
            break
        tried *= 2
    return min(max(1, int(target_ns * tried / ns)), CALLS_MAX), ns / tried


# ---------------------------------------------------------------- host

class Host:
    def __init__(self, order, control):
        name, *options = order["runner"].split(":")
        if name not in RUNNERS:
            raise Refusal("usage", "there is no Python runner %s" % name)
        if order.get("stamps"):
            raise Refusal("skipped", "a host in Python cuts no tiles, which "
                          "is what gets time stamps")
        self.order, self.control = order, control
        self.runner = RUNNERS[name](
            order["workers"], dict(one.split("=", 1) for one in options))
        self.busy, self.closing, self.death = False, False, None
        self.lock = threading.Lock()
        self.kernel = self.call = self.clock = None
        self.n, self.whole = 0, True
        self.programs = None

    def describe_death(self, ended):
        """Of these workers, whose sentinels are ready. Each is dead a little
        after that, and on a busy machine another one may be before it."""
        ends = {}
        for _ in range(LOOKS):
            time.sleep(0.001)
            ends = {one: describe_end(one) for one in ended}
            if all(ends.values()):
                break
        # An executor terminates the others with SIGTERM.
        first = min(ends, key=lambda one: one.exitcode == -signal.SIGTERM)
        return "a worker (pid %d) %s" % (first.pid, ends[first] or "ended")

    def watch(self, workers):
        """Have a thread wait for the death of a worker. The pool itself would
        wait for ever for the chunk of a dead worker, or lose an exception."""
        threading.Thread(target=self.await_death, args=(list(workers),),
                         daemon=True).start()

    def await_death(self, workers):
        from multiprocessing.connection import wait

        ready = wait([worker.sentinel for worker in workers])
        ended = [one for one in workers if one.sentinel in ready]
        with self.lock:
            if self.closing:
                return
            self.death = self.describe_death(ended)
            if self.busy:
                send(self.control, refused("failed", self.death))
                os._exit(1)

    def open(self, _):
        if self.clock:
            raise Refusal("usage", "the runner is open already")
        start = time.monotonic_ns()
        try:
            bound = self.runner.open(self.order["workers"],
                                     self.order.get("cpus"))
        except ImportError as missing:
            raise Refusal("skipped", "this python3 lacks a part of the "
                          "standard library: %s" % missing) from missing
        open_ns = time.monotonic_ns() - start
        workers = self.runner.processes()
        if workers:
            self.watch(workers)
        self.clock = CpuClock([worker.pid for worker in workers])
        return {"bound": bound, "open_ns": open_ns}

    def prepare(self, request):
        if not self.clock:
            raise Refusal("usage", "the runner is not open yet")
        kernel, n = request.get("kernel", ""), request.get("n", 0)
        self.call = None
        if request.get("base"):
            raise Refusal("usage", "no host in Python is a base")
        if kernel not in KERNELS:
            raise Refusal("skipped", "Python runners compute %s alone" %
                          " and ".join(KERNELS))
        if n < 1 or n * ITEM_BYTES > self.order.get("arena", 0) / 2:
            raise Refusal("skipped", "lists of %d items need %d MiB, more "
                          "than a host in Python may use: name smaller sizes "
                          "with --sizes" % (n, n * ITEM_BYTES >> 20))
        self.kernel, self.n, self.whole = KERNELS[kernel], n, True
        item = self.kernel.item
        xs = [item(i) for i in range(n)]
        self.call = getattr(self.runner, kernel)(xs)
        return {}

    def prepared(self, request):
        if self.call is None:
            raise Refusal("usage", "nothing is prepared")
        if request.get("way", "runner") != "runner":
            raise Refusal("usage", "a host in Python knows one way")

    def calibrate(self, request):
        self.prepared(request)
        calls, call_ns = calibrate(self.call, request.get("target_ns", 1e6))
        return {"calls": calls, "call_ns": call_ns}

    def epoch(self, request):
        self.prepared(request)
        calls = request.get("calls", 0)
        if calls < 1:
            raise Refusal("usage", "an epoch has at least one call")
        warm(self.call, calls)
        used = self.clock.ns()
        ns, result = time_calls(self.call, calls)
        used = self.clock.ns() - used
        if not self.kernel.is_right(result, self.n, self.whole):
            raise Refusal("invalid", "%d items came out wrong" % self.n)
        self.whole = False
        return {"ns": ns, "cpu_ns": used, "digest": ""}

    def load_programs(self):
        if not self.programs:
            import ctypes

            sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
            import article

            libc, parent = ctypes.CDLL(None), os.getpid()
            os.register_at_fork(
                after_in_child=lambda: die_with_parent(libc, parent))
            self.programs = article.Programs(self.watch)
        return self.programs

    def interpreter(self, _):
        import platform

        self.load_programs()
        return {"version": platform.python_version(), "rss_kib": rss_kib()}

    def article(self, request):
        words = request.get("request", "").split()
        return {"number": self.load_programs().serve(words)}

    def serve(self, request):
        """The answer to a request."""
        serve = {"open": self.open, "prepare": self.prepare,
                 "calibrate": self.calibrate, "epoch": self.epoch,
                 "interpreter": self.interpreter,
                 "article": self.article}.get(request.get("op"))
        try:
            self.become_busy()
            if not serve:
                raise Refusal("skipped", "a host in Python times kernels and "
                              "what the article runs, and nothing else")
            return {"ok": serve(request)}
        except Refusal as refusal:
            return refused(refusal.kind, refusal)
        except Exception as error:
            time.sleep(0.1)  # if a worker died, await_death() knows more
            return refused("failed", "%s: %s" % (type(error).__name__, error))
        finally:
            with self.lock:
                self.busy = False

    def become_busy(self):
        with self.lock:
            self.busy = not self.death
        if self.death:
            raise Refusal("failed", self.death)

    def close(self):
        with self.lock:
            self.closing = True
        if self.clock:
            self.runner.close()


def rss_kib():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def refused(kind, message):
    return {"error": {"kind": kind, "message": str(message)}}


def send(control, answer):
    text = json.dumps(answer, separators=(",", ":")) + "\n"
    control.sendall(text.encode())


def begin(order, control):
    """The host, or None, and the answer to its order."""
    if sys.version_info < OLDEST:
        return None, refused("skipped", "python3 is Python %d.%d: install "
                             "3.9 or newer" % sys.version_info[:2])
    try:
        return Host(order, control), {"ok": {}}
    except Refusal as refusal:
        return None, refused(refusal.kind, refusal)
    except Exception as error:
        return None, refused("failed", "%s: %s" % (type(error).__name__,
                                                   error))


def main():
    control = socket.socket(fileno=CONTROL)
    host, answer = begin(json.loads(sys.argv[1]), control)
    send(control, answer)
    for line in control.makefile("r", encoding="utf-8") if host else ():
        request = json.loads(line)
        if request.get("close"):
            host.close()
            send(control, {"ok": {}})
            return 0
        send(control, host.serve(request))
    # No orderly end: the workers die with this process in any state.
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
