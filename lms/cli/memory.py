"""How a server's processes keep memory: settings that the C library reads only where a program starts."""

from __future__ import annotations

import os
import sys

STORES_OF_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_TOP_PAD_": "0"}  # glibc's own


def serve_with_little() -> None:
    """Start `lms serve` anew with them, in the same process; what an operator has set himself stays as it is.

    The server's workers are copies of it, so it is too late to tell them. A program that runs a command of ours within
    itself is not ours to start anew.
    """
    asked = sys.argv[1:]
    missing = STORES_OF_MEMORY.keys() - os.environ.keys()
    if missing and asked[:1] == ["serve"] and sys.orig_argv[-len(asked) :] == asked:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], STORES_OF_MEMORY | os.environ)
