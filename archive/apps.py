from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ArchiveConfig(AppConfig):
    name = "archive"


class GatheredStaticFiles(StaticFilesConfig):
    # htmx's extensions import it under a name that no file has; we use none of them.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
