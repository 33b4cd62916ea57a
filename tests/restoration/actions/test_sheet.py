import json
from typing import Any

import pytest

from restoration.actions import packages, sheet
from restoration.actions.masters import file_stem
from restoration.engine.networks.registry import network
from restoration.engine.settings import Override, Retouch, UpscaleSettings
from restoration.models import RunShot
from restoration.vocabularies import WorkState
from tests.restoration.factories import (
    RECOMMENDED,
    DeliveryFactory,
    DeliveryItemFactory,
    ReviewFactory,
    RunFactory,
    VersionFactory,
    WeightsFactory,
)

pytestmark = pytest.mark.django_db


def test_the_sheet_says_what_was_found_done_and_decided() -> None:
    delivery = DeliveryFactory()
    item = DeliveryItemFactory(delivery=delivery, facts={"codec": "h264", "width": 1440, "height": 1080,
                                                         "rate": "60000/1001", "frames": 200})
    facts = sheet.facts_of(delivery, [item])
    assert facts["source"]["sha256"] == delivery.version.source.sha256
    assert facts["defects"] == [{"name": "noise", "shots": 1, "severity": 0.4, "value": 2.1, "unit": "levels",
                                 "worst_at_frame": 40}]
    assert {"field": "upscale.height", "value": 2160} .items() <= next(
        choice for choice in facts["settings"] if choice["field"] == "upscale.height").items()
    assert facts["review"]["master_sha256"] == delivery.version.master.sha256
    assert facts["files"][0]["sha256"] == item.sha256
    assert json.loads(json.dumps(facts)) == facts


def test_the_sheet_reads_in_both_languages_and_needs_nothing_else() -> None:
    delivery = DeliveryFactory(recipient__name="<Harbour & Sons>")
    page = sheet.render(sheet.facts_of(delivery, [DeliveryItemFactory(delivery=delivery)]))
    assert page.count("<article") == 2
    assert 'lang="zh-hans"' in page
    assert "&lt;Harbour &amp; Sons&gt;" in page
    assert "http" not in page and "<script" not in page


def test_the_sheet_certifies_how_faithful_the_master_is() -> None:
    delivery = DeliveryFactory()
    worst = {"frame": 1417, "value": 44.02}
    RunShot.objects.create(run=RunFactory(version=delivery.version), index=0, start=0, end=10, state=WorkState.FINISHED,
                           faithfulness={"looked_at": 6, "error": 1e-5, "worst": worst, "colour": 0.2,
                                         "worst_colour": worst, "unexplained": 0.01, "worst_unexplained": worst})
    facts = sheet.facts_of(delivery, [])
    assert facts["faithfulness"]["worst"] == worst
    page = sheet.render(facts)
    assert "PSNR 50.0 dB against the repaired source" in page
    assert "相对修复后源画面的峰值信噪比 50.0 dB" in page


@pytest.mark.parametrize(("source", "said"), [
    ({"turned": 90}, ("turned by 90° anticlockwise, as the file asks players", "逆时针旋转 90°，依文件")),
    ({"is_mirrored": True}, ("<dd>left and right exchanged, as the file", "左右翻转，依文件")),
    ({"turned": 180, "is_mirrored": True}, ("180° anticlockwise, left and right exchanged, as", "180°，左右翻转，")),
])
def test_the_sheet_says_how_a_turned_camera_was_made_upright(source: dict[str, Any], said: tuple[str, str]) -> None:
    delivery = DeliveryFactory()
    assert "Made upright" not in sheet.render(sheet.facts_of(delivery, []))
    delivery.version.analysis.report["source"].update(source)
    page = sheet.render(sheet.facts_of(delivery, []))
    assert all(words in page for words in said)


def test_a_file_name_is_safe_whatever_the_accession_number_holds() -> None:
    names = {"HR 2000/1": "HR_2000_1_v1", "..": None, "张国荣-17": "17_v1", "a\nb": "a_b_v1"}
    for number, expected in names.items():
        version = VersionFactory(analysis__media_file__instantiation__asset__accession_number=number)
        assert file_stem(version) == (expected or f"asset-{version.asset_id}_v1")


def test_the_manifest_is_what_sha256sum_reads() -> None:
    item = DeliveryItemFactory()
    assert packages.manifest_text([item]) == f"{item.sha256}  {item.name}\n"
    listed = json.loads(packages.manifest_json(item.delivery, [item]))
    assert listed["files"][0]["name"] == item.name


