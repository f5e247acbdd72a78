"""The WSGI entry point for any server: `wsgi:app`."""

import gc

from lms.app import create_app

app = create_app()
gc.collect()
gc.freeze()  # what was made at the start is never garbage, and need not be looked through again and again
