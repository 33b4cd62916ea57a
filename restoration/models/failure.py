
from django.db import models
from django.utils.translation import gettext


class CanFail(models.Model):
    """Work that may end with a sentence for people, kept as the engine hands it out: text and values apart."""

    error_text = models.CharField(max_length=1000, blank=True)
    error_values = models.JSONField(default=dict, blank=True)
    error_reference = models.CharField(max_length=20, blank=True)
    # How often a worker began this and was lost; work that kills its workers is not begun for ever.
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def error(self) -> str:
        """The sentence in the reader's language, filled in."""
        return gettext(self.error_text).format(**self.error_values) if self.error_text else ""
