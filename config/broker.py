"""Celery's connection to its broker: it survives outages, and is back within a second of them."""

import logging
from typing import Any

from celery.app.amqp import AMQP
from kombu import Connection

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_ATTEMPTS = 1


class SteadyConnection(Connection):
    """Two things that kombu 5.7 does otherwise keep tasks from running long after an outage."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        """Try every second; kombu's pauses grow to half a minute."""
        pace = {"interval_start": SECONDS_BETWEEN_ATTEMPTS, "interval_step": 0}
        return super().ensure_connection(*args, **pace | options)

    def maybe_close_channel(self, channel: Any) -> None:
        """Close a channel; one whose connection is lost cannot give back the tasks it had taken.

        kombu raises AttributeError then, and the worker would end.
        """
        try:
            super().maybe_close_channel(channel)
        except AttributeError:
            logger.info("a lost channel kept the tasks that were not acknowledged", exc_info=True)


class SteadyAMQP(AMQP):
    """Celery's messaging over such connections."""

    Connection = SteadyConnection
