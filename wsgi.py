"""The WSGI entry point for any server: `wsgi:app`."""

from lms.app import create_app

app = create_app()
