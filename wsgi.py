"""The WSGI entry point for any server: `wsgi:app`."""

import gc
from importlib import import_module

gc.disable()  # what is made at the start stays: looking for garbage in it would take a fifth of the start
app = import_module("lms.app").create_app()
gc.freeze()  # nor need it be looked through again and again
# a batch of statements is ten thousand small things that are gone with the request: looked through seldom
gc.set_threshold(20_000, 20, 50)
gc.enable()
