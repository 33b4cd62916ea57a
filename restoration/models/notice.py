from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something a person is told in the application: an English sentence with {placeholders}, what fills them, and the
    address of what it is about, from the root of the site."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    text = models.CharField(max_length=500)
    values = models.JSONField(default=dict, blank=True)
    about = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    # When it is to be mailed, and when it was; nothing is due where the person has no address, or after too many tries.
    mail_due_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user"], name="notices_nobody_read", condition=Q(read_at__isnull=True)),
                   models.Index(fields=["mail_due_at"], name="notices_to_mail",
                                condition=Q(mailed_at__isnull=True, mail_due_at__isnull=False))]

    def __str__(self) -> str:
        return self.text
