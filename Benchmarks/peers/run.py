#!/usr/bin/env python3
"""Runs Weir's peers on the work that Weir's own benchmark does, against the same PostgreSQL.

    .venv-peers/bin/python Benchmarks/peers/run.py --pg-url URL [--tasks 10000] [--repeats 3] [--peers procrastinate,dbos,pgqueuer]
                                                   [--work-loads fan-out,chain,fan-out-and-in] [--width 1000]

Prints one JSON object a line, for each peer and work load:

    {"peer", "settings", "work": "fan-out", "tasks", "tasks_per_s", "cpu_ms_per_task", "peer_cpu_ms_per_task",
     "postgres_cpu_ms_per_task", "enqueue_per_s", "runs"}                                          medians of the runs
    {"peer", "settings", "work": "chain", "stages": 5, "ms", "runs"}                               median of 20 chains
    {"peer", "settings", "work": "fan-out-and-in", "width", "seconds", "runs"}                     1 -> width -> 1, DBOS alone has it

The server must run on this machine and let the URL's user create databases. A run has a database of its own; tasks are put in
first, with nobody working, then ANALYZE, then two processes that had all imported and connected are told to go. The clock runs
from the first task's start until no task is left; CPU is counted from the go: the peer's processes and the whole of PostgreSQL.
"""
import argparse
import importlib
import json
import statistics
import subprocess
import sys
import time

import psycopg

from meter import CPU, Workers, fresh_database

PEERS = ("procrastinate", "dbos", "pgqueuer")


def peer_named(name):
    return importlib.import_module(f"{name}_peer")


def fan_out(peer, server_url, tasks):
    with fresh_database(server_url, peer.NAME) as url:
        peer.prepare(url)
        start = time.monotonic()
        peer.enqueue(url, tasks)
        enqueue_per_s = tasks / (time.monotonic() - start)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ANALYZE")
            with Workers(peer.NAME, url, 2) as workers:
                cpu = CPU(connection, workers.processes)
                workers.go()
                while connection.execute(peer.REMAINING).fetchone()[0]:
                    time.sleep(0.05)
                end = time.monotonic()
                used = cpu.used()
                seconds = end - workers.first_task()
            succeeded = connection.execute(peer.SUCCEEDED).fetchone()[0]
            if succeeded != tasks:
                raise RuntimeError(f"{peer.NAME}: {succeeded} of {tasks} tasks succeeded")
        return {
            "tasks_per_s": tasks / seconds, "cpu_ms_per_task": sum(used.values()) / tasks, "peer_cpu_ms_per_task": used["peer"] / tasks,
            "postgres_cpu_ms_per_task": used["postgres"] / tasks, "enqueue_per_s": enqueue_per_s}


def chain(peer, server_url):
    with fresh_database(server_url, peer.NAME) as url:
        peer.prepare(url)
        return {"ms": peer.chain(url, 20)}


def fan_out_and_in(peer, server_url, width):
    with fresh_database(server_url, peer.NAME) as url:
        peer.prepare(url)
        return {"seconds": peer.fan_out_and_in(url, width)}


def report(peer, work, runs, **facts):
    medians = {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}
    print(json.dumps({"peer": peer.NAME, "settings": peer.SETTINGS, "work": work, **facts, **medians, "runs": len(runs)}), flush=True)


def in_child(arguments):
    """Runs one measurement in a process of its own, since DBOS cannot be launched twice in one."""
    answer = subprocess.run([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(answer.splitlines()[-1])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pg-url", required=True)
    options.add_argument("--tasks", type=int, default=10_000)
    options.add_argument("--width", type=int, default=1_000)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument("--work-loads", default="fan-out,chain,fan-out-and-in")
    options.add_argument("--work", metavar="PEER", help=argparse.SUPPRESS)       # a process of `Workers`
    options.add_argument("--once", nargs=2, metavar=("PEER", "WORK"), help=argparse.SUPPRESS)
    given = options.parse_args()

    if given.work:
        return peer_named(given.work).work(given.pg_url)
    if given.once:
        peer, work = peer_named(given.once[0]), given.once[1]
        measured = {"fan-out": lambda: fan_out(peer, given.pg_url, given.tasks), "chain": lambda: chain(peer, given.pg_url),
                    "fan-out-and-in": lambda: fan_out_and_in(peer, given.pg_url, given.width)}[work]()
        return print(json.dumps(measured))

    facts = {"fan-out": {"tasks": given.tasks}, "chain": {"stages": 5}, "fan-out-and-in": {"width": given.width}}
    for work in given.work_loads.split(","):
        for name in given.peers.split(","):
            peer = peer_named(name)
            if work == "fan-out-and-in" and not hasattr(peer, "fan_out_and_in"):
                continue
            once = ["--once", name, work, "--pg-url", given.pg_url, "--tasks", str(given.tasks), "--width", str(given.width)]
            report(peer, work, [in_child(once) for _ in range(given.repeats)], **facts[work])


if __name__ == "__main__":
    main()
