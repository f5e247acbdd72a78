"""Which file names may stand in a course folder or an archive."""

from __future__ import annotations

import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_PATH = 240
LONGEST_NAME = 120
DEEPEST = 8
_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(10)}
_FORBIDDEN = set('<>:"|?*')
_HIDDEN_KINDS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def is_slug(text: str) -> bool:
    """Tell whether a text can be an id: lower-case letters, digits and single hyphens."""
    return len(text) <= 100 and SLUG.fullmatch(text) is not None


def slug(text: str) -> str:
    """Make an id of a title or file name; empty when it has no Latin letter and no digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def collision_key(path: str) -> str:
    """Give the form under which two names would be one file on some machine."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def path_fault(path: str) -> tuple[str, str] | None:
    """Say why a relative path may not be used, as code and plain words; None when it may."""
    return _whole_fault(path) or next(filter(None, map(_part_fault, path.split("/"))), None)


def _whole_fault(path: str) -> tuple[str, str] | None:
    checks = (
        ("\0" in path, "NUL_IN_NAME", "has a NUL character in its name"),
        ("\\" in path, "BACKSLASH", "has a backslash in its name; folders are separated by /"),
        (path.startswith("/"), "ABSOLUTE_PATH", "is an absolute path; use a path inside the folder"),
        (_DRIVE.match(path) is not None, "DRIVE_PATH", "starts with a drive letter; use a path inside the folder"),
        (".." in path.split("/"), "PATH_OUTSIDE", "leaves the folder by .."),
        (len(path) > LONGEST_PATH, "PATH_TOO_LONG", f"is longer than {LONGEST_PATH} characters"),
        (path.count("/") >= DEEPEST, "TOO_DEEP", f"lies deeper than {DEEPEST} levels"),
    )
    return next(((code, words) for wrong, code, words in checks if wrong), None)


def _part_fault(part: str) -> tuple[str, str] | None:
    if part in ("", "."):
        return "BAD_NAME", "has an empty part in its path"
    if any(unicodedata.category(char) in _HIDDEN_KINDS for char in part):
        return "BAD_NAME", "has an invisible or control character in its name"
    if _FORBIDDEN & set(part):
        return "BAD_NAME", 'has one of the characters < > : " | ? * in its name'
    if part != part.strip() or part.endswith("."):
        return "BAD_NAME", "has a part that starts or ends with a space, or ends with a dot"
    if part.split(".")[0].strip().casefold() in _RESERVED:
        return "RESERVED_NAME", "uses a name that some systems reserve for devices"
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        return "PATH_TOO_LONG", f"has a part longer than {LONGEST_NAME} bytes"
    return None
