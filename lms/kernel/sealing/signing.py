"""The key that signs checkpoints, and how a checkpoint is written (C2SP tlog-checkpoint, signed-note)."""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from lms.kernel.sealing.verify import sha
from lms.settings import Settings, SettingsRefused

if TYPE_CHECKING:  # the library is large: those load it who sign
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"  # the kind of key in a signed note


@dataclass(frozen=True, slots=True)
class Signer:
    """The installation as it signs: its private key, and the beginning of its logs' names."""

    private: Ed25519PrivateKey
    base: str

    def origin(self, log: str) -> str:
        """The name under which the world knows a log."""
        return f"{self.base}/{log}"

    def public(self, log: str) -> str:
        """The public key of a log as text: NAME+HINT+BASE64."""
        return f"{self.origin(log)}+{self._hint(log).hex()}+{encoded(self._raw)}"

    def note(self, log: str, *, size: int, root: bytes, number: int, at: datetime) -> str:
        """A signed checkpoint."""
        origin, moment = self.origin(log), at.isoformat(timespec="seconds").replace("+00:00", "Z")
        body = f"{origin}\n{size}\n{encoded(root)}\nnumber {number}\nsealed {moment}\n"
        signature = self._hint(log) + self.private.sign(body.encode())
        return f"{body}\n— {origin} {encoded(signature)}\n"

    @property
    def _raw(self) -> bytes:
        return ED25519 + self.private.public_key().public_bytes_raw()

    def _hint(self, log: str) -> bytes:
        return sha(f"{self.origin(log)}\n".encode(), self._raw)[:4]


def encoded(content: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(content).decode("ascii")


def signer_here() -> Signer:
    """The installation's signer; its key is made at its first use."""
    settings: Settings = current_app.extensions["cadre.settings"]
    base = settings.iri_base.split("://")[-1].replace("+", "%2B")
    return Signer(_kept(settings.sealing_key), base)


def renew_key() -> None:
    """Let another key sign from now on; what the former one signed stays, with its public key."""
    settings: Settings = current_app.extensions["cadre.settings"]
    fresh = _written(settings.sealing_key)
    fresh.replace(settings.sealing_key)


def _kept(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.exists():
        fresh = _written(path)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another worker was a moment quicker: its key is the one
        finally:
            fresh.unlink()
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsRefused(f"LMS_SEALING_KEY: {path} holds no Ed25519 key in PEM; name a file that does.")
    return key


def _written(path: Path) -> Path:
    """A new key in a file of its own beside the path, readable by its owner only."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)  # 0600 from the start
    with os.fdopen(number, "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
