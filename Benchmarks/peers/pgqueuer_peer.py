"""pgqueuer at its best settings: asyncpg, uvloop, batches of 500."""
import asyncio
import statistics
import time

import asyncpg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from meter import FirstTask, wait_for_go

NAME, SETTINGS = "pgqueuer", "asyncpg, uvloop, batch_size 500"
REMAINING = "SELECT EXISTS (SELECT FROM pgqueuer)"
SUCCEEDED = "SELECT count(DISTINCT job_id) FROM pgqueuer_log WHERE status = 'successful'"


async def queries(url):
    return Queries(AsyncpgDriver(await asyncpg.connect(url)))


def prepare(url):
    async def install():
        await (await queries(url)).install()

    asyncio.run(install())


def enqueue(url, count):
    async def insert():
        queue = await queries(url)
        for start in range(0, count, 1000):
            size = min(1000, count - start)
            await queue.enqueue(["noop"] * size, [b"{}"] * size, [0] * size)

    asyncio.run(insert())


def work(url):
    async def run():
        queue = PgQueuer(AsyncpgDriver(await asyncpg.connect(url)))
        first = FirstTask()

        @queue.entrypoint("noop")
        async def noop(job):
            first()

        wait_for_go()
        await queue.run(batch_size=500)

    uvloop.run(run())


def chain(url, repeats):
    """Milliseconds of a chain of five: each handler enqueues the next; the clock stops in the last one's body."""
    async def run():
        queue = PgQueuer(AsyncpgDriver(await asyncpg.connect(url)))
        producer = await queries(url)
        done = asyncio.Event()

        @queue.entrypoint("stage")
        async def stage(job):
            number = int(job.payload)
            if number < 5:
                await producer.enqueue("stage", str(number + 1).encode())
            else:
                done.set()

        running = asyncio.create_task(queue.run(batch_size=500))
        times = []
        for _ in range(repeats + 1):
            done.clear()
            start = time.monotonic()
            await producer.enqueue("stage", b"1")
            await done.wait()
            times.append((time.monotonic() - start) * 1000)
        queue.shutdown.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return statistics.median(times[1:])

    return uvloop.run(run())
