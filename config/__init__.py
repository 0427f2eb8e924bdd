"""The project: settings, servers, routes and wiring; it knows all apps and no app imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
