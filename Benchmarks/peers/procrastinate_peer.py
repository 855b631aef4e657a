"""procrastinate with psycopg 3; it claims one task at a time, and no setting makes it claim more."""
import asyncio
import statistics
import time

from procrastinate import App, PsycopgConnector

from meter import FirstTask, wait_for_go

NAME, SETTINGS = "procrastinate", "psycopg[binary], concurrency 5"
REMAINING = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
SUCCEEDED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'"


def app(url):
    return App(connector=PsycopgConnector(conninfo=url))


def prepare(url):
    async def install():
        async with app(url).open_async() as opened:
            await opened.schema_manager.apply_schema_async()

    asyncio.run(install())


def enqueue(url, count):
    async def insert():
        async with app(url).open_async() as opened:
            noop = opened.configure_task("noop", allow_unknown=True)
            for start in range(0, count, 1000):
                await noop.batch_defer_async(*[{} for _ in range(min(1000, count - start))])

    asyncio.run(insert())


def work(url):
    async def run():
        async with app(url).open_async() as opened:
            first = FirstTask()

            @opened.task(name="noop")
            async def noop():
                first()

            wait_for_go()
            await opened.run_worker_async(concurrency=5)

    asyncio.run(run())


def chain(url, repeats):
    """Milliseconds of a chain of five: each task defers the next; the clock stops in the last one's body."""
    async def run():
        async with app(url).open_async() as opened:
            done = asyncio.Event()

            @opened.task(name="stage")
            async def stage(number):
                if number < 5:
                    await stage.defer_async(number=number + 1)
                else:
                    done.set()

            running = asyncio.create_task(opened.run_worker_async(concurrency=5, install_signal_handlers=False))
            times = []
            for _ in range(repeats + 1):
                done.clear()
                start = time.monotonic()
                await stage.defer_async(number=1)
                await done.wait()
                times.append((time.monotonic() - start) * 1000)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            return statistics.median(times[1:])

    return asyncio.run(run())
