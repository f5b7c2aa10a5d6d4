"""PgQueuer at its own best settings: batches of 100, an asyncpg pool, uvloop, a job that does nothing.

    pgqueuer_peer.py install DSN
    pgqueuer_peer.py enqueue DSN COUNT
    pgqueuer_peer.py work DSN        until SIGTERM
"""

import asyncio
import signal
import sys

import asyncpg
import uvloop
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.queries import Queries

BATCH = 100


async def install(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        await Queries(AsyncpgPoolDriver(pool)).install()


async def enqueue(dsn: str, count: int) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))
        for start in range(0, count, 10_000):
            size = min(10_000, count - start)
            await queries.enqueue(["nothing"] * size, [None] * size, [0] * size)


async def work(dsn: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=2, max_size=8) as pool:
        queuer = PgQueuer(AsyncpgPoolDriver(pool))

        @queuer.entrypoint("nothing")
        async def nothing(job) -> None:  # noqa: ANN001
            pass

        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: queuer.shutdown.set())
        await queuer.run(batch_size=BATCH)


if __name__ == "__main__":
    what, dsn, *rest = sys.argv[1:]
    action = {"install": install, "enqueue": enqueue, "work": work}[what]
    uvloop.run(action(dsn, *(int(x) for x in rest)))
