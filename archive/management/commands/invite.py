"""Let somebody in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from archive.actions import people
from archive.models import User
from archive.vocabularies import Role


class Command(BaseCommand):
    help = "Let a person in, or in again who forgot the password: prints a link that opens once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--role", choices=Role.values, help="what they may do; who is known keeps their role")
        parser.add_argument("--organisation", default="", metavar="NAME", help="whom a rights holder comes for")
        parser.add_argument("--name", default="", metavar="NAME", help="as the archive shows it, “Ada Lin”")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            user = people.invite(username, role=options["role"], organisation=options["organisation"],
                                 name=options["name"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
        self.stdout.write(f"{user} ({user.get_role_display()}) chooses a password here, once and within {days} days:")
        self.stdout.write(f"{settings.SITE_URL.rstrip('/')}{_door_of(user)}")


def _door_of(user: User) -> str:
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("welcome", args=[number, default_token_generator.make_token(user)])
