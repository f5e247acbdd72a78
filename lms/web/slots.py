"""Named page slots: places in a room's page that rooms above it fill, through `lms.app`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

Provider = Callable[..., str]
_NOTHING = Markup()


def fill(app: Flask, name: str, provider: Provider) -> None:
    """Have a provider's markup shown in a slot."""
    app.extensions.setdefault("cadre.slots", {}).setdefault(name, []).append(provider)


def slot(name: str, *args: Any) -> Markup:
    """What the rooms above put into a slot of the present page."""
    providers: list[Provider] = current_app.extensions.get("cadre.slots", {}).get(name, [])
    return Markup("".join([provider(*args) for provider in providers])) if providers else _NOTHING
