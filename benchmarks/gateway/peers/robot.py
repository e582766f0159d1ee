"""WeRoBot in its own Flask view, answering the fan's own words; without its session store, which would slow it."""

from __future__ import annotations

from flask import Flask
from werobot import WeRoBot
from werobot.config import Config
from werobot.contrib.flask import make_view

from benchmarks.gateway.account import AES_KEY, APP_ID, PATH, TOKEN

robot = WeRoBot(config=Config(TOKEN=TOKEN, APP_ID=APP_ID, ENCODING_AES_KEY=AES_KEY, SESSION_STORAGE=False))


@robot.text
def repeat(message):  # type: ignore[no-untyped-def]
    """The same words."""
    return message.content


@robot.handler
def receive(_message):  # type: ignore[no-untyped-def]
    """Anything else."""
    return "收到"


app = Flask(__name__)
app.add_url_rule(PATH, endpoint="werobot", view_func=make_view(robot), methods=["POST"])
