"""Composition root: the one place where the parts are put together. Imported by nobody."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from prtras import embedded, env

ROOT = env.ROOT
ENVIRONMENT = env.environment()
PRODUCTION = ENVIRONMENT == "production"
VAR = Path(env.text("PRTRAS_VAR", str(ROOT / "var")))
DEBUG = False

# -- Database and broker ------------------------------------------------------------------------
# The owner migrates, the application role serves. Over the connection `snapshot` the reader takes one unmoving picture.
# Nothing rests on a session: transactions may go through a connection pooler.

_url_names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL")


def _database(url_name: str, embedded_role: str) -> dict[str, object]:
    if PRODUCTION or any(name in os.environ for name in _url_names):
        return env.database(env.text(url_name))
    folder = VAR / ("test-postgres" if ENVIRONMENT == "test" else "postgres")
    host = embedded.postgres_host(folder, durable=ENVIRONMENT != "test")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": embedded.DATABASE,
        "USER": embedded_role,
        "HOST": host,
    }


DB_ROLE = env.text("PRTRAS_DB_ROLE", "app")
if DB_ROLE == "owner":
    _default = _database("DATABASE_OWNER_URL", embedded.OWNER)
else:
    _default = _database("DATABASE_URL", embedded.APP)
_shared = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "OPTIONS": {"connect_timeout": 2},  # seconds; a server that is away is told at once
}
_snapshot = {"ENGINE": "prtras.datacut.reader", "TEST": {"MIRROR": "default"}}
DATABASES = {
    "default": _default | _shared,
    "snapshot": _database("DATABASE_READER_URL", embedded.READER) | _shared | _snapshot,
}
DATABASE_ROUTERS: list[str] = []
APP_ROLE = env.text("PRTRAS_APP_ROLE", embedded.APP)
READER_ROLE = env.text("PRTRAS_READER_ROLE", embedded.READER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL") if PRODUCTION else os.environ.get("REDIS_URL", embedded.redis_url(VAR / "redis"))
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
#: Seconds. A broker that is away or hangs holds nobody up: what is to be done stands in the database.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}

# -- The study --------------------------------------------------------------------------------------
# Another study on this platform has settings of its own: all of these, and in this section its own values.

STUDY_APPS = ["enrollment", "visits", "labs", "endpoint_review", "analysis", "prtras.demo"]
STUDY_TIMETABLE = {
    "night run": {"task": "analysis.tasks.nightly", "schedule": crontab(hour="2", minute="0")},
    "notices that wait": {"task": "visits.tasks.send_waiting_notices", "schedule": crontab(minute="*/5")},
    "daily digest": {"task": "visits.tasks.send_digests", "schedule": crontab(hour="7", minute="30")},
    "laboratory files": {"task": "labs.tasks.read_folder", "schedule": crontab(minute="*/5")},
    "laboratory sheets": {"task": "labs.tasks.forget_sheets", "schedule": crontab(minute="20")},
}
LAB_FOLDER = os.environ.get("PRTRAS_LAB_FOLDER", "")
LAB_USER = os.environ.get("PRTRAS_LAB_USER", "")
#: Pictures of laboratory sheets carry names: encrypted, in no backup, and gone after so many days at the latest.
SHEETS_FOLDER = VAR / "sheets"
SHEET_DAYS = env.days("PRTRAS_SHEET_DAYS", "7")
#: Days on which a bundle can be downloaded, from the day it is done; after them it is requested again.
EXPORT_DAYS = env.days("PRTRAS_EXPORT_DAYS", "30")
#: What sender and receiver of case safety reports (ICH E2B(R3)) agreed on; without all of it there are none.
ICSR = {
    "sender": env.text("PRTRAS_ICSR_SENDER", ""),
    "receiver": env.text("PRTRAS_ICSR_RECEIVER", ""),
    "organisation": env.text("PRTRAS_ICSR_ORGANISATION", ""),
    "kind": env.text("PRTRAS_ICSR_SENDER_TYPE", ""),
}
ROOT_URLCONF = "prtras.urls"

# -- Backups ----------------------------------------------------------------------------------------

#: Where backups go, and a second place that is kept like it; empty: there are none.
BACKUP_FOLDER = env.text("PRTRAS_BACKUP_FOLDER", "")
BACKUP_COPY = env.text("PRTRAS_BACKUP_COPY", "")
#: The key (age) for which they are encrypted, and its private half, which only the nightly proof needs on this machine.
BACKUP_RECIPIENT = env.text("PRTRAS_BACKUP_RECIPIENT", "")
BACKUP_IDENTITY = env.secret_or_empty("PRTRAS_BACKUP_IDENTITY")
#: The database server as a role that may replicate; empty: the embedded one.
BACKUP_URL = env.text("PRTRAS_BACKUP_URL", "")
#: Where it lies until it is encrypted.
BACKUP_SPOOL = VAR / "backup-spool"
BACKUP_DAYS = env.days("PRTRAS_BACKUP_DAYS", "35")
#: Where the programs of PostgreSQL are; empty: in the wheel.
POSTGRES_BIN = env.text("PRTRAS_POSTGRES_BIN", "")

# -- Parts ----------------------------------------------------------------------------------------

PLATFORM_APPS = [
    "prtras.audit",
    "prtras.accounts",
    "prtras.files",
    "prtras.jobs",
    "prtras.crf",
    "prtras.review",
    "prtras.coding",
    "prtras.datacut",
    "prtras.entry",
    "prtras.trail",
    "prtras.paper",
    "prtras.exports",
    "prtras.operations",
    "prtras.api",
    "prtras.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
]
INSTALLED_APPS = PLATFORM_APPS + STUDY_APPS
PLATFORM_TIMETABLE = {
    "edit checks": {"task": "prtras.entry.tasks.run_checks", "schedule": crontab(hour="1", minute="0")},
    "backup": {"task": "prtras.operations.tasks.back_up", "schedule": crontab(hour="0", minute="20")},
    "proof of the backup": {"task": "prtras.operations.tasks.prove_backup", "schedule": crontab(hour="4", minute="0")},
    "seal the audit trail": {"task": "prtras.audit.tasks.seal", "schedule": crontab(minute="5")},
    "pick up what was left": {
        "task": "prtras.jobs.tasks.pick_up",
        "schedule": crontab(),
        "options": {"expires": 600},  # while no worker is there, the broker does not fill up
    },
}
CELERY_BEAT_SCHEDULE = PLATFORM_TIMETABLE | STUDY_TIMETABLE

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "prtras.ui.cache.no_store",
    "csp.middleware.CSPMiddleware",
    "prtras.audit.acting.somebody_waits",
    "prtras.accounts.unattended_requests.AttendedSessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "prtras.ui.errors.no_nul",
    "prtras.files.errors.DamagedFiles",
    "prtras.accounts.onboarding.require_onboarding",
    "prtras.accounts.views.sign_in.ClosedPage",
]

WSGI_APPLICATION = "prtras.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prtras.ui.frame.frame",
                "prtras.crf.study.in_templates",
            ],
            "builtins": ["prtras.ui.templatetags.prtras", "prtras.crf.templatetags.crf"],
        },
    }
]

# -- Language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- Security ---------------------------------------------------------------------------------------


def _secret_key() -> str:
    """From the environment in production; elsewhere kept beside the demo's data, so that sessions survive a restart."""
    if PRODUCTION:
        return env.text("SECRET_KEY")
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


