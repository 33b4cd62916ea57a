"""The form is made from the engine's models: what is added there appears here."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import Field

from archive.models import User
from restoration import forms, setting_fields
from restoration.actions import shelving
from restoration.actions.weights import NAMING, offered
from restoration.engine import settings as engine
from restoration.engine.facts import Reason
from restoration.engine.settings import PRESETS, Settings, UpscaleSettings
from restoration.models import Analysis, Preset, Version
from tests.restoration.factories import AnalysisFactory, VersionFactory, WeightsFactory, report

TAPE = PRESETS["tape"].settings


def answers(settings: Settings = TAPE, **changes: Any) -> dict[str, Any]:
    """What a browser sends for these settings."""
    sent = {}
    for section in setting_fields.sections():
        for setting in section.settings:
            value = setting_fields.value_at(settings, setting.path)
            if value is not None and value is not False:
                sent[setting.path] = "on" if value is True else str(value)
    return {**sent, **changes}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_what_the_form_shows_comes_back_unchanged(name: str) -> None:
    settings = PRESETS[name].settings
    form = forms.SettingsForm(answers(settings), recommended=TAPE)
    assert form.is_valid(), form.errors
    assert form.settings == settings


def test_a_new_setting_of_the_engine_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Weave(engine.Section):
        steadiness: float = Field(0.5, ge=0, le=1, title="Steadiness", description="How steady it becomes.")

    class More(Settings):
        weave: Weave = Field(Weave(), title="Weave")

    monkeypatch.setattr(setting_fields, "Settings", More)
    monkeypatch.setattr(forms, "Settings", More)
    form = forms.SettingsForm(recommended=More())
    (row,) = [row for group in form.grouped() if group.section.title == "Weave" for row in group.rows]
    assert (row.kind, row.bound.label, row.recommended_words) == ("share", "Steadiness", "0.50")
    assert 'type="range"' in str(row.bound)


def test_a_value_out_of_range_is_told_beside_its_field() -> None:
    form = forms.SettingsForm(answers(**{"noise.luma": "1.5", "upscale.height": "2161"}), recommended=TAPE)
    assert not form.is_valid()
    assert set(form.errors) == {"noise.luma", "upscale.height"}


def test_a_change_is_marked_and_its_reason_stands_beside_it() -> None:
    reason = Reason(field="noise.luma", text="The noise measures {value}.", values={"value": 4})
    form = forms.SettingsForm(answers(**{"noise.luma": "0.2"}), recommended=TAPE, reasons=(reason,))
    rows = {row.setting.path: row for group in form.grouped() for row in group.rows}
    assert rows["noise.luma"].is_changed
    assert rows["noise.luma"].reasons == (reason,)
    assert [path for path, row in rows.items() if row.is_changed] == ["noise.luma"]


@pytest.mark.django_db
def test_a_restorer_proposes_what_the_form_says(client: Client, rui: User) -> None:
    analysis = AnalysisFactory()
    client.force_login(rui)
    answer = client.post(reverse("version-propose", args=[analysis.pk]), answers(**{"noise.luma": "0.25"}))
    version = Version.objects.get()
    assert answer["Location"] == reverse("version", args=[version.pk])
    assert version.settings["noise"]["luma"] == 0.25


@pytest.mark.django_db
def test_a_refused_form_says_why_and_keeps_what_was_entered(client: Client, rui: User) -> None:
    analysis = AnalysisFactory()
    client.force_login(rui)
    answer = client.post(reverse("version-propose", args=[analysis.pk]), answers(**{"upscale.height": "7"}))
    assert answer.status_code == 422
    assert 'value="7"' in answer.content.decode()
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_settings_that_would_spoil_the_source_come_back_with_the_sentence_why(client: Client, rui: User) -> None:
    client.force_login(rui)
    answer = client.post(reverse("version-propose", args=[AnalysisFactory().pk]), answers(**{"fields.method": "none"}))
    assert answer.status_code == 422
    assert "would comb" in answer.content.decode()
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_a_preset_is_offered_as_far_as_it_suits_the_source(client: Client, rui: User) -> None:
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[AnalysisFactory().pk]), {"preset": "film"})
    assert page.context["form"]["fields.method"].value() == "frames"


@pytest.mark.django_db
def test_a_new_version_can_begin_from_another_ones_settings(client: Client, rui: User) -> None:
    version = VersionFactory(settings=PRESETS["film"].settings.model_dump(mode="json"))
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[version.analysis_id]), {"like": version.pk})
    assert page.context["form"]["grain.amount"].value() == 0.7


def test_a_proposal_says_that_the_network_of_its_beginning_was_withdrawn(client: Client, rui: User) -> None:
    network = WeightsFactory(name="Sharp <eyes>")
    settings = TAPE.model_copy(update={"upscale": UpscaleSettings(height=1080, weights=network.sha256)})
    version = VersionFactory(settings=settings.model_dump(mode="json"))
    client.force_login(rui)

    def page() -> str:
        address = reverse("version-propose", args=[version.analysis_id])
        return client.get(address, {"like": version.pk}).content.decode()

    sentence = "The network “Sharp &lt;eyes&gt;” was withdrawn: this proposal begins without it"
    assert sentence not in page()
    shelving.withdraw(network, by=rui)
    assert sentence in page()
    assert reverse("network", args=[network.pk]) in page()


def test_the_page_of_a_version_tells_no_setting_that_has_no_effect(client: Client, rui: User) -> None:
    settings = Settings(upscale=UpscaleSettings(height=1080))
    version = VersionFactory(settings=settings.model_dump(mode="json"))
    client.force_login(rui)
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert "Height of the master" in page and "Enlarged by" in page
    for title in ("Share of that network", "Sharpness of filters", "Grain given back", "Strength in brightness"):
        assert title not in page
    assert "Grain" in page[page.index("Left alone:"):]


def test_what_is_left_alone_is_folded_away_until_it_is_wrong_or_changed() -> None:
    def open_sections(form: forms.SettingsForm) -> set[str]:
        return {group.section.name for group in form.grouped() if group.is_open}

    assert open_sections(forms.SettingsForm(recommended=Settings())) == {"grain", "master"}
    assert "noise" in open_sections(forms.SettingsForm(recommended=TAPE))
    wrong = forms.SettingsForm(answers(Settings(), **{"weave.largest": "99"}), recommended=Settings())
    assert "weave" in open_sections(wrong)


def test_exceptions_survive_the_form() -> None:
    beyond = Settings(overrides=(engine.Override(start=0, end=9, changes={"noise": {"enabled": False}}),))
    form = forms.SettingsForm(answers(beyond), recommended=TAPE, start=beyond)
    assert form.is_valid(), form.errors
    assert form.settings == beyond


def test_exceptions_can_be_left_out() -> None:
    beyond = Settings(overrides=(engine.Override(start=0, end=9, changes={"noise": {"enabled": False}}),))
    form = forms.SettingsForm(answers(beyond, without_exceptions="on"), recommended=TAPE, start=beyond)
    assert form.is_valid(), form.errors
    assert form.settings == Settings()


@pytest.mark.django_db
def test_a_network_that_has_its_part_in_an_exception_alone_is_not_idle() -> None:
    row = WeightsFactory(purpose="faces", scale=1)
    beyond = Settings(overrides=(engine.Override(start=0, end=9, changes={"faces": {"enabled": True}}),),
                      faces=engine.FacesSettings(weights=row.sha256))
    form = forms.SettingsForm(answers(beyond), recommended=TAPE, start=beyond,
                              offered={path: offered(path) for path in NAMING})
    assert form.is_valid(), form.errors
    alone = forms.SettingsForm(answers(beyond, without_exceptions="on"), recommended=TAPE, start=beyond,
                               offered={path: offered(path) for path in NAMING})
    assert set(alone.errors) == {"faces.weights"}


QUIETER = {"noise": {"luma": 0.9}}


def test_a_proposal_shows_the_exceptions_it_begins_with(client: Client, rui: User) -> None:
    excepted = TAPE.model_copy(update={"overrides": (engine.Override(start=40, end=90, changes=QUIETER),)})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    client.force_login(rui)
    address = reverse("version-propose", args=[version.analysis_id])
    sentence = '<span class="mono small">01:00:01:10–01:00:02:29</span> Noise: Strength in brightness: 0.90'
    assert sentence not in client.get(address).content.decode()
    begun = client.get(address, {"like": version.pk})
    assert sentence in begun.content.decode() and "within a shot of this analysis" not in begun.content.decode()
    assert sentence in client.get(reverse("version", args=[version.pk])).content.decode()
    client.post(f"{address}?like={version.pk}", answers(excepted))
    assert Version.objects.latest("pk").settings["overrides"] == version.settings["overrides"]
    client.post(f"{address}?like={version.pk}", answers(excepted, without_exceptions="on"))
    assert Version.objects.latest("pk").settings["overrides"] == []


def test_an_exception_that_says_nothing_of_a_section_is_not_listed_there(client: Client, rui: User) -> None:
    changes = {"grain": {}, "weave": {}, **QUIETER}
    excepted = TAPE.model_copy(update={"overrides": (engine.Override(start=40, end=90, changes=changes),)})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    client.force_login(rui)
    page = client.get(reverse("version", args=[version.pk])).content.decode()
    assert page.count('<span class="mono small">01:00:01:10') == 1
    assert "Largest move" not in page


def test_a_proposal_shows_what_was_drawn_by_hand_and_can_leave_it_out(client: Client, rui: User) -> None:
    drawn = tuple(engine.Retouch(start=start, end=start + 9, points=((0.5, 0.5),), radius=0.1) for start in (41, 41, 7))
    excepted = TAPE.model_copy(update={
        "overrides": (engine.Override(start=40, end=90, changes=QUIETER),), "retouch": drawn})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    client.force_login(rui)
    address = reverse("version-propose", args=[version.analysis_id])
    sentences = ("Retouched by hand: 3 places", '<span class="mono small">01:00:01:11–01:00:01:19</span> '
                 "frames 41–49 of the source, 2 places")
    assert all(sentence not in client.get(address).content.decode() for sentence in sentences)
    for page in (client.get(address, {"like": version.pk}), client.get(reverse("version", args=[version.pk]))):
        assert all(sentence in page.content.decode() for sentence in sentences)
    client.post(f"{address}?like={version.pk}", answers(excepted, without_exceptions="on"))
    kept = Version.objects.latest("pk").settings
    assert (kept["overrides"], kept["retouch"]) == ([], version.settings["retouch"])
    client.post(f"{address}?like={version.pk}", answers(excepted, without_retouches="on"))
    kept = Version.objects.latest("pk").settings
    assert (kept["overrides"], kept["retouch"]) == (version.settings["overrides"], [])


def analysed_again(version: Version, *shots: tuple[int, int]) -> Analysis:
    again = Analysis.objects.get(pk=version.analysis_id)
    again.pk, again.report = None, report(shots).model_dump(mode="json")
    again.save()
    return again


def test_nothing_is_said_of_another_analysis_that_cut_alike(client: Client, rui: User) -> None:
    excepted = TAPE.model_copy(update={"overrides": (engine.Override(start=40, end=90, changes=QUIETER),)})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    again = analysed_again(version, (0, 40), (40, 90), (90, 100))
    client.force_login(rui)
    page = client.get(reverse("version-propose", args=[again.pk]), {"like": version.pk}).content.decode()
    assert "Strength in brightness: 0.90" in page
    assert "another analysis" not in page and "this analysis" not in page


def test_a_proposal_says_how_many_exceptions_hold_no_shot_any_more(client: Client, rui: User) -> None:
    excepted = TAPE.model_copy(update={"overrides": tuple(
        engine.Override(start=start, end=end, changes=QUIETER) for start, end in ((0, 40), (90, 100)))})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    client.force_login(rui)

    def page(*shots: tuple[int, int]) -> str:
        address = reverse("version-propose", args=[analysed_again(version, *shots).pk])
        return client.get(address, {"like": version.pk}).content.decode()

    assert "1 exception of v1 held the middle of no shot of this analysis and is left out." in page((0, 40), (40, 100))
    none_left = page((0, 100))
    assert "2 exceptions of v1 held the middle of no shot of this analysis and are left out." in none_left
    assert "Leave these exceptions out" not in none_left


def test_a_proposal_says_that_the_settings_of_a_version_cannot_be_read_any_more(client: Client, rui: User) -> None:
    version = VersionFactory(settings={"polish": {"amount": 1}}, settings_digest="0" * 64)
    preset = Preset.objects.create(name="Polished", settings={"polish": {}}, learnt_on=version, by=rui)
    client.force_login(rui)
    address = reverse("version-propose", args=[version.analysis_id])
    for asked, name in (({"like": version.pk}, "v1"), ({"learnt": preset.pk}, "Polished")):
        page = client.get(address, asked).content.decode()
        assert f"Today’s engine cannot read the settings of {name}: this proposal begins with what is" in page
        assert "Begins from the settings of" not in page
        assert re.findall(r'class="preset" href="(.*)" aria-current', page) == ["?"]


def test_exceptions_from_another_analysis_hold_for_whole_shots_of_this_one(client: Client, rui: User) -> None:
    excepted = TAPE.model_copy(update={"overrides": (engine.Override(start=40, end=90, changes=QUIETER),)})
    version = VersionFactory(settings=excepted.model_dump(mode="json"))
    client.force_login(rui)
    address = reverse("version-propose", args=[analysed_again(version, (0, 50), (50, 80), (80, 100)).pk])
    page = client.get(address, {"like": version.pk}).content.decode()
    assert "Some exceptions of v1 began or ended within a shot of this analysis" in page
    assert "left out." not in page
    answer = client.post(f"{address}?like={version.pk}", answers(excepted))
    assert answer.status_code == 302, answer.context["form"].errors
    assert [(each["start"], each["end"]) for each in Version.objects.latest("pk").settings["overrides"]] == [(50, 100)]


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "wrong", "told"), [
    ({}, None, ""),
    ({"upscale.height": ""}, "upscale.weights", "only in what is enlarged"),
    ({"upscale.natural": "0"}, "upscale.natural", "At 0 the network has no part"),
])
def test_a_network_without_a_part_is_refused_beside_what_to_change(changes: dict[str, str], wrong: str | None,
                                                                   told: str) -> None:
    row = WeightsFactory()
    form = forms.SettingsForm(answers(**{"upscale.height": "2160", "upscale.weights": row.sha256, **changes}),
                              recommended=TAPE, offered={path: offered(path) for path in NAMING})
    assert set(form.errors) == ({wrong} if wrong else set())
    assert all(told in str(errors) for errors in form.errors.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "wrong"), [
    ({}, None), ({"blocking.enabled": ""}, "blocking.weights"), ({"blocking.strength": "0"}, "blocking.strength")])
def test_a_network_that_cleans_nothing_is_refused_beside_what_to_change(changes: dict[str, str],
                                                                        wrong: str | None) -> None:
    row = WeightsFactory(purpose="clean", scale=1)
    sent = answers(**{"blocking.enabled": "on", "blocking.weights": row.sha256, **changes})
    form = forms.SettingsForm(sent, recommended=TAPE, offered={path: offered(path) for path in NAMING})
    assert set(form.errors) == ({wrong} if wrong else set())


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "wrong", "told"), [
    ({}, None, ""),
    ({"faces.enabled": ""}, "faces.weights", "only in faces that are given back"),
    ({"faces.natural": "0"}, "faces.natural", "At 0 the network has no part"),
    ({"faces.strength": "0"}, "faces.strength", "At 0 the network has no part"),
])
def test_a_face_network_without_a_part_is_refused_beside_what_to_change(changes: dict[str, str], wrong: str | None,
                                                                        told: str) -> None:
    row = WeightsFactory(purpose="faces", scale=1, name="Portraits")
    sent = answers(**{"faces.enabled": "on", "faces.weights": row.sha256, **changes})
    form = forms.SettingsForm(sent, recommended=TAPE, offered={path: offered(path) for path in NAMING})
    assert (str(row.sha256), "Portraits · BSD-3-Clause") in form["faces.weights"].field.choices
    assert set(form.errors) == ({wrong} if wrong else set())
    assert all(told in str(errors) for errors in form.errors.values())
    assert form.settings is None if wrong else form.settings and form.settings.brought == {row.sha256}
