"""Registered weights stay what they are, and a version asks only for such as are here."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.models import User
from restoration.actions import versions, weights
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.settings import Settings, UpscaleSettings, parse
from restoration.models import Weights
from tests.restoration.factories import RECOMMENDED, AnalysisFactory, VersionFactory, WeightsFactory

pytestmark = pytest.mark.django_db


def wished(sha256: str) -> Settings:
    return RECOMMENDED.model_copy(update={"upscale": UpscaleSettings(height=1080, weights=sha256)})


def test_the_database_wants_a_licence_too() -> None:
    with pytest.raises(IntegrityError, match="weights_have_a_licence"), transaction.atomic():
        WeightsFactory(licence=" ")


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"scale": 8}, {"architecture": "Other"}])
def test_registered_weights_never_become_others(change: dict[str, Any]) -> None:
    row = WeightsFactory()
    with pytest.raises(IntegrityError, match="never become others"), transaction.atomic():
        Weights.objects.filter(pk=row.pk).update(**change)
    Weights.objects.filter(pk=row.pk).update(licence="MIT")


def test_registered_weights_are_never_deleted() -> None:
    row = WeightsFactory()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        row.delete()


def test_a_version_asks_only_for_weights_that_are_registered_and_enlarge(rui: User) -> None:
    analysis = AnalysisFactory()
    good, cleaning = WeightsFactory(), WeightsFactory(purpose="clean", scale=1)
    for sha256, told in (("ab" * 32, "abab. Bring its file"), (cleaning.sha256, f"“{cleaning.name}” does not enlarge")):
        with pytest.raises(SettingsError, match=told):
            versions.propose(analysis, by=rui, settings=wished(sha256))
    version = versions.propose(analysis, by=rui, settings=wished(good.sha256))
    assert version.settings["upscale"]["weights"] == good.sha256
    reason = next(each for each in version.reasons if each["field"] == "upscale.weights")
    assert reason["values"]["value"] == f"{good.name} · {good.licence} · SHA-256 {good.sha256}"


def faces(sha256: str, **asked: Any) -> dict[str, Any]:
    return {"fields": {"method": "frames"}, "faces": {"enabled": True, "weights": sha256, **asked}}


def shot(sha256: str) -> dict[str, Any]:
    return {"faces": faces(sha256)["faces"]}


def test_a_version_asks_for_a_face_network_in_faces_alone(rui: User) -> None:
    enlarging, drawing = WeightsFactory(), WeightsFactory(purpose="faces", scale=1, architecture="GFPGAN")
    assert list(weights.offered(weights.IN_FACES)) == [drawing]
    assert list(weights.offered(weights.ENLARGING)) == [enlarging]
    with pytest.raises(SettingsError, match=f"“{enlarging.name}” draws no faces"):
        versions.propose(AnalysisFactory(), by=rui, settings=parse(faces(enlarging.sha256)))
    with pytest.raises(SettingsError, match=f"“{drawing.name}” does not enlarge"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(drawing.sha256))
    version = versions.propose(AnalysisFactory(), by=rui, settings=parse(faces(drawing.sha256)))
    reason = next(each for each in version.reasons if each["field"] == "faces.weights")
    assert reason["values"]["value"] == f"{drawing.name} · {drawing.licence} · SHA-256 {drawing.sha256}"


def test_weights_are_told_of_every_version_and_shot_that_they_have_a_part_in(rui: User) -> None:
    enlarging, drawing = WeightsFactory(), WeightsFactory(purpose="faces", scale=1)
    for settings in (wished(enlarging.sha256), parse(faces(drawing.sha256)), parse(faces(drawing.sha256, natural=0)),
                     parse({"overrides": [{"start": 2, "end": 6, "changes": shot(drawing.sha256)}]})):
        VersionFactory(settings=settings.model_dump(mode="json"))
    assert weights.times_used() == {enlarging.sha256: 1, drawing.sha256: 2}
    both = parse({**wished(enlarging.sha256).model_dump(mode="json"), **faces(drawing.sha256)})
    assert set(weights.used_by(both)) == {enlarging, drawing}


def test_a_network_that_cleans_is_offered_where_blocks_are_smoothed(rui: User) -> None:
    cleaning, enlarging = WeightsFactory(purpose="clean", scale=1, architecture="FBCNN"), WeightsFactory()
    assert list(weights.offered(weights.CLEANING)) == [cleaning]
    with pytest.raises(SettingsError, match=f"“{enlarging.name}” does not clean"):
        versions.propose(AnalysisFactory(), by=rui, settings=smoothed(enlarging.sha256))
    version = versions.propose(AnalysisFactory(), by=rui, settings=smoothed(cleaning.sha256))
    assert weights.used_by(parse(version.settings)) == [cleaning]


def smoothed(sha256: str) -> Settings:
    return parse({"fields": {"method": "frames"}, "blocking": {"enabled": True, "weights": sha256}})


def test_withdrawn_networks_leave_settings_and_exceptions_and_nothing_else_does() -> None:
    gone, here = (WeightsFactory(purpose="faces", scale=1, withdrawn_at=at) for at in (timezone.now(), None))
    changes = {"faces": {"weights": gone.sha256, "strength": 0.4}}
    kept = parse({"overrides": [{"start": 2, "end": 6, "changes": changes}], **faces(here.sha256)})
    assert weights.withdrawn(kept) == gone
    left = weights.without_withdrawn(kept)
    assert left.overrides[0].changes == {"faces": {"strength": 0.4}}
    assert left.faces == kept.faces and weights.withdrawn(left) is None
    assert weights.without_withdrawn(parse(faces(gone.sha256))).faces.weights is None
    assert weights.without_withdrawn(left) is left


def test_an_exception_of_one_shot_asks_only_for_a_network_that_draws_faces(rui: User) -> None:
    enlarging = WeightsFactory()
    for sha256, told in (("ab" * 32, "abab. Bring its file"), (enlarging.sha256, "draws no faces")):
        settings = parse({"overrides": [{"start": 2, "end": 6, "changes": shot(sha256)}]})
        with pytest.raises(SettingsError, match=told):
            weights.refuse_unknown(settings)


def test_a_withdrawn_face_network_is_for_those_alone_that_name_it_already() -> None:
    drawing = WeightsFactory(purpose="faces", scale=1, withdrawn_at=timezone.now())
    assert not weights.offered(weights.IN_FACES).exists()
    assert list(weights.offered(weights.IN_FACES, beside=[drawing.sha256])) == [drawing]
    with pytest.raises(SettingsError, match="was withdrawn"):
        weights.refuse_withdrawn(parse(faces(drawing.sha256)))


def test_a_version_whose_network_is_gone_is_refused_by_its_name_and_with_the_remedy(rui: User) -> None:
    row = WeightsFactory(name="Sharp eyes")
    weights.weights_path(row.sha256).unlink()
    with pytest.raises(WeightsError, match=r"“Sharp eyes” are missing or damaged here .* under “Networks”"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(row.sha256))


def test_without_the_extra_a_version_that_needs_it_is_refused(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "is_able", lambda: False)
    with pytest.raises(WeightsError, match=r"patina\[models\]"):
        versions.propose(AnalysisFactory(), by=rui, settings=wished(WeightsFactory().sha256))
