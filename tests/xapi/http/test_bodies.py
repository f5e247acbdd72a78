"""Oversized, endless, slow and compressed bodies are cut off before they fill memory (row E5)."""

from __future__ import annotations

import gzip
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.rules.statement_corpus import least
from tests.trust.installations import Installation, installed
from tests.xapi.conftest import VERSION_HEADER, Lrs, basic, made_key, stored_rows

MEGABYTE = 1024 * 1024
STREAMED = (1024 if os.environ.get("CADRE_EVIDENCE") else 128) * MEGABYTE
LIMIT = 2  # megabytes
GROWTH = 48 * MEGABYTE


class Endless:
    """A body that never ends, and counts how much of it was taken."""

    def __init__(self, piece: bytes = b" " * 65536) -> None:
        self._piece = piece
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        """Some more of it."""
        assert size >= 0, "whoever reads to the end of an endless body never comes back"
        self.taken += min(size, len(self._piece))
        return self._piece[:size]


def stream(client: FlaskClient, lrs: Lrs, endless: Endless, **headers: str) -> TestResponse:
    """A POST of a body whose length nobody says, as the server hands it on."""
    environ: dict[str, Any] = {"wsgi.input": endless, "wsgi.input_terminated": True}
    kind = headers.pop("content_type", "application/json")
    said = {**lrs.headers, **headers, "Transfer-Encoding": "chunked"}
    return client.post("/xapi/statements", headers=said, content_type=kind, environ_overrides=environ)


@pytest.mark.parametrize("kind", ["application/json", "multipart/mixed; boundary=x"])
def test_E5_an_endless_body_is_cut_off_at_the_limit(app: Flask, client: FlaskClient, lrs: Lrs, kind: str) -> None:
    endless = Endless()
    answer = stream(client, lrs, endless, content_type=kind)
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert endless.taken <= app.config["MAX_CONTENT_LENGTH"] + MEGABYTE
    assert stored_rows() == 0


def test_E5_a_body_that_says_it_is_too_long_is_not_read_at_all(app: Flask, client: FlaskClient, lrs: Lrs) -> None:
    endless = Endless()
    environ: dict[str, Any] = {
        "wsgi.input": endless,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": str(app.config["MAX_CONTENT_LENGTH"] + 1),
    }
    answer = client.post(
        "/xapi/statements", headers=lrs.headers, content_type="application/json", environ_overrides=environ
    )
    assert (answer.status_code, endless.taken) == (413, 0)


def test_E5_without_a_key_no_body_is_read(client: FlaskClient) -> None:
    endless = Endless()
    environ: dict[str, Any] = {"wsgi.input": endless, "wsgi.input_terminated": True}
    answer = client.post("/xapi/statements", headers={VERSION_HEADER: "2.0.0"}, environ_overrides=environ)
    assert (answer.status_code, endless.taken) == (401, 0)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, identity"])
def test_E5_a_compressed_body_is_refused_without_unfolding_it(lrs: Lrs, encoding: str) -> None:
    folded = gzip.compress(json.dumps(least()).encode())
    answer = lrs.send("POST", data=folded, content_type="application/json", headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")
    assert "Content-Encoding" in answer.json["detail"]
    assert lrs.post(least(), headers={"Content-Encoding": "identity"}).status_code == 200


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Installation, dict[str, str]]]:
    """An installation of its own that takes two megabytes, and a key to its record."""
    database_url = f"sqlite:///{tmp_path / 'served.db'}"
    with installed(tmp_path, database_url, LMS_UPLOAD_MEGABYTES=str(LIMIT)) as installation:
        made = made_key()
        yield installation, basic(made.key, made.secret)


def memory(group: int) -> int:
    """How many bytes the processes of a group hold together."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                pages += int((folder / "statm").read_text().split()[1])
        except (OSError, ProcessLookupError):  # one that ended while we looked
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def converse(port: int, head: str, pieces: Callable[[], Iterator[bytes]]) -> tuple[str, int]:
    """Send a request piece by piece until somebody answers; the status line, and how much was sent."""
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.encode())
        line.setblocking(False)
        try:
            for piece in pieces():
                line.settimeout(20)
                line.sendall(piece)
                sent += len(piece)
                line.setblocking(False)
                try:
                    if answered := line.recv(65536):
                        return answered.split(b"\r\n")[0].decode(), sent
                except BlockingIOError:
                    continue
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server closed its end: what it said before is still to be read
        line.settimeout(20)
        try:
            return line.recv(65536).split(b"\r\n")[0].decode(), sent
        except ConnectionResetError:
            return "", sent


def request_head(headers: dict[str, str], port: int) -> str:
    lines = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json", **headers}
    return "POST /xapi/statements HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"


@pytest.mark.only("sqlite")
def test_E5_the_server_answers_an_endless_stream_with_413_and_holds_its_memory(
    database: str, served: tuple[Installation, dict[str, str]]
) -> None:
    installation, key = served
    piece = b" " * MEGABYTE

    def chunks() -> Iterator[bytes]:
        for _ in range(STREAMED // MEGABYTE):
            yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
        yield b"0\r\n\r\n"

    def plain() -> Iterator[bytes]:
        for _ in range(STREAMED // MEGABYTE):
            yield piece

    with installation.running() as server:
        before = memory(os.getpgid(server.pid))
        ways = [({"Transfer-Encoding": "chunked"}, chunks), ({"Content-Length": str(STREAMED)}, plain)]
        for lengths, pieces in ways:
            status, _ = converse(installation.port, request_head({**key, **lengths}, installation.port), pieces)
            assert " 413 " in f"{status} ", (lengths, status)
            assert memory(os.getpgid(server.pid)) - before < GROWTH
        small = json.dumps(least()).encode()
        whole = [f"{len(small):x}\r\n".encode() + small + b"\r\n0\r\n\r\n"]
        head = request_head({**key, "Transfer-Encoding": "chunked"}, installation.port)
        assert " 200 " in f"{converse(installation.port, head, lambda: iter(whole))[0]} "
