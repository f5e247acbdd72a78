"""The WSGI entry point for any server: `wsgi:app`."""

import gc

from lms.app import create_app

app = create_app()
# a batch of statements is ten thousand small things that are gone with the request: looked through seldom
gc.set_threshold(20_000, 20, 50)
gc.collect()
gc.freeze()  # what was made at the start is never garbage, and need not be looked through again and again
