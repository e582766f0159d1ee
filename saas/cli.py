"""The command line: `flask db bootstrap`, `consume`, `schedule`, `send`, `worker`, `quarantine`, `spool`, `translations`, `simulator play`."""

from __future__ import annotations

import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import Migrate
from flask_migrate.cli import db as database_commands
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from saas.db import db
from saas.jobs import schedule
from saas.jobs.queue import QUEUE
from saas.simulator.day import simulator_cli
from saas.stack.cli import bootstrap_command
from saas.web.i18n import compile_catalogues
from saas.wechat import consume
from saas.wechat.backlog import BacklogWatch
from saas.wechat.cli import quarantine, spool
from saas.wechat.outbox import rounds

translations = AppGroup("translations", help="The catalogues of the two languages.")


@translations.command("compile")
def compile_translations() -> None:
    """Compiles every catalogue below translations/."""
    click.echo(f"{compile_catalogues()} catalogues compiled")


@click.command("consume")
def consume_command() -> None:
    """Consumes the journal until SIGTERM."""
    consume.run_forever(_stopper())


@click.command("schedule")
def schedule_command() -> None:
    """Plans due work and sweeps open rows until SIGTERM; tells when the consumer stands still, which itself can't."""
    stop = _stopper()
    consumer: consume.Consumer = current_app.extensions["consumer"]
    BacklogWatch(consumer.lanes).start(stop)
    schedule.run_forever(stop)


@click.command("send")
def send_command() -> None:
    """Sends what the outbox holds until SIGTERM; any number may run."""
    rounds.run_forever(_stopper())


@click.command("worker")
@click.argument("queue", default=QUEUE)
def worker_command(queue: str) -> None:
    """Runs jobs of ONE queue until SIGTERM: a worker on two loses a job when killed after the pop."""
    # SimpleWorker: a fork would copy the parent's database sockets.
    worker = SimpleWorker([queue], connection=current_app.extensions["redis"], serializer=JSONSerializer)
    worker.log_job_description = False
    worker.work(logging_level="WARNING")


def init_app(app: Flask) -> None:
    """Adds the platform's commands, and `flask db` with the migrations folder of this project."""
    Migrate(app, db, directory="migrations")
    database_commands.add_command(bootstrap_command)
    commands = (consume_command, schedule_command, send_command, worker_command)
    for command in (translations, *commands, quarantine, spool, simulator_cli):
        app.cli.add_command(command)


def _stopper() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
