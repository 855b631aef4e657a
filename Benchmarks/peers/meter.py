"""Databases, processes and CPU time for the peers' benchmarks."""
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def fresh_database(server_url, name):
    """The URL of a new database on the server, for as long as the `with` lasts."""
    name = f"peer_{name}_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class CPU:
    """Milliseconds of CPU that PostgreSQL and some processes of ours have used since this was made.

    PostgreSQL is the whole server, its writers too; it must run on this machine.
    """

    def __init__(self, connection, processes):
        backend = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        self.server = stat(backend)["parent"]
        self.processes = processes
        self.start = self.now()

    def now(self):
        server = stat(self.server)
        # Backends that ended are in the server's sums, the others are its children.
        used = server["own"] + server["reaped"] + sum(child["own"] for child in every_stat() if child["parent"] == self.server)
        return {"postgres": used, "peer": sum(tree(process.pid) for process in self.processes)}

    def used(self):
        now = self.now()
        return {who: now[who] - self.start[who] for who in now}


def stat(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    user, system, reaped_user, reaped_system = (int(field) for field in fields[11:15])
    return {"pid": int(pid), "parent": int(fields[1]), "own": (user + system) * 1000 / TICK, "reaped": (reaped_user + reaped_system) * 1000 / TICK}


def every_stat():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield stat(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue   # it ended between the listing and the look


def tree(pid):
    """CPU milliseconds of a process and its children."""
    return stat(pid)["own"] + stat(pid)["reaped"] + sum(tree(child["pid"]) for child in every_stat() if child["parent"] == pid)


class Workers:
    """Processes of one peer: started, ready, told to go, and ended with the `with`."""

    def __init__(self, peer, url, count):
        self.command = [sys.executable, os.path.join(os.path.dirname(__file__), "run.py"), "--work", peer, "--pg-url", url]
        self.count = count

    def __enter__(self):
        self.processes = [
            subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for _ in range(self.count)]
        for process in self.processes:
            self.expect(process, "ready")
        return self

    @staticmethod
    def expect(process, word):
        while True:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"a process of the peer ended with {process.wait()}: run {' '.join(process.args)} by hand")
            if line.split()[0] == word:
                return line.split()[1:]

    def go(self):
        for process in self.processes:
            process.stdin.write("go\n")
            process.stdin.flush()

    def first_task(self):
        """When the first task began, in seconds of the monotonic clock, which all processes share."""
        return min(float(self.expect(process, "first")[0]) for process in self.processes)

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_go():
    """A worker's side of `Workers`: all is imported and connected, now it may begin."""
    print("ready", flush=True)
    sys.stdin.readline()


class FirstTask:
    """Says once when the first task of this process began; a task calls it."""

    def __init__(self):
        self.seen = False

    def __call__(self):
        if not self.seen:
            self.seen = True
            print("first", time.monotonic(), flush=True)
