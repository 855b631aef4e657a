"""DBOS with a queued workflow for each task; the default poll of a second would be its limit, so it polls ten times as often."""
import statistics
import threading
import time

import sqlalchemy
from dbos import DBOS, DBOSClient

from meter import FirstTask, wait_for_go

NAME, SETTINGS = "dbos", "worker_concurrency 500, poll 0.1 s"
REMAINING = "SELECT EXISTS (SELECT FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING'))"
SUCCEEDED = "SELECT count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS'"

first = FirstTask()


@DBOS.workflow(name="noop")
def noop():
    first()


@DBOS.step(name="stage")
def stage(number):
    return number + 1


@DBOS.workflow(name="five_stages")
def five_stages():
    number = 0
    for _ in range(5):
        number = stage(number)
    return number


@DBOS.workflow(name="fan")
def fan(count):
    handles = [DBOS.enqueue_workflow("bench", noop) for _ in range(count)]
    for handle in handles:
        handle.get_result()
    return count


def launch(url):
    # The number of threads is the number of workflows that can run at once.
    DBOS(config={"name": "bench", "system_database_url": url, "application_version": "1", "log_level": "ERROR", "max_executor_threads": 500})
    DBOS.launch()


def register():
    DBOS.register_queue("bench", worker_concurrency=500, polling_interval_sec=0.1)


def prepare(url):
    launch(url)
    register()
    DBOS.destroy()


def enqueue(url, count):
    """In transactions of 1,000, the quickest way that DBOS has."""
    client = DBOSClient(system_database_url=url)
    engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    for start in range(0, count, 1000):
        with engine.begin() as connection:
            for _ in range(min(1000, count - start)):
                client.enqueue_in_transaction(connection, {"workflow_name": "noop", "queue_name": "bench"})
    engine.dispose()
    client.destroy()


def work(url):
    wait_for_go()
    launch(url)
    threading.Event().wait()


def chain(url, repeats):
    """Milliseconds of a workflow of five steps, called in process: the quickest way that DBOS has."""
    launch(url)
    times = []
    for _ in range(repeats + 1):
        start = time.monotonic()
        five_stages()
        times.append((time.monotonic() - start) * 1000)
    DBOS.destroy()
    return statistics.median(times[1:])


def fan_out_and_in(url, count):
    """Seconds from the start of a workflow that enqueues `count` others until it has all their results."""
    launch(url)
    register()
    start = time.monotonic()
    fan(count)
    seconds = time.monotonic() - start
    DBOS.destroy()
    return seconds
