"""What the demo keeps apart from an archive's own data."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive import embedded
from archive.models import User
from restoration import demonstration
from tests import factories


def test_the_demo_has_data_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATINA_VAR")
    embedded.choose_var(["manage.py", "up"])
    assert "PATINA_VAR" not in os.environ
    embedded.choose_var(["manage.py", "demo", "--once"])
    assert Path(os.environ["PATINA_VAR"]).parts[-2:] == ("var", "demo")


def test_a_folder_that_was_named_is_the_demo_s_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATINA_VAR", str(tmp_path))
    embedded.choose_var(["manage.py", "demo"])
    assert os.environ["PATINA_VAR"] == str(tmp_path)


def test_the_demo_leaves_an_archive_of_other_people_alone(db: None) -> None:
    factories.UserFactory(username="nora")
    with pytest.raises(CommandError, match="has people of its own"):
        call_command("demo", once=True)
    assert [user.username for user in User.objects.all()] == ["nora"]


@pytest.mark.django_db
def test_the_demo_s_people_are_let_into_an_archive_of_nobody_else_only() -> None:
    demonstration.invite_people()
    assert not demonstration.belongs_to_others()
    olga = User.objects.get(username="olga")
    olga.set_password("a password of her own")
    olga.save()
    assert demonstration.belongs_to_others(), "somebody here has made the name their own"
