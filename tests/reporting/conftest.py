"""The worked example for tests of this room."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.requirements.world import World, build


@pytest.fixture
def world(app: Flask) -> World:
    """The government of the worked example at the end of March 2026."""
    return build()
