"""Registered weights are corrected and withdrawn; each time it is written down, and what names them keeps them."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from archive.errors import RefusedError
from archive.models import ProvenanceEvent, User
from archive.vocabularies import EventType
from restoration.actions import inspections, presets, shelving, versions, weights
from restoration.engine.errors import SettingsError
from restoration.engine.settings import Override, Settings, UpscaleSettings
from restoration.models import Version, Weights
from tests.restoration.factories import RECOMMENDED, AnalysisFactory, VersionFactory, WeightsFactory, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Weights:
    row: Weights = WeightsFactory(name="Shrap eyes", licence="MIT")
    return row


def wished(row: Weights) -> Settings:
    return RECOMMENDED.model_copy(update={"upscale": UpscaleSettings(height=1080, weights=row.sha256)})


def test_a_wrong_name_and_licence_are_corrected_and_what_was_said_before_stays_on_record(
        network: Weights, rui: User) -> None:
    shelving.correct(network, name=" Sharp eyes ", licence="CC-BY-NC-4.0", origin="", by=rui)
    row = Weights.objects.get()
    assert (row.name, row.licence) == ("Sharp eyes", "CC-BY-NC-4.0")
    event = ProvenanceEvent.objects.get(type=EventType.DESCRIBED)
    assert (event.by, event.object_id) == (rui, str(row.pk))
    assert event.facts["changes"] == {"name": ["Shrap eyes", "Sharp eyes"], "licence": ["MIT", "CC-BY-NC-4.0"]}


def test_a_wrong_origin_is_corrected_or_taken_back_and_what_was_said_before_stays_on_record(
        network: Weights, rui: User) -> None:
    for origin in (" by post ", ""):
        shelving.correct(network, name=network.name, licence=network.licence, origin=origin, by=rui)
        assert Weights.objects.get().origin == origin.strip()
    events = ProvenanceEvent.objects.filter(type=EventType.DESCRIBED).order_by("pk")
    assert [event.facts["changes"] for event in events] == [{"origin": ["", "by post"]}, {"origin": ["by post", ""]}]


@pytest.mark.parametrize("told", [("", "MIT"), ("Sharp eyes", " "), ("Shrap eyes", "MIT")],
                         ids=["no name", "no licence", "nothing new"])
def test_a_correction_that_says_nothing_is_refused(network: Weights, rui: User, told: tuple[str, str]) -> None:
    with pytest.raises(ValidationError):
        shelving.correct(network, name=told[0], licence=told[1], origin="", by=rui)
    assert not ProvenanceEvent.objects.exists()


def test_withdrawn_weights_are_neither_offered_nor_taken_by_the_preset(network: Weights, rui: User) -> None:
    later = WeightsFactory()
    shelving.withdraw(network, reason="For research alone.", by=rui)
    assert list(weights.offered()) == [later]
    assert presets.natural(report()).weights == later
    with pytest.raises(SettingsError, match="“Shrap eyes” was withdrawn"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(network))
    event = ProvenanceEvent.objects.get(type=EventType.WEIGHTS_WITHDRAWN)
    assert (event.by, event.facts["reason"]) == (rui, "For research alone.")


def test_a_version_that_names_them_keeps_them_and_versions_are_derived_from_it(network: Weights, rui: User) -> None:
    old: Version = VersionFactory(made=True, settings=wished(network).model_dump(mode="json"))
    shelving.withdraw(network, by=rui)
    assert weights.used_by(wished(network)) == [network]
    quieter = Override(start=0, end=40, changes={"noise": {"luma": 0.1}})
    derived = versions.derive(old, by=rui, overrides=[quieter])
    assert derived.settings["upscale"]["weights"] == network.sha256


def test_what_was_withdrawn_is_offered_again(network: Weights, rui: User) -> None:
    shelving.withdraw(network, by=rui)
    with pytest.raises(ValidationError, match="withdrawn already"):
        shelving.withdraw(network, by=rui)
    with pytest.raises(RefusedError, match="was withdrawn"):
        inspections.bring(io.BytesIO(weights.weights_path(network.sha256).read_bytes()), size=1, name="Again",
                          licence="MIT", file_name="again.pth", by=rui)
    shelving.offer_again(network, by=rui)
    assert list(weights.offered()) == [network]
    with pytest.raises(ValidationError, match="on offer already"):
        shelving.offer_again(network, by=rui)


def test_who_may_not_register_may_not_change_anything(network: Weights, rosa: User) -> None:
    for deed in (lambda: shelving.correct(network, name="Mine", licence="MIT", origin="", by=rosa),
                 lambda: shelving.withdraw(network, by=rosa), lambda: shelving.offer_again(network, by=rosa)):
        with pytest.raises(PermissionDenied):
            deed()