def test_the_sheet_names_the_weights_that_were_written_down_and_not_what_would_be_asked_for_today() -> None:
    delivery = DeliveryFactory()
    RunShot.objects.create(run=RunFactory(version=delivery.version), index=0, start=0, end=10, state=WorkState.FINISHED,
                           weights=[network("upscaler-x4").sha256, "f" * 64])
    facts = sheet.facts_of(delivery, [])
    assert [(each["name"], each["sha256"]) for each in facts["weights"]] == [
        ("", "f" * 64), ("upscaler-x4", network("upscaler-x4").sha256)]
    page = sheet.render(facts)
    assert network("upscaler-x4").sha256 in page and "Weights no longer known here" in page


def test_what_was_left_alone_is_named_without_its_settings() -> None:
    page = sheet.render(sheet.facts_of(DeliveryFactory(), []))
    assert "Left alone:" in page
    assert "Largest move of a line" not in page


@pytest.mark.parametrize(("method", "is_told"), [("network", False), ("filters", True)])
def test_settings_that_have_no_effect_do_not_stand_on_the_sheet(method: str, is_told: bool) -> None:
    upscale = UpscaleSettings.model_validate({"height": 2160, "method": method})
    settings = RECOMMENDED.model_copy(update={"upscale": upscale}).model_dump(mode="json")
    approved = ReviewFactory(version=VersionFactory(made=True, settings=settings)).version
    delivery = DeliveryFactory(version=approved)
    page = sheet.render(sheet.facts_of(delivery, []))
    assert "Height of the master" in page and "Share of that network" not in page
    assert ("Sharpness of filters" in page) is is_told


def test_the_sheet_says_what_holds_for_single_shots_alone_and_what_was_drawn_by_hand() -> None:
    network_of_others = WeightsFactory(name="Portraits", licence="MIT")
    settings = RECOMMENDED.model_copy(update={
        "overrides": (Override(start=40, end=90, changes={
            "depth": {"enabled": "on"}, "noise": {"luma": 1.0}, "blocking": {"enabled": False},
            "faces": {"weights": network_of_others.sha256}}),),
        "retouch": (*[Retouch(start=41, end=50, points=((0.5, 0.5),), radius=0.1)] * 2,
                    Retouch(start=7, end=8, points=((0.5, 0.5),), radius=0.1))})
    approved = ReviewFactory(version=VersionFactory(made=True, settings=settings.model_dump(mode="json"))).version
    facts = sheet.facts_of(DeliveryFactory(version=approved), [])
    assert json.loads(json.dumps(facts)) == facts
    told = [(each["start"], each["end"], each["from"], each["to"], choice["field"], choice["value"])
            for each in facts["exceptions"] for choice in each["choices"]]
    where = (40, 90, "01:00:01:10", "01:00:02:29")
    assert told == [(*where, "depth.enabled", True), (*where, "noise.luma", 1.0), (*where, "blocking.enabled", False),
                    (*where, "faces.weights", network_of_others.sha256)]
    assert [each["field"] for each in facts["settings"] if each["is_excepted"]] == [
        "noise.luma", "faces.weights", "depth.enabled"]
    assert facts["retouched"]["places"] == 3
    assert [(each["start"], each["end"], each["places"]) for each in facts["retouched"]["ranges"]] == [
        (7, 8, 1), (41, 50, 2)]
    page = sheet.render(facts)
    for words in ("<dt>01:00:01:10–01:00:02:29</dt><dd>Layers: Set the singer apart from the stage: yes</dd>",
                  "<dd>Noise: Strength in brightness: 1.00</dd>", "<dd>噪声：亮度强度：1.00</dd>", "个别镜头的例外",
                  "<dd>Blocks and ringing: left out</dd>", f"Portraits · MIT · SHA-256 {network_of_others.sha256}",
                  '<dd>0.60 <span class="note">otherwise in some shots: see the exceptions</span>',
                  "Retouched by hand: 3 places", "<dt>01:00:00:07–01:00:00:07</dt><dd>frame 7 of the source</dd>",
                  "frames 41–49 of the source, 2 places", "手工修补：3 处", "源文件第 41–49 帧，2 处"):
        assert words in page


def test_a_version_without_exceptions_has_none_on_its_sheet() -> None:
    facts = sheet.facts_of(DeliveryFactory(), [])
    assert (facts["exceptions"], facts["retouched"]) == ([], {"places": 0, "ranges": []})
    assert "Exceptions" not in (page := sheet.render(facts)) and "Retouched by hand" not in page