def _signing_key() -> str:
    """The private key that signs bundles: in production from the environment, elsewhere made beside the demo's data."""
    if PRODUCTION or not os.environ.keys().isdisjoint({"PRTRAS_SIGNING_KEY", "PRTRAS_SIGNING_KEY_FILE"}):
        return env.secret("PRTRAS_SIGNING_KEY")
    path = VAR / "signing-key.pem"
    if not path.exists():
        from prtras.exports.keys import new_private  # once in the life of a demo

        own = path.with_suffix(f".{os.getpid()}")
        own.write_text(new_private())
        own.chmod(0o600)
        with suppress(FileExistsError):  # the key of whoever was first counts
            os.link(own, path)
        own.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()
SIGNING_KEY = _signing_key()
ALLOWED_HOSTS = env.text("ALLOWED_HOSTS").split(",") if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["prtras.accounts.authenticating.PasswordBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher"
    if ENVIRONMENT != "test"
    else "django.contrib.auth.hashers.MD5PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},  # 20,000 from breaches
    {"NAME": "prtras.accounts.passwords.NotOneOfTheLast", "OPTIONS": {"number": 5}},
]
#: Asked of everyone but in the demo, whose passwords are published, and in the tests, which ask where they mean it.
SECOND_FACTOR = env.text("PRTRAS_SECOND_FACTOR", "yes" if PRODUCTION else "no") == "yes"
BEHIND_PROXY = PRODUCTION
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_NAME = "prtras_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "prtras.ui.errors.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# -- The API -------------------------------------------------------------------------------------------

#: Tokens only and JSON only: the rest stands at each endpoint (prtras/api/endpoint.py).
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "prtras.api.schema.Described",
    "EXCEPTION_HANDLER": "prtras.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {"OAS_VERSION": "3.1.0", "SCHEMA_PATH_PREFIX": "/api/v1"}
API_REQUESTS_A_MINUTE = 120

# -- E-mail ------------------------------------------------------------------------------------------

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if PRODUCTION else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "prtras@localhost")

# -- Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR / "static" if PRODUCTION else None
WHITENOISE_USE_FINDERS = ENVIRONMENT != "production"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILES_FOLDER = Path(env.text("PRTRAS_FILES_FOLDER", str(VAR / "files")))
#: Bundles that people lay before this installation lie here, encrypted, until they are checked; in no backup.
UPLOADS_FOLDER = VAR / "uploads"
UPLOAD_LIMIT = 20 * 1024 * 1024
BUNDLE_LIMIT = 100 * 1024 * 1024
#: Pages that take larger files.
UPLOAD_LIMITS = {"exports:check": BUNDLE_LIMIT}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["prtras.files.uploads.LimitedUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"prtras": {"level": "INFO"}, "django.request": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
