"""Everything an installation may set, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsRefused(Exception):
    """A setting has a value that the product cannot run with; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one running installation (documented in docs/settings.md)."""

    var: Path
    database_url: str
    secret_key: str
    base_url: str
    iri_base: str
    hosts: tuple[str, ...]
    session_hours: int
    busy_seconds: float
    writer_slots: int
    proxies: int
    sign_in_tries: int
    sign_in_window_minutes: int
    upload_megabytes: int
    mail_from: str
    smtp_host: str
    smtp_port: int
    time_zone: str
    sealing_key: Path
    testing: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach the product over https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises SettingsRefused with one line that names the variable and what to do.
    """
    env = os.environ if environ is None else environ
    var = Path(env.get("LMS_VAR", "var")).resolve()
    base_url = env.get("LMS_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise SettingsRefused(f"LMS_BASE_URL is {base_url!r}: write it with http:// or https://.")
    return Settings(
        var=var,
        database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{var / 'cadre.db'}"),
        secret_key=env.get("LMS_SECRET_KEY") or _kept_secret(var),
        base_url=base_url,
        iri_base=env.get("LMS_IRI_BASE", "https://cadre.example").rstrip("/"),
        hosts=tuple(h for h in env.get("LMS_HOSTS", "").replace(",", " ").split() if h),
        session_hours=_whole(env, "LMS_SESSION_HOURS", 10, low=1),
        busy_seconds=float(_whole(env, "LMS_BUSY_SECONDS", 5, low=1)),
        writer_slots=_whole(env, "LMS_WRITER_SLOTS", 64, low=1),
        proxies=_whole(env, "LMS_PROXIES", 0, low=0),
        sign_in_tries=_whole(env, "LMS_SIGN_IN_TRIES", 10, low=3),
        sign_in_window_minutes=_whole(env, "LMS_SIGN_IN_WINDOW_MINUTES", 15, low=1),
        upload_megabytes=_whole(env, "LMS_UPLOAD_MEGABYTES", 32, low=1),
        mail_from=env.get("LMS_MAIL_FROM", "cadre@localhost"),
        smtp_host=env.get("LMS_SMTP_HOST", ""),
        smtp_port=_whole(env, "LMS_SMTP_PORT", 25, low=1),
        time_zone=env.get("LMS_TIME_ZONE", "UTC"),
        sealing_key=Path(env.get("LMS_SEALING_KEY") or var / "sealing-key").resolve(),
    )


def _database_url(url: str) -> str:
    """Name the PostgreSQL driver that the product uses where the address leaves it open."""
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    scheme = url.split(":", 1)[0]
    raise SettingsRefused(f"DATABASE_URL begins with {scheme!r}: use sqlite:///path or postgresql://user@host/name.")


def _whole(env: Mapping[str, str], name: str, default: int, *, low: int) -> int:
    text = env.get(name, str(default))
    try:
        number = int(text)
    except ValueError:
        raise SettingsRefused(f"{name} is {text!r}: write a whole number.") from None
    if number < low:
        raise SettingsRefused(f"{name} is {number}: it must be at least {low}.")
    return number


def _kept_secret(var: Path) -> str:
    """The installation's own secret, made at its first start and readable by its owner only."""
    path = var / "secret-key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        var.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another worker was a moment quicker
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_hex(32)
        file.write(secret)
    return secret
