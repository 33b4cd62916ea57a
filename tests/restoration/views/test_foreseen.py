"""Pages say how long a version will take before anybody begins it."""

import pytest
from django.test import Client
from django.urls import reverse

from archive.models import User
from restoration.engine.settings import PRESETS
from restoration.models import Analysis, Version
from tests.restoration.factories import AnalysisFactory, RunFactory, VersionFactory
from tests.restoration.views.test_settings_form import answers

TAPE = PRESETS["tape"].settings
ABOUT = "Making it takes about"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruis(client: Client, rui: User) -> Client:
    client.force_login(rui)
    return client


@pytest.fixture
def analysis() -> Analysis:
    return AnalysisFactory()


def told(client: Client, analysis: Analysis, **changes: str) -> str:
    answer = client.post(reverse("how-long", args=[analysis.pk]), answers(**changes))
    return answer.content.decode()


def test_the_proposal_begins_with_how_long_its_settings_take(ruis: Client, analysis: Analysis) -> None:
    page = ruis.get(reverse("version-propose", args=[analysis.pk])).content.decode()
    assert page.count(ABOUT) == 1
    assert reverse("how-long", args=[analysis.pk]) in page


def test_other_settings_in_the_form_are_told_at_once(ruis: Client, analysis: Analysis) -> None:
    assert ABOUT in told(ruis, analysis)
    assert told(ruis, analysis) != told(ruis, analysis, **{"upscale.method": "large"})
    assert not Version.objects.exists()


def test_what_the_proposal_began_from_is_still_known_after_a_change(ruis: Client) -> None:
    """Exceptions and what was drawn by hand stand in no field of the form."""
    version = VersionFactory()
    address = reverse("version-propose", args=[version.analysis_id])
    asked = f"{reverse('how-long', args=[version.analysis_id])}?like={version.pk}"
    assert f'hx-post="{asked}"' in ruis.get(f"{address}?like={version.pk}").content.decode()
    assert f'hx-post="{asked}"' in ruis.post(asked, answers()).content.decode()


def test_settings_that_cannot_be_used_are_not_foreseen(ruis: Client, analysis: Analysis) -> None:
    assert "every setting can be used" in told(ruis, analysis, **{"noise.luma": "7"})


def test_nobody_but_a_restorer_is_told(client: Client, rosa: User, analysis: Analysis) -> None:
    client.force_login(rosa)
    assert client.post(reverse("how-long", args=[analysis.pk]), answers()).status_code == 403


def test_a_version_says_it_until_somebody_makes_it(ruis: Client) -> None:
    version = VersionFactory()
    assert ABOUT in ruis.get(reverse("version", args=[version.pk])).content.decode()
    run = RunFactory(version=version, core_seconds=600)
    assert ABOUT not in ruis.get(reverse("version", args=[version.pk])).content.decode()
    assert "about " in ruis.get(reverse("run-progress", args=[run.pk])).content.decode()
