"""The `lms` command: everything an operator or another program does with an installation.

Things to remember
- Every command takes `--json` and then prints one JSON object; log lines go to standard error.
- Exit 0: done. Exit 1: refused, with the reasons. Exit 2: used wrongly.
- A command is a unit of work: it commits at its end or changes nothing.
"""

from __future__ import annotations

from lms.cli import memory


def main() -> None:
    """Run one command; before the product is loaded, a server looks to its memory."""
    memory.serve_with_little()
    from lms.cli.commands import run  # with everything: for naught where the program is started anew

    run()
