"""Procrastinate at its own best settings: an asynchronous worker, many jobs at a time, a task that does nothing.

    procrastinate_peer.py install DSN
    procrastinate_peer.py enqueue DSN COUNT
    procrastinate_peer.py work DSN        until SIGTERM
"""

import asyncio
import sys

import procrastinate


def application(dsn: str) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=4, max_size=20))

    @app.task(name="nothing")
    async def nothing() -> None:
        pass

    return app


async def install(dsn: str) -> None:
    async with application(dsn).open_async() as app:
        await app.schema_manager.apply_schema_async()


async def enqueue(dsn: str, count: int) -> None:
    async with application(dsn).open_async() as app:
        task = app.tasks["nothing"]
        for start in range(0, count, 1000):
            await task.batch_defer_async(*({} for _ in range(min(1000, count - start))))


async def work(dsn: str) -> None:
    async with application(dsn).open_async() as app:
        await app.run_worker_async(concurrency=100, delete_jobs="never")


if __name__ == "__main__":
    what, dsn, *rest = sys.argv[1:]
    action = {"install": install, "enqueue": enqueue, "work": work}[what]
    asyncio.run(action(dsn, *(int(x) for x in rest)))
