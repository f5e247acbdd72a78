"""How fast statements are stored: over HTTP with everything on, beside the bare driver, and beside Ralph."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median

from bench.records import raw
from bench.records.beside import NotHere, Ralph, install, ralph
from bench.records.clients import Door, post
from bench.records.sender import Sender, furnish
from bench.records.sentences import Writer
from bench.report import Figure, at_least
from bench.servers import Running, serving
from bench.stage import Stage

SIZE = 50  # statements in a batch
ROUNDS, BATCHES, SINGLES = 7, 60, 500
HELD = 10_000  # statements in Ralph's file when a round begins; ours holds more by then
LEVEL = 400  # batches that the bare driver has stored when a round begins: its tables are as full as ours
FILED = 10  # batches that the file takes in a round
LANES = (1, 2, 4, 8)
PROBE = 20
TARGETS = {"postgresql": (50, 75), "sqlite": (45, 60)}
Round = Callable[[], float]


@dataclass(frozen=True)
class Contest:
    """What is measured in turn, by name; each gives statements per second."""

    kind: str
    rounds: Mapping[str, Round]
    lanes: Mapping[str, int]
    server: Running


def figures(product: Stage, bare: Stage, folder: Path, *, must_have_ralph: bool) -> list[Figure]:
    """Everything about storing on one database; `bare` is another of the same shape for the driver."""
    sender, other = furnish(product), furnish(bare)
    batches = iter(raw.prepared(bare, other, LEVEL + ROUNDS * BATCHES, SIZE))
    with ExitStack() as running:
        server = running.enter_context(serving(product.environ))
        theirs = _theirs(running, folder, must_have_ralph)
        bare_driver = running.enter_context(raw.driver(bare))
        bare_driver(list(islice(batches, LEVEL)))
        contest = _contest(product.kind, server, sender, theirs, _raw_round(bare_driver, batches))
        return list(_verdicts(contest, _held(contest)))


def _theirs(running: ExitStack, folder: Path, must: bool) -> dict[str, Ralph]:
    try:
        install()
    except NotHere as reason:
        if must:
            raise SystemExit(f"Ralph cannot be installed: {reason}") from reason
        print(f"… without Ralph, which cannot be installed here: {reason}", file=sys.stderr, flush=True)
        return {}
    return {keeps: running.enter_context(ralph(keeps, folder / keeps)) for keeps in ("nothing", "file")}


def _contest(kind: str, server: Running, sender: Sender, theirs: Mapping[str, Ralph], bare: Round) -> Contest:
    ours = Door(server.url, "/xapi/statements", sender.key, sender.secret)
    writer = Writer(sender.actors, seed=3)
    lanes: dict[str, int] = {}
    rounds: dict[str, Round] = {"raw": bare}

    def meet(name: str, door: Door, size: int, count: int) -> None:
        lanes[name] = _best(door, writer, size)
        rounds[name] = lambda: _posted(door, writer, size, count, lanes[name])

    _send(ours, writer.every_word(), SIZE, lanes=2)  # the bare driver's rows have their keys as well
    meet("batches", ours, SIZE, BATCHES)
    if theirs:
        meet("ralph batches", theirs["nothing"].door, SIZE, BATCHES)
        meet("singles", ours, 1, SINGLES)
        meet("ralph singles", theirs["nothing"].door, 1, SINGLES)
        held = writer.texts(HELD)
        _posted(ours, writer, SIZE, HELD // SIZE, lanes["batches"])
        rounds["ralph file"] = lambda: _filed(theirs["file"], held, writer)
    return Contest(kind, rounds, lanes, server)


def _raw_round(store: Callable[[Sequence[raw.Batch]], float], batches: Iterator[raw.Batch]) -> Round:
    def measured() -> float:
        some = [next(batches) for _ in range(BATCHES)]
        return BATCHES * SIZE / store(some)

    return measured


def _best(door: Door, writer: Writer, size: int) -> int:
    """The number of connections that a server does best with, once it is warm."""
    count = PROBE if size > 1 else PROBE * 10
    _posted(door, writer, size, count, 4)
    return max(LANES, key=lambda lanes: _posted(door, writer, size, count, lanes))


def _posted(door: Door, writer: Writer, size: int, count: int, lanes: int) -> float:
    """Statements per second."""
    return _send(door, writer.texts(count * size), size, lanes)


def _send(door: Door, texts: Sequence[str], size: int, lanes: int) -> float:
    bodies = [f"[{','.join(texts[at : at + size])}]" for at in range(0, len(texts), size)] if size > 1 else texts
    return len(texts) / post(door, [door.request(body) for body in bodies], lanes)


def _filed(theirs: Ralph, held: Sequence[str], writer: Writer) -> float:
    theirs.hold(held)
    return _posted(theirs.door, writer, SIZE, FILED, 1)


def _held(contest: Contest) -> dict[str, list[float]]:
    """All rounds in turn, so that whatever slows the machine slows everybody."""
    found: dict[str, list[float]] = {name: [] for name in (*contest.rounds, "seconds")}
    for _ in range(ROUNDS):
        for name, measured in contest.rounds.items():
            before = contest.server.worker_seconds()
            found[name].append(measured())
            if name == "batches":
                found["seconds"].append((contest.server.worker_seconds() - before) / (BATCHES * SIZE))
    return found


def _verdicts(contest: Contest, found: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    must, stretch = TARGETS[contest.kind]
    worker = 1e6 * median(found["seconds"])
    said = f"{contest.lanes['batches']} connections, {worker:.0f} µs of the worker's processor a statement"
    name = f"storing batches of {SIZE} against the bare driver ({contest.kind})"
    share = _against(name, found["batches"], found["raw"], 100, said)
    yield at_least(share.name, share.value, must, " %", stretch=stretch, note=share.note)
    if "ralph batches" not in found:
        return
    at = {name: f"{lanes} connections" for name, lanes in contest.lanes.items()}
    pairs = (
        ("single statements against Ralph storing nothing", "singles", "ralph singles", 1.0),
        (f"batches of {SIZE} against Ralph storing nothing", "batches", "ralph batches", 0.7),
        (f"batches of {SIZE} against Ralph's file of {HELD:,}", "batches", "ralph file", 10.0),
    )
    for title, ours, theirs, target in pairs:
        note = f"{at[ours]} and {at.get(theirs, '1 connection')}"
        figure = _against(f"{title} ({contest.kind})", found[ours], found[theirs], 1, note)
        yield replace(
            at_least(figure.name, figure.value, target, " ×", note=figure.note), measured=f"{figure.value:.2f} ×"
        )


def _against(name: str, ours: Sequence[float], theirs: Sequence[float], unit: int, note: str) -> Figure:
    """The median of the rounds' ratios, with the rates that they came from."""
    shares = [unit * our / their for our, their in zip(ours, theirs, strict=True)]
    rates = f"{median(ours):,.0f} of {median(theirs):,.0f} statements/s"
    whole = f"{rates}; {len(shares)} rounds from {min(shares):.2f} to {max(shares):.2f}; {note}"
    return Figure(name, "", "", False, median(shares), whole)
