"""The ASGI application: OCPP sockets to the node, everything else to Django."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application: Any = get_asgi_application()

# The models are loaded from here on.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.health.application import health  # noqa: E402
from config.lifespan import lifespan  # noqa: E402
from config.ocpp import routes, stages  # noqa: E402
from config.serving.asgi_types import Application  # noqa: E402
from stations.consumers import OcppConsumer, unknown_path  # noqa: E402
from stations.ocpp.node import Node  # noqa: E402


def application_of(node: Node) -> Application:
    """Return the application whose OCPP sockets belong to `node`."""
    ocpp: Any = OcppConsumer.as_asgi(node=node)
    elsewhere: Any = unknown_path
    http = health(node, django_application, metrics_token=settings.METRICS_TOKEN)
    application: Application = ProtocolTypeRouter(
        {
            "http": http,
            "lifespan": lifespan(node),
            "websocket": URLRouter(
                [
                    re_path(r"^ocpp/(?P<party>[A-Z]{2}[A-Z0-9]{3})/(?P<identity>[^/]+)/?$", ocpp),
                    re_path(r"^ocpp/(?P<identity>[^/]+)/?$", ocpp),
                    re_path(r"", elsewhere),
                ]
            ),
        }
    )
    return application


node = Node(routes(), stages())
application = application_of(node)
