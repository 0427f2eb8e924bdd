"""The ASGI application: OCPP sockets to the node, everything else to Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

# The models are loaded from here on.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from config.lifespan import lifespan  # noqa: E402
from config.ocpp import routes, stages  # noqa: E402
from stations.consumers import OcppConsumer, unknown_path  # noqa: E402
from stations.ocpp.node import Node  # noqa: E402

node = Node(routes(), stages())
ocpp = OcppConsumer.as_asgi(node=node)

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "lifespan": lifespan(node),
        "websocket": URLRouter(
            [
                re_path(r"^ocpp/(?P<party>[A-Z]{2}[A-Z0-9]{3})/(?P<identity>[^/]+)/?$", ocpp),
                re_path(r"^ocpp/(?P<identity>[^/]+)/?$", ocpp),
                re_path(r"", unknown_path),
            ]
        ),
    }
)
