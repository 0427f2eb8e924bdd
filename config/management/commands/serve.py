"""`manage.py serve`: the web server, with Celery inside or beside it when asked for."""

import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from config.celery import app as celery_app
from config.serving.celery_processes import celery_processes
from config.serving.celery_threads import start_celery_threads, stop_celery_threads
from config.serving.process import raise_file_limit

SERVERS = ("daphne", "uvicorn")


class Command(BaseCommand):
    help = "Serves pages, API and charging stations until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--server", choices=SERVERS, default=settings.SERVER)
        parser.add_argument("--workers", type=int, default=settings.WORKERS)
        parser.add_argument(
            "--with-celery",
            action="store_true",
            help="also run a Celery worker and beat (embedded: always, inside this process)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_impossible(options["server"], options["workers"])
        raise_file_limit()
        with ExitStack() as stack:
            if settings.EMBEDDED:
                stack.callback(stop_celery_threads)
            elif options["with_celery"]:
                stack.enter_context(celery_processes())
            try:
                self.serve(options)
            except OSError as fault:
                raise CommandError(f"The server could not start: {fault}.") from fault

    def serve(self, options: dict[str, Any]) -> None:
        """Only the chosen server is imported: daphne brings Twisted, and takes its event loop."""
        host, port = options["host"], options["port"]
        if options["server"] == "uvicorn":
            run = import_string("config.serving.uvicorn.run_uvicorn")
            path = "config.asgi:application"
            run(path, host=host, port=port, workers=options["workers"], ready=self.get_ready)
        else:
            run = import_string("config.serving.daphne.run_daphne")
            node = import_string("config.asgi.node")
            application = import_string("config.asgi.application")
            run(application, host=host, port=port, node=node, ready=self.get_ready)

    def get_ready(self, url: str) -> None:
        """Runs once, when connections are accepted."""
        if settings.EMBEDDED:
            start_celery_threads(celery_app)
        self.stdout.write(f"Chargehand serves {url}")
        sys.stdout.flush()


def refuse_impossible(server: str, workers: int) -> None:
    """Raises CommandError with a way out."""
    if server not in SERVERS:
        raise CommandError(f"There is no server {server}. Use daphne or uvicorn.")
    if workers < 1:
        raise CommandError(f"{workers} workers cannot serve. Use at least 1.")
    if workers > 1 and server != "uvicorn":
        raise CommandError("Several workers need another server. Add --server uvicorn.")
    if workers > 1 and settings.EMBEDDED:
        raise CommandError(
            "Several workers need PostgreSQL and Redis. Set DATABASE_URL and REDIS_URL."
        )
