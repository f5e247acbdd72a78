"""An application for tests that look at the house and not at rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.app import create_app
from lms.settings import read


@pytest.fixture(scope="session")
def session_app_any(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    var = tmp_path_factory.mktemp("house")
    app = create_app(read({"LMS_VAR": str(var), "LMS_SECRET_KEY": "test"}))
    with app.app_context():
        yield app
