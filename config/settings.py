"""Settings: one code base, two sizes; only DATABASE_URL and REDIS_URL differ."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config.keys import new_field_key, new_secret_key, stored_secret
from config.logs import log_settings

# So that generic admin and form classes can be named with their model at run time.
django_stubs_ext.monkeypatch()

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
SERVER = env.str("SERVER", "daphne")
WORKERS = env.int("WORKERS", 1)
PUBLIC_URL = env.str("PUBLIC_URL", f"http://{'127.0.0.1' if HOST == '0.0.0.0' else HOST}:{PORT}")  # noqa: S104
DEMO = env.bool("DEMO", False)

SECRET_KEY = env.str("SECRET_KEY", "") or stored_secret(DATA_DIR / "secret_key", new_secret_key)
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [
    stored_secret(DATA_DIR / "field_key", new_field_key)
]

_PUBLIC_HOST = PUBLIC_URL.split("://", 1)[-1].split("/")[0]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_PUBLIC_HOST.split(":")[0], "127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", SECURE)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
# Behind a proxy of ours: only then X-Forwarded-Proto and X-Forwarded-For are believed.
PROXIED = env.bool("PROXIED", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIED else None
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "simple_history",
    "timezone_field",
    "config",
    "stations",
    "sessions",
    "scheduling",
    "roaming",
    "diagnostics",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stations.middleware.NulMiddleware",
    "config.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stations.middleware.PersonalSettingsMiddleware",
    "stations.middleware.SignInLimitMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
AUTH_USER_MODEL = "stations.User"
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
AUTHENTICATION_BACKENDS = ["stations.permissions.LimitedTimeBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database: SQLite in one process, PostgreSQL with a pool in the scaled size.

DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", f"sqlite:///{DATA_DIR / 'chargehand.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _database["ENGINE"] = "config.sqlite"
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000;",
    }
else:
    # A server that is gone without a word is noticed in seconds: until then stations go unanswered.
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 16), "timeout": 20},
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "options": "-c lock_timeout=15s -c idle_in_transaction_session_timeout=60s",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Tables that grow: cut by time on PostgreSQL.

PARTITIONED_MODELS = {
    "diagnostics.Message": "day",
    "charging.MeterValue": "day",
    "scheduling.StatusLedger": "month",
}

# Broker and channel layer: in memory in one process, Redis in the scaled size.

REDIS_URL = env.str("REDIS_URL", "")
# Several installations may share a Redis: all keys of this one begin with its prefix.
REDIS_PREFIX = env.str("REDIS_PREFIX", "chargehand")
EMBEDDED = not REDIS_URL
CHANNEL_LAYERS: dict[str, Any]
if EMBEDDED:
    CHANNEL_LAYERS = {"default": {"BACKEND": "config.layers.LocalChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
                "prefix": REDIS_PREFIX,
            },
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
        }
    }

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.05}
    if EMBEDDED
    else {"visibility_timeout": 3600, "global_keyprefix": f"{REDIS_PREFIX}:"}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"


def _every(task: str, seconds: float) -> dict[str, object]:
    """A beat entry; a run that could not start within its own period is dropped, not queued up."""
    return {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expires": max(seconds, 2)},
    }


CELERY_BEAT_SCHEDULE = {
    "apply-boundaries": _every("scheduling.tasks.apply_boundaries", 1),
    "reconcile-availability": _every("scheduling.tasks.reconcile_availability", 1),
    "sweep-published-status": _every("scheduling.tasks.sweep_published_status", 60),
    "send-deliveries": _every("roaming.tasks.send_deliveries", 0.5),
    "expire-commands": _every("stations.tasks.expire_commands", 5),
    "free-dead-nodes": _every("stations.tasks.free_dead_nodes", 10),
    "forget-unrecognised": _every("stations.tasks.forget_unrecognised", 600),
    "make-partitions": _every("stations.tasks.make_partitions", 3600),
    "forget-handled-messages": _every("sessions.tasks.forget_handled_messages", 3600),
    "drop-expired-partitions": _every("diagnostics.tasks.drop_expired_partitions", 3600),
    "note-beat": _every("stations.tasks.note_beat", 5),
}

# OCPP endpoint: which stages see a batch after its handlers, in order.

OCPP_BATCH_STAGES = [
    "sessions.services.hygiene.close_left_open",
    "scheduling.services.batch.publish_changes",
    "diagnostics.services.message_log.log_exchanges",
]
# What upper apps know better of a command's parameters: (station, kind, params) -> params.
COMMAND_PARAM_RESOLVERS = ["sessions.services.remote_stop.name_transaction"]
OCPP_CALL_TIMEOUT_S = env.int("OCPP_CALL_TIMEOUT_S", 30)
OCPP_HEARTBEAT_INTERVAL_S = env.int("OCPP_HEARTBEAT_INTERVAL_S", 300)
OCPP_LOG_HEARTBEATS = env.bool("OCPP_LOG_HEARTBEATS", False)
OCPP_OFFLINE_GRACE_S = env.int("OCPP_OFFLINE_GRACE_S", 60)
OCPP_MAX_PENDING_FRAMES = env.int("OCPP_MAX_PENDING_FRAMES", 64)
MESSAGE_LOG_RETENTION_DAYS = env.int("MESSAGE_LOG_RETENTION_DAYS", 90)
METER_VALUE_RETENTION_DAYS = env.int("METER_VALUE_RETENTION_DAYS", 730)
LEDGER_RETENTION_MONTHS = env.int("LEDGER_RETENTION_MONTHS", 25)
ALLOW_PRIVATE_ADDRESSES = env.bool("ALLOW_PRIVATE_ADDRESSES", False)

# Health: /metrics is for this machine, or for who sends this bearer token.

METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "stations.api.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["stations.permissions.ModelPermissions"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "stations.api.pagination.CursorPages",
    "DEFAULT_RENDERER_CLASSES": ["stations.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["stations.api.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["stations.api.throttling.PerUserThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", "6000/min")},
    "URL_FORMAT_OVERRIDE": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "EXCEPTION_HANDLER": "stations.api.problems.problem_details",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 100,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chargehand API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["stations.api.schema.only_resources"],
    "POSTPROCESSING_HOOKS": ["stations.api.schema.describe_problems"],
}

# Languages and times

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Static files: finders serve them in the embedded size, collected ones in the scaled size.

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is missing
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

UNFOLD = {
    "SITE_TITLE": "Chargehand",
    "SITE_HEADER": "Chargehand",
    "SITE_SUBHEADER": _("Charging stations, kept honest"),
    "SITE_SYMBOL": "ev_station",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "ENVIRONMENT": "config.dashboard.environment",
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "SIDEBAR": {
        "navigation": "config.navigation.navigation",
        "show_search": True,
        "command_search": True,
    },
    "COMMAND": {"search_callback": "config.navigation.search"},
    "LANGUAGES": {"action": reverse_lazy("admin:stations_user_language")},
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("chargehand/favicon.svg"),
        }
    ],
    "STYLES": [lambda request: static("chargehand/admin.css")],
    "SCRIPTS": [lambda request: static("chargehand/admin.js")],
    "COLORS": {
        "primary": {
            "50": "#f0fdfa",
            "100": "#ccfbf1",
            "200": "#99f6e4",
            "300": "#5eead4",
            "400": "#2dd4bf",
            "500": "#14b8a6",
            "600": "#0d8077",
            "700": "#0f766e",
            "800": "#115e59",
            "900": "#134e4a",
            "950": "#042f2e",
        },
    },
}

# Back office: what later apps add to the pages of stations and locations.

ADMIN_PARTS = {
    "stations.station": [
        "scheduling.admin.station_part.StationPart",
        "sessions.admin.station_part.StationPart",
        "diagnostics.admin.station_part.StationPart",
    ],
    "stations.location": ["scheduling.admin.location_part.LocationPart"],
}
SIMPLE_HISTORY_REVERT_DISABLED = True

LOGGING = log_settings(env.str("LOG_LEVEL", "INFO"))
