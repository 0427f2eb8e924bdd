"""The Celery application; its schedule is in settings, its tasks reconcile from the database."""

import os

from celery import Celery

from config.broker import SteadyAMQP

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chargehand", amqp=SteadyAMQP)
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
