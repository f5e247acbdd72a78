"""The yardstick: the smallest Flask page there is, under the same server."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"
