"""The preset “natural”: what is recommended, and a share of the network of others that was registered first."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.models import User
from restoration.actions import presets, versions
from restoration.engine.fitting import fitted
from restoration.engine.settings import PRESETS
from restoration.models import Weights
from tests.restoration.factories import AnalysisFactory, VersionFactory, WeightsFactory, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Weights:
    """The first of two that enlarge; by name it is the second, and one that enlarges nothing came before it."""
    WeightsFactory(name="Clean hands", purpose="clean", scale=1)
    row: Weights = WeightsFactory(name="Sharp eyes")
    later: Weights = WeightsFactory(name="Able hands")
    Weights.objects.filter(pk=later.pk).update(registered_at=timezone.now() + timedelta(days=1))
    return row


def test_it_is_the_recommendation_with_a_share_of_the_network_registered_first(network: Weights) -> None:
    recommended = report().recommendation.settings
    natural = presets.natural(report())
    assert natural.settings is not None
    assert natural.settings.upscale.draws
    assert (natural.settings.upscale.weights, natural.settings.upscale.natural) == (network.sha256, 0.3)
    assert natural.settings.upscale.model_copy(update={"weights": None}) == recommended.upscale
    assert natural.settings.model_copy(update={"upscale": recommended.upscale}) == fitted(recommended, report().source)


def test_a_file_left_at_its_size_becomes_twice_as_tall_for_it(network: Weights) -> None:
    found = report()
    left = found.recommendation.model_copy(update={"settings": PRESETS["as-is"].settings})
    natural = presets.natural(found.model_copy(update={"recommendation": left}))
    assert natural.settings is not None
    assert natural.settings.upscale.height == 960
    assert natural.settings.fields.method == "frames"
    tall = found.source.model_copy(update={"height": 2160})
    there_is = presets.natural(found.model_copy(update={"recommendation": left, "source": tall}))
    assert there_is.settings is None
    assert "{lines}" in there_is.missing


def test_its_version_is_known_by_it_until_it_is_changed_by_hand(rui: User, network: Weights) -> None:
    settings = presets.natural(report()).settings
    assert settings is not None
    version = versions.propose(AnalysisFactory(), by=rui, settings=settings, preset="natural")
    assert (version.preset, version.settings["upscale"]["weights"]) == ("natural", network.sha256)
    upscale = settings.upscale.model_copy(update={"natural": 0.2})
    changed = settings.model_copy(update={"upscale": upscale})
    assert versions.propose(AnalysisFactory(), by=rui, settings=changed, preset="natural").preset == ""


def test_it_stands_among_the_presets_and_fills_the_form(client: Client, rui: User, network: Weights) -> None:
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[AnalysisFactory().pk]), {"preset": "natural"})
    assert page.context["form"]["upscale.weights"].value() == network.sha256
    assert 'href="?preset=natural" aria-current="true"' in page.content.decode()
    assert "30 % of what Sharp eyes draws" in page.content.decode()


def test_without_a_network_it_says_where_to_register_one(client: Client, rui: User) -> None:
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[AnalysisFactory().pk]), {"preset": "natural"})
    assert "Register one on the page of networks." in page.content.decode()
    assert 'href="?preset=natural"' not in page.content.decode()
    assert page.context["form"]["upscale.weights"].value() is None


def test_without_the_extra_it_says_what_to_install(network: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets, "is_able", lambda: False)
    assert "patina[models]" in presets.natural(report()).missing


def test_nothing_that_is_learnt_takes_its_name(rui: User) -> None:
    with pytest.raises(ValidationError, match="natural"):
        presets.learn(VersionFactory(), name="natural", by=rui)
