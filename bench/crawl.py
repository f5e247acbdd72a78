"""A walk through the product along its links, counting the statements that each page takes."""

from __future__ import annotations

import html
import re
from collections import deque
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from bench.stage import counted, sign_in
from lms import demo

SAMPLES = 2
LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')


class Visited(NamedTuple):
    """How many statements an address took at the most, and whether it is a page or a file to take along."""

    statements: int
    is_page: bool


Counts = dict[str, Visited]


def walk(app: Flask) -> Counts:
    """The most statements of each page, named by the role of its reader and its endpoint."""
    found: Counts = {}
    for account in {account.role: account for account in demo.ACCOUNTS}.values():
        client = sign_in(app, account.email, demo.PASSWORD)
        for endpoint, count in _walk(app, client).items():
            found[f"{endpoint} ({account.role})"] = count
    return found


def _walk(app: Flask, client: FlaskClient) -> Counts:
    most: Counts = {}
    visits: Counts = {}
    waiting, known = deque(["/"]), {"/"}
    while waiting:
        path = waiting.popleft()
        endpoint = _endpoint(app, path)
        if endpoint is None or visits.get(endpoint, 0) >= SAMPLES:
            continue
        visits[endpoint] = visits.get(endpoint, 0) + 1
        client.get(path)  # what a worker reads once in its life is not the page's
        with counted() as sent:
            answer = client.get(path)
        if answer.status_code >= 500:
            raise RuntimeError(f"{path} answered {answer.status_code}.")
        if answer.status_code == 200:
            here = Visited(len(sent), answer.mimetype == "text/html")
            most[endpoint] = max(most.get(endpoint, here), here)
        for link in _links(answer.text if answer.mimetype == "text/html" else ""):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return most


def _links(text: str) -> list[str]:
    return [html.unescape(found) for found in LINK.findall(text)]


def _endpoint(app: Flask, path: str) -> str | None:
    """What answers at an address; None for files and for what is nowhere."""
    try:
        endpoint, _values = app.url_map.bind("127.0.0.1").match(urlsplit(path).path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint == "static" else str(endpoint)
