from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse_lazy

from archive.forms import PasswordForm


class Welcome(PasswordResetConfirmView):
    """Where the link of an invitation leads: the person chooses a password, once, and is in."""

    template_name = "registration/welcome.html"
    form_class = PasswordForm
    post_reset_login = True
    success_url = reverse_lazy("home")
