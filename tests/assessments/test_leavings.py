"""A request takes with it what it made: what stayed would fill a worker's memory until garbage is looked for."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from jinja2.environment import TemplateModule
from werkzeug.test import EnvironBuilder

from lms.web.sessions import KeptSession
from tests.assessments.conftest import Sat

OURS = (KeptSession, Request, TemplateModule)


@pytest.fixture
def left(app: Flask) -> Callable[..., tuple[str, list[object]]]:
    """Asks for a page as a server does; gives its status, and what of ours only a search for garbage finds after it."""

    def ask(path: str, cookie: str, **more: Any) -> str:
        said: list[str] = []
        environ = EnvironBuilder(path, headers={"Cookie": f"cadre={cookie}"}, **more).get_environ()
        answer: Any = app(environ, lambda status, *_: said.append(status))
        b"".join(answer)
        answer.close()
        return said[0]

    def looked_for(path: str, cookie: str, **more: Any) -> tuple[str, list[object]]:
        ask(path, cookie, **more)  # the first reader fills what is remembered
        gc.collect()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            status = ask(path, cookie, **more)
            gc.collect()
            return status, [found for found in gc.garbage if isinstance(found, OURS)]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()

    return looked_for


@pytest.mark.parametrize("page", ["/", "questions/1", "review", "result", "closed"])
def test_a_page_leaves_neither_session_nor_request(
    page: str, sitting: Callable[..., Sat], browser: Callable[[Sat], FlaskClient], left: Callable[..., Any]
) -> None:
    sat = sitting(account=True)
    cookie = browser(sat).get_cookie("cadre")
    assert cookie is not None
    attempt = sat.begin()
    if page in ("result", "closed"):
        sat.hand_in(attempt)
    if page == "closed":  # what a save comes to that comes too late
        form = {"method": "POST", "data": {"choice": "1", "revision": "0", "go": "next"}}
        assert left(f"/learn/attempts/{attempt}/questions/1", cookie.value, **form) == ("409 CONFLICT", [])
    else:
        assert left(page if page == "/" else f"/learn/attempts/{attempt}/{page}", cookie.value) == ("200 OK", [])
