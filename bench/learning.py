"""Figures of learners at work: the course page, saving answers, the first answer of a server, and its memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from statistics import median
from urllib.parse import urlsplit

from bench.learners import SLUG, Learner, busy_day, seat
from bench.load import Tail, open_loop, rate
from bench.report import Figure, at_least, at_most
from bench.servers import Running, greeting, serving
from bench.stage import Stage, counted

ROUNDS, ROUND_SECONDS = 6, 2
PER_SECOND, WARM_SECONDS, TAIL_SECONDS = 250, 3, 20
COURSE = f"/courses/{SLUG}"


def figures(stage: Stage) -> list[Figure]:
    """Everything that is measured with learners on one database."""
    learners = seat(stage.app)
    queries = _queries(stage, learners[0])
    with greeting() as hello, serving(stage.environ) as server:
        page = _page(stage.kind, hello, server, learners, queries)
        tail = asyncio.run(_tail(server, learners))
        memory, all_of_it = server.worker_megabytes(), server.megabytes()
        first = server.first_answer
    shared = f"proportional set size, as it shares with its parent; both of them {all_of_it:.0f} MiB"
    return [
        page,
        at_most(f"course page, queries ({stage.kind})", queries, 5, ""),
        *_saving(stage.kind, tail),
        at_most(f"first response after start ({stage.kind})", first, 2, " s"),
        at_most(f"a worker's memory after work ({stage.kind})", memory, 90, " MiB", note=shared),
    ]


def _page(kind: str, hello: Running, server: Running, learners: Sequence[Learner], queries: int) -> Figure:
    """Rounds in pairs, so that whatever slows the machine slows both."""
    cookies = [learner.cookie for learner in learners[:60]]
    shares, costs, rates = [], [], []
    rate(server.url + COURSE, cookies=cookies, seconds=2)
    rate(hello.url + "/", seconds=1)
    for _ in range(ROUNDS):
        greeted, theirs = _measured(hello, "/", ())
        shown, ours = _measured(server, COURSE, cookies)
        shares.append(100 * shown / greeted)
        costs.append(100 * theirs / ours)
        rates.append((greeted, shown))
    greeted, shown = (median(column) for column in zip(*rates, strict=True))
    note = (
        f"{shown:,.0f} of {greeted:,.0f} requests/s; by processor time of the worker {median(costs):.1f} %; "
        f"{ROUNDS} rounds from {min(shares):.1f} to {max(shares):.1f} %"
    )
    return at_least(f"course page against hello ({kind})", median(shares), 15, " %", stretch=20, note=note)


def _measured(server: Running, path: str, cookies: Sequence[str]) -> tuple[float, float]:
    """Requests per second, and the seconds of processor time that one takes in the worker."""
    before = server.worker_seconds()
    found = rate(server.url + path, cookies=cookies, seconds=ROUND_SECONDS)
    return found, (server.worker_seconds() - before) / (found * ROUND_SECONDS)


async def _tail(server: Running, learners: Sequence[Learner]) -> Tail:
    requests = busy_day(learners)
    address = urlsplit(server.url)
    host, port = address.hostname or "", address.port or 0
    await open_loop(host, port, lambda _: next(requests), per_second=PER_SECOND, seconds=WARM_SECONDS)
    return await open_loop(host, port, lambda _: next(requests), per_second=PER_SECOND, seconds=TAIL_SECONDS)


def _saving(kind: str, tail: Tail) -> list[Figure]:
    note = (
        f"open loop, {PER_SECOND} requests/s, two saves to a page, for {TAIL_SECONDS} s; saves p50 {tail.p50:.1f} ms, "
        f"worst {tail.worst:.0f} ms; pages p99 {tail.others_p99:.1f} ms"
    )
    return [
        at_most(f"saving an answer, p99 ({kind})", tail.p99, 50, " ms", note=note),
        at_most(f"saving an answer, errors ({kind})", tail.errors, 0, "", note=f"of {tail.sent:,} requests"),
    ]


def _queries(stage: Stage, learner: Learner) -> int:
    client = stage.app.test_client()
    client.set_cookie(*learner.cookie.split("=", 1))
    client.get(COURSE)  # the first reader of a version lets the worker read it
    with counted() as sent:
        answer = client.get(COURSE)
    if answer.status_code != 200:
        raise RuntimeError(f"{COURSE} answered {answer.status_code}.")
    return len(sent)
