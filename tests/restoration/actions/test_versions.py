from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from archive.models import ProvenanceEvent, User
from restoration.actions import versions
from restoration.engine.errors import SettingsError
from restoration.engine.facts import AnalysisReport
from restoration.engine.fitting import fitted
from restoration.engine.settings import PRESETS, GrainSettings, Settings, UpscaleSettings
from restoration.models import Version, Weights
from restoration.vocabularies import VersionState, WorkState
from tests.restoration.factories import RECOMMENDED, AnalysisFactory, VersionFactory, WeightsFactory, report

pytestmark = pytest.mark.django_db


def with_network(row: Weights) -> Settings:
    return RECOMMENDED.model_copy(update={"upscale": UpscaleSettings(height=1080, weights=row.sha256)})


def test_without_settings_the_recommended_ones_are_promised_with_their_reasons(rui: User) -> None:
    version = versions.propose(AnalysisFactory(), by=rui)
    assert version.settings == RECOMMENDED.model_dump(mode="json")
    assert version.settings_digest == RECOMMENDED.digest()
    assert (version.number, version.state, version.preset) == (1, VersionState.PLANNED, "tape")
    assert [reason["field"] for reason in version.reasons] == ["fields.order", "noise.luma"]
    assert ProvenanceEvent.objects.get(type="version_proposed").object_id == str(version.pk)


def test_a_setting_chosen_by_hand_says_so_instead_of_the_reason_it_did_not_follow(rui: User) -> None:
    chosen = RECOMMENDED.model_dump(mode="json")
    chosen["noise"]["luma"] = 0.2
    version = versions.propose(AnalysisFactory(), by=rui, settings=chosen, note="  the dresses!  ")
    assert version.reasons[-1] == {"field": "noise.luma", "text": versions.CHOSEN_BY_HAND,
                                   "values": {"value": "0.2", "recommended": "0.6"}}
    assert [reason["field"] for reason in version.reasons] == ["fields.order", "noise.luma"]
    assert (version.preset, version.note) == ("", "the dresses!")


def test_an_exception_that_cuts_a_shot_in_two_is_refused(rui: User) -> None:
    chosen = RECOMMENDED.model_dump(mode="json")
    chosen["overrides"] = [{"start": 41, "end": 90, "changes": {"noise": {"luma": 0.2}}}]
    with pytest.raises(SettingsError, match="cuts a shot in two"):
        versions.propose(AnalysisFactory(), by=rui, settings=chosen)
    assert not Version.objects.exists()


def test_networks_chosen_by_hand_are_named_by_one_query(django_assert_num_queries: Any) -> None:
    chosen, advised = WeightsFactory(), WeightsFactory()
    found = report()
    recommended = found.recommendation.model_copy(update={"settings": with_network(advised)})
    with django_assert_num_queries(1):
        told = versions.reasons(with_network(chosen), found.model_copy(update={"recommendation": recommended}))
    assert told[-1]["values"] == {
        "value": f"{chosen.name} · BSD-3-Clause · SHA-256 {chosen.sha256}",
        "recommended": f"{advised.name} · BSD-3-Clause · SHA-256 {advised.sha256}"}


def test_settings_without_networks_are_told_without_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        versions.reasons(Settings(), report())


def test_versions_of_an_asset_count_up_also_across_files(rui: User) -> None:
    first = versions.propose(AnalysisFactory(), by=rui)
    other = AnalysisFactory(media_file__instantiation=first.source.instantiation)
    assert versions.propose(other, by=rui).number == 2


def test_a_preset_is_named_until_a_hand_changes_it(rui: User) -> None:
    analysis = AnalysisFactory()
    source = AnalysisReport.model_validate(analysis.report).source
    film = fitted(PRESETS["film"].settings, source)
    assert versions.propose(analysis, by=rui, settings=film, preset="film").preset == "film"
    changed = film.model_copy(update={"grain": GrainSettings(amount=0.3)})
    assert changed != film
    assert versions.propose(analysis, by=rui, settings=changed, preset="film").preset == ""


def test_settings_that_cannot_be_are_refused_with_the_fields_name(rui: User) -> None:
    with pytest.raises(SettingsError, match=r"noise\.luma"):
        versions.propose(AnalysisFactory(), by=rui, settings={"noise": {"luma": 7}})
    assert not Version.objects.exists()


def test_settings_that_would_spoil_the_source_are_refused(rui: User) -> None:
    scaled_as_they_lie = Settings(upscale=UpscaleSettings(height=1080))
    with pytest.raises(SettingsError, match="would comb"):
        versions.propose(AnalysisFactory(), by=rui, settings=scaled_as_they_lie)
    assert not Version.objects.exists()


def test_an_unfinished_analysis_promises_nothing(rui: User) -> None:
    with pytest.raises(ValidationError, match="finished"):
        versions.propose(AnalysisFactory(state=WorkState.FAILED, report=None), by=rui)


def test_proposing_is_for_restorers(ada: User) -> None:
    with pytest.raises(PermissionDenied):
        versions.propose(AnalysisFactory(), by=ada)


@pytest.mark.parametrize("change", [{"settings": {}}, {"settings_digest": "00"}, {"number": 9}])
def test_the_database_refuses_to_change_a_promise(change: dict[str, Any]) -> None:
    version = VersionFactory()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(**change)


def test_the_database_refuses_to_delete_a_version() -> None:
    version = VersionFactory()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        version.delete()
