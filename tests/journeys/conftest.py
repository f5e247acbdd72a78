"""A running product with a small demonstration government, and browsers that check every page they are shown."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.house.source import ROOT
from tests.journeys.visitor import Visitor

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STAFF = 400


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys share one server, so they run one after another on one worker."""
    for item in items:
        if "tests/journeys" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@dataclass(frozen=True)
class Product:
    """Where the running product is."""

    url: str
    var: Path


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, served as `make run` serves it, over a demonstration made for this run."""
    var = tmp_path_factory.mktemp("journeys")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environ = os.environ | {"LMS_VAR": str(var), "LMS_BASE_URL": url, "LMS_SIGN_IN_TRIES": "50"}
    environ.pop("DATABASE_URL", None)
    lms = str(Path(sys.executable).parent / "lms")
    subprocess.run([lms, "db", "upgrade"], check=True, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    subprocess.run(
        [lms, "demo", "load", "--staff", str(STAFF)], check=True, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    with (var / "server.log").open("w") as log:
        server = subprocess.Popen([lms, "serve", "--port", str(port)], env=environ, cwd=ROOT, stdout=log, stderr=log)
        try:
            _await(url + "/healthz", server)
            yield Product(url, var)
        finally:
            server.terminate()
            server.wait(20)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until the server answers; its own refusal of a connection paces the loop."""
    for _ in range(3000):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(url, timeout=2).read()
            return
        except OSError:
            server_wait(0.02)
    raise AssertionError("the server did not answer")


def server_wait(seconds: float) -> None:
    """Give the server a moment."""
    import threading

    threading.Event().wait(seconds)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium")
    if path is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed: the journeys did not run")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser, product: Product) -> Iterator[Callable[..., Visitor]]:
    """Make visitors, each with a browser profile of their own; each is held to account at the end."""
    made: list[Visitor] = []

    def make(*, script: bool = True) -> Visitor:
        context = browser.new_context(
            base_url=product.url, java_script_enabled=script, viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context, product.url, checks=script)
        made.append(visitor)
        return visitor

    yield make
    for one in made:
        try:
            one.leave()
        except Error as error:
            raise AssertionError(str(error)) from error


@pytest.fixture(scope="session")
def screenshots() -> Path:
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
