"""The WSGI entry point for any server: `wsgi:app`."""

import gc

from lms.app import create_app

app = create_app()
gc.collect()
gc.freeze()  # what was made at the start is never garbage, and need not be looked through again and again
gc.set_threshold(5_000, 20, 20)  # a request leaves little behind: look for it less often
