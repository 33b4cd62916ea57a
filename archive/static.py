"""Static files with a digest in their name, so that a browser may keep them for ever."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # ES modules import each other by path; without this Django leaves those paths unhashed.
    support_js_module_import_aggregation = True


class AppFilesWeUse(AppDirectoriesFinder):
    """What the installed apps bring, less htmx's extensions: they import it under a name that no file has."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return super().list([*(ignore_patterns or []), "django_htmx/ext/*"])
