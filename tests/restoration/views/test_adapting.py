"""A restorer adapts the cleaner from the page of an analysis, and finds the weights where versions are proposed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.models import User
from archive.vocabularies import Role
from restoration.actions import adapting
from restoration.actions.weights import weights_path
from restoration.engine.progress import Progress
from restoration.models import Adaptation
from restoration.setting_fields import value_at
from restoration.shot_form import ShotForm, adjustable
from restoration.vocabularies import WorkState
from tests.factories import UserFactory
from tests.restoration.actions.test_adapting import LEARNT, learnt, wished
from tests.restoration.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


def test_a_restorer_asks_for_it_and_gives_it_up(client: Client, rui: User) -> None:
    analysis = AnalysisFactory()
    client.force_login(rui)
    assert "Adapt the cleaner to this recording" in client.get(reverse("analysis", args=[analysis.pk])).content.decode()
    client.post(reverse("adaptation-new", args=[analysis.pk]))
    adaptation = Adaptation.objects.get()
    moving = client.get(reverse("adaptation-progress", args=[analysis.pk])).content.decode()
    assert "Waits for a worker" in moving and "hx-trigger" in moving
    client.post(reverse("adaptation-cancel", args=[adaptation.pk]))
    adaptation.refresh_from_db()
    assert adaptation.state == WorkState.CANCELLED


@pytest.mark.parametrize(("progress", "told"), [
    (None, "Checking that the source is unchanged"),
    (Progress("gather", 5, 84), "Looking at moments: 5 of 84"),
    (Progress("learn", 20, 160), "Learning: step 20 of 160"),
    (Progress("judge", 7, 96), "Comparing with held-out moments: 7 of 96"),
])
def test_the_page_says_how_far_it_is(client: Client, rui: User, progress: Progress | None, told: str) -> None:
    claimed = adapting.claim(adapting.queue(AnalysisFactory(), by=rui).pk, worker="one")
    assert claimed is not None and adapting.beat(claimed, progress)
    client.force_login(rui)
    assert told in client.get(reverse("adaptation-progress", args=[claimed.analysis_id])).content.decode()


def test_others_see_how_it_went_and_cannot_ask(client: Client, rui: User) -> None:
    adaptation = learnt(rui)
    client.force_login(UserFactory(role=Role.REVIEWER))
    page = client.get(reverse("analysis", args=[adaptation.analysis_id])).content.decode()
    assert LEARNT in page and "Adapt the cleaner" not in page
    assert client.post(reverse("adaptation-new", args=[adaptation.analysis_id])).status_code == 403
    assert Adaptation.objects.count() == 1


def test_weights_that_were_lost_are_named_with_the_remedy_for_who_has_it(client: Client, rui: User) -> None:
    adaptation = learnt(rui)
    address = reverse("analysis", args=[adaptation.analysis_id])
    client.force_login(rui)
    page = client.get(address).content.decode()
    assert "are missing or damaged here" in page and "Adapt the cleaner again" in page
    assert "Kept: choose it" not in page
    path = weights_path(LEARNT)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * adaptation.size_bytes)
    page = client.get(address).content.decode()
    assert "are missing or damaged here" not in page and "Kept: choose it" in page


def test_it_is_offered_for_its_own_asset_alone(client: Client, rui: User) -> None:
    adaptation, other = learnt(rui), AnalysisFactory()
    client.force_login(rui)
    offered = [LEARNT in client.get(reverse("version-propose", args=[pk])).content.decode()
               for pk in (adaptation.analysis_id, other.pk)]
    assert offered == [True, False]


def test_weights_that_two_adaptations_came_to_are_offered_once(client: Client, rui: User) -> None:
    analysis = learnt(rui).analysis
    learnt(rui, analysis=analysis)
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[analysis.pk])).content.decode()
    assert page.count(f'<option value="{LEARNT}"') == 1


def test_many_adaptations_are_offered_by_as_few_queries_as_one(client: Client, rui: User) -> None:
    client.force_login(rui)
    analysis = learnt(rui).analysis
    asked = []
    for sha256 in ("12" * 32, "34" * 32):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("version-propose", args=[analysis.pk]))
        asked.append(len(queries))
        learnt(rui, sha256, analysis)
    assert asked[0] == asked[1]


def test_the_sliders_of_a_shot_know_what_its_version_has(rui: User) -> None:
    standing = wished(learnt(rui).sha256)
    form = ShotForm({setting.path: value_at(standing, setting.path) for section in adjustable()
                     for setting in section.settings}, standing=standing, begin=standing, first=set())
    assert form.is_valid() and form.changes == {}


def test_one_that_failed_says_why(client: Client, rui: User) -> None:
    from restoration.actions.failing import Sentence

    adaptation = adapting.queue(AnalysisFactory(), by=rui)
    claimed = adapting.claim(adaptation.pk, worker="one")
    assert claimed is not None
    adapting.fail(claimed, Sentence("The disk is full. Free some space and resume."))
    client.force_login(rui)
    assert "The disk is full." in client.get(reverse("analysis", args=[adaptation.analysis_id])).content.decode()
