"""Static files with a digest in their name, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # ES modules import each other by path; without this Django leaves those paths unhashed.
    support_js_module_import_aggregation = True
