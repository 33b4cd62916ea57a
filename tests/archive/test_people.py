"""Who is let in, and how they come in for the first time."""

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from archive.models import User

pytestmark = pytest.mark.django_db


def link_in(told: str, site_url: str) -> str:
    found = re.search(rf"{re.escape(site_url)}(/\S+)", told)
    assert found is not None
    return found[1]


def test_an_invited_person_chooses_a_password_and_is_where_their_work_is(
    client: Client, settings: Any, capsys: pytest.CaptureFixture[str],
) -> None:
    settings.SITE_URL = "https://archive.example"
    call_command("invite", "rui", role="restorer", name="Rui Chen")
    user = User.objects.get(username="rui")
    assert (user.role, user.get_full_name(), user.has_usable_password()) == ("restorer", "Rui Chen", False)
    door = client.get(link_in(capsys.readouterr().out, settings.SITE_URL), follow=True)
    address = door.redirect_chain[-1][0]
    chosen = {"new_password1": "the reel of 1934", "new_password2": "the reel of 1934"}
    answer = client.post(address, chosen, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("restoration-home")
    client.logout()
    assert client.login(username="rui", password="the reel of 1934")


def test_a_link_opens_once(client: Client, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "rui", role="restorer")
    link = link_in(capsys.readouterr().out, settings.SITE_URL)
    user = User.objects.get(username="rui")
    user.set_password("another one")
    user.save()
    page = client.get(link, follow=True).content.decode()
    assert "This link has been used or is too old" in page
    assert 'type="password"' not in page


def test_a_short_password_is_refused_in_the_page(client: Client, settings: Any,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "rui", role="restorer")
    door = client.get(link_in(capsys.readouterr().out, settings.SITE_URL), follow=True)
    page = client.post(door.redirect_chain[-1][0], {"new_password1": "reel", "new_password2": "reel"})
    assert "too short" in page.content.decode()


def test_whoever_forgot_their_password_gets_another_link_and_stays_who_they_are(
    ada: User, capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("invite", "ada")
    assert "/welcome/" in capsys.readouterr().out
    ada.refresh_from_db()
    assert ada.role == "archivist"
    assert ada.check_password("open the reel"), "the old one counts until a new one is chosen"


def test_a_person_gets_another_role(ada: User) -> None:
    call_command("invite", "ada", role="administrator")
    ada.refresh_from_db()
    assert ada.role == "administrator"


def test_a_rights_holder_is_invited_for_an_organisation() -> None:
    with pytest.raises(CommandError, match="--organisation"):
        call_command("invite", "henri", role="rights_holder")
    assert not User.objects.exists()
    call_command("invite", "henri", role="rights_holder", organisation="Harbour Records")
    organisation = User.objects.get().organisation
    assert organisation is not None
    assert (organisation.name, organisation.kind) == ("Harbour Records", "organisation")


def test_a_new_person_needs_a_role_and_a_name_that_can_be_typed() -> None:
    with pytest.raises(CommandError, match="--role"):
        call_command("invite", "new")
    with pytest.raises(CommandError, match="letters"):
        call_command("invite", "two words", role="restorer")


def test_a_superuser_administers_the_archive(client: Client) -> None:
    call_command("createsuperuser", username="root", email="", interactive=False)
    client.force_login(User.objects.get())
    assert User.objects.get().role == "administrator"
    assert client.get(reverse("home"))["Location"] == reverse("catalogue")


def test_somebody_without_a_role_is_told_so_at_home(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody"))
    answer = client.get(reverse("home"))
    assert answer.status_code == 403
    assert "You have no role yet" in answer.content.decode()
