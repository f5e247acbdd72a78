"""Thousands of requests that make no sense: refused one and all, and none breaks anything (goal R4)."""

from __future__ import annotations

import json
import os
import random
from typing import Any
from urllib.parse import quote, urlencode

from tests.house.access import table
from tests.house.walking import STATEMENT, Route, routes, sent
from tests.house.world import World

COUNT = 20_000 if os.environ.get("CADRE_EVIDENCE") else 1_500
NASTY: tuple[str, ...] = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u202e",
    "é" * 300,
    "x" * 5000,
    "'",
    '"',
    "';--",
    "%",
    "%%s",
    "%00",
    "../../etc/passwd",
    "..\\..",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "\r\nX-Injected: 1",
    "-1",
    "0",
    "1e999",
    "NaN",
    "Infinity",
    "-0",
    "0x10",
    "1_0",
    "٣",
    "²",
    "1.5",
    " 1",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 400,
    "true",
    "null",
    "[]",
    "{}",
    "None",
    "2026-13-45",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-W10",
    "20260331",
    "10000-01-01",
    "2026-11-23T00:00",
    "*",
    "--",
    "a" * 81,
    "🙂",
    "\t",
    "\x1b[31m",
    "%ff",
    "%u0041",
    "+",
    "&",
    "=",
)
FIELDS = (
    "q",
    "topic",
    "level",
    "minutes",
    "page",
    "sort",
    "desc",
    "as_at",
    "known_on",
    "agency",
    "requirement",
    "open",
    "status",
    "next",
    "statementId",
    "voidedStatementId",
    "since",
    "until",
    "limit",
    "more",
    "agent",
    "verb",
    "activity",
    "format",
    "ascending",
    "registration",
    "choice",
    "answer",
    "order",
    "revision",
    "save_id",
    "flagged",
    "go",
    "move",
    "match-1",
    "email",
    "password",
    "current",
    "new",
    "again",
    "note",
    "owner",
    "archive",
    "folder",
    "factor",
    "csrf_token",
    "lang",
)
TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/plain",
    "application/json; charset=utf-16",
    "multipart/form-data; boundary=" + "b" * 300,
    "",
    "\xff/x",
)
HEADERS = (
    "Accept",
    "Accept-Language",
    "Cookie",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Referer",
    "Origin",
    "X-Experience-API-Version",
    "Authorization",
    "Content-Encoding",
    "X-Forwarded-For",
    "Sec-Fetch-Site",
)
METHODS = ("GET", "GET", "GET", "POST", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH")
BODIES: tuple[bytes, ...] = (
    b"",
    b"\xff\xfe\xfd",
    b"--x\r\n",
    b'--x\r\nContent-Disposition: form-data; name="archive"; filename="../a.zip"\r\n\r\nPK\x03\x04\r\n--x--',
    b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--",
    b"a=%",
    b"a=%ff&revision=%00",
    b"=&=&=",
    b"&" * 2000,
    b"[" * 5000,
    b"{" * 200,
    b'{"id":"x","id":"y"}',
    b"NaN",
    b'"\\ud800"',
    b"123456789012345678901234567890",
    b"PK\x05\x06" + b"\0" * 18,
    b"\0" * 64,
)


class Fuzz:
    """Makes requests by chance, the same ones each time."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._routes, self._by = world, list(routes(world.app)), random.Random(seed)
        self._things = list(world.things.values())
        self._table = table()

    def request(self) -> tuple[str, str, str, dict[str, Any]]:
        """A role, a method, an address and the rest."""
        by = self._by
        route = by.choice(self._routes)
        cells = self._table[route.endpoint, route.method]
        # mostly those who get past the guard: behind it is more to break
        role = by.choice([role for role, word in cells.items() if word == "in" or by.random() < 0.1] or ["anonymous"])
        method = route.method if by.random() < 0.8 else by.choice(METHODS)
        more = self._more(route)
        return role, method, self._address(route) + self._query(), more

    def _nasty(self) -> str:
        by = self._by
        text = by.choice(NASTY)
        return text if by.random() < 0.8 else text + by.choice(NASTY)

    def _address(self, route: Route) -> str:
        by = self._by
        address = route.address(by.choice(self._things))
        if by.random() < 0.5:
            return address
        parts = address.split("/")
        at = by.randrange(1, len(parts))
        parts[at] = quote(self._nasty(), safe=by.choice(("", "%/")), errors="surrogatepass")
        return "/".join(parts) or "/"

    def _query(self) -> str:
        by = self._by
        if by.random() < 0.4:
            return ""
        pairs = [(by.choice(FIELDS), self._nasty()) for _ in range(by.randrange(1, 5))]
        text = urlencode(pairs, errors="surrogatepass")
        return "?" + (text if by.random() < 0.9 else text.replace("%", "%%"))

    def _more(self, route: Route) -> dict[str, Any]:
        by = self._by
        more: dict[str, Any] = {}
        if by.random() < 0.3:
            value = self._nasty().encode("utf-8", "replace").decode("latin-1")
            more["headers"] = {by.choice(HEADERS): value.replace("\r", "").replace("\n", "")}
        if route.is_safe:
            return more
        chance = by.random()
        if chance < 0.25:
            return more | {"data": by.choice(BODIES), "content_type": by.choice(TYPES)}
        if route.endpoint.startswith("xapi.") or chance < 0.35:
            return more | {"data": self._json(), "content_type": "application/json"}
        form = {**sent(self._world, route.endpoint)["data"]} if by.random() < 0.6 else {}
        for _ in range(by.randrange(1, 4)):
            form[by.choice(sorted(form) if form and by.random() < 0.7 else FIELDS)] = self._nasty()
        return more | {"data": urlencode(form, errors="surrogatepass"), "content_type": TYPES[0]}

    def _json(self) -> bytes:
        by = self._by
        body: Any = json.loads(json.dumps(STATEMENT))
        if by.random() < 0.8:
            where = body[by.choice(sorted(body))] if by.random() < 0.5 else body
            key = by.choice(
                ("id", "actor", "verb", "object", "result", "context", "timestamp", "version", "account", "definition")
            )
            where[key] = by.choice(
                (self._nasty(), None, [], {}, 1e308, -1, 2**70, True, [self._nasty()], {self._nasty(): 1})
            )
        if by.random() < 0.2:
            body = [body] * by.choice((0, 1, 2, 600))
        return json.dumps(body).encode()


def breaks(answer: Any, address: str) -> bool:
    """Whether something broke; these tests run without migrations, so /readyz says that the schema is not there."""
    return answer.status_code >= 500 and not address.startswith("/readyz")


EDGES = (
    "2147483648",
    "9223372036854775808",
    "9" * 400,
    "-1",
    "%00",
    "%ff",
    "%ed%a0%80",
    "x" * 3000,
    "..%2f..",
    "%F0%9F%99%82",
)


def test_R4_no_part_of_an_address_breaks_anything(world: World) -> None:
    reviewed, tried = table(), 0
    for route in routes(world.app):
        cells = reviewed[route.endpoint, route.method]
        role = next(one for one in ("administrator", "learner", "client") if cells[one] == "in")
        parts, shape = route.address(world.things["FIN"]).split("/"), route.rule.rule.split("/")
        for at in (at for at, part in enumerate(shape) if "<" in part):
            for edge in EDGES:
                address = "/".join((*parts[:at], edge, *parts[at + 1 :]))
                answer = world.visit(role, route.method, address)
                assert not breaks(answer, address), (route.method, address)
                tried += 1
    assert tried > 300


def test_R4_nothing_that_makes_no_sense_breaks_anything(world: World) -> None:
    fuzz, broken, seen = Fuzz(world, seed=20261123), [], set()
    for number in range(COUNT):
        role, method, address, more = fuzz.request()
        answer = world.visit(role, method, address, **more)
        seen.add(answer.status_code)
        if breaks(answer, address):
            broken.append((number, role, method, address[:200], str(more)[:200], answer.status_code))
    assert broken == []
    assert {200, 302, 303, 400, 401, 403, 404, 405, 415, 422} <= seen
