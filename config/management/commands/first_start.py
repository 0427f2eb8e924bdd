"""Makes what a fresh installation begins with, and says how to sign in; harmless when repeated."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from stations.services.first_start import FirstStart, ensure_first_data


class Command(BaseCommand):
    help = "Create the first operator, account, location and administrator where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        given = os.environ.get("ADMIN_PASSWORD", "")
        start = ensure_first_data(given)
        self.stdout.write(f"URL       {settings.PUBLIC_URL}/admin/")
        self.stdout.write(f"User      {start.username}")
        self.stdout.write(f"Password  {_shown(start, given)}")


def _shown(start: FirstStart, given: str) -> str:
    if start.password is None:
        return "as it was set before; ADMIN_PASSWORD sets another"
    return "that of ADMIN_PASSWORD" if given else start.password
