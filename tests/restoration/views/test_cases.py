"""The bad cases on the restorer's bench, and the list of shots beside the player."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive.models import User
from archive.storage import derivative_path
from restoration.actions import looks, overrides, presets, shots
from restoration.engine.settings import parse
from restoration.models import Look, Preset, ShotVerdict, Version, Weights
from restoration.shot_form import ShotForm, adjustable
from restoration.shot_reports import reports
from tests.restoration.factories import RECOMMENDED, AnnotationFactory, RunFactory, VersionFactory, WeightsFactory
from tests.restoration.views.test_settings_form import answers

pytestmark = pytest.mark.django_db

OURS = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def version(rosa: User) -> Version:
    made: Version = VersionFactory(made=True)
    shots.judge(made, shot=1, verdict="bad_case", category="lost_grain", words="Where is it?", frame=90, by=rosa)
    return made


def sliders(**changes: Any) -> dict[str, Any]:
    names = tuple(section.name for section in adjustable())
    return {**{path: value for path, value in answers(RECOMMENDED).items() if path.split(".")[0] in names}, **changes}


def test_the_list_tells_of_each_shot_what_was_changed_and_what_is_left(version: Version, client: Client,
                                                                        rosa: User) -> None:
    run = RunFactory(version=version, state="finished", shots=((0, 40), (40, 90), (90, 100)))
    run.shots.update(state="finished", changes=[
        {"repair": "dropouts", "frames": 3, "share": 0.004, "worst_share": 0.1},
        {"repair": "noise", "frames": 40, "share": 1.0, "worst_share": 1.0, "backed_off": [4]}])
    first, second, _third = reports(version)
    assert (first.start, first.end, first.changed, first.backed_off) == (0, 80, 0.004, 1)
    assert (second.standing, second.middle, second.said and second.said.by) == ("bad_case", 90, rosa)
    client.force_login(rosa)
    page = client.get(reverse("review-shots", args=[version.pk])).content.decode()
    assert "0.40 % mended" in page and "Lost grain" in page and "2 not looked at" in page


def test_the_bench_begins_with_the_bad_cases_for_whoever_may_mend_them(version: Version, client: Client, rui: User,
                                                                       rosa: User) -> None:
    bench, case = reverse("restoration-home"), reverse("bad-case", args=[version.pk, 1])
    client.force_login(rui)
    page = client.get(bench).content.decode()
    assert "shot 2: Lost grain" in page and "0 of 1 settled" in page and f'href="{case}"' in page
    client.force_login(rosa)
    assert "Lost grain" not in client.get(bench).content.decode()


def test_a_verdict_comes_from_the_room_or_from_a_page_without_script(version: Version, client: Client, rosa: User,
                                                                     ada: User) -> None:
    client.force_login(rosa)
    address = reverse("shot-verdict", args=[version.pk, 0])
    refused = client.post(address, {"verdict": "bad_case"}, **OURS).content.decode()
    assert "Say what is wrong with this shot." in refused
    assert "Ghosting" in client.post(address, {"verdict": "bad_case", "category": "ghosting", "frame": "7"},
                                     **OURS).content.decode()
    assert client.post(address, {"verdict": "good", "frame": "7"}).headers["Location"].endswith("?f=7")
    assert list(ShotVerdict.objects.filter(shot=0).values_list("verdict", "frame")) == [("good", 7), ("bad_case", 7)]
    client.force_login(ada)
    assert client.post(address, {"verdict": "good"}).status_code == 403


def test_from_sliders_to_a_look_that_is_taken_and_derived(version: Version, client: Client, rui: User,
                                                          rosa: User) -> None:
    client.force_login(rui)
    assert "Where is it?" in client.get(reverse("bad-cases")).content.decode()
    page = client.get(reverse("bad-case", args=[version.pk, 1])).content.decode()
    assert "Where is it?" in page and 'name="noise.luma"' in page and 'name="upscale.height"' not in page
    address = reverse("look-new", args=[version.pk, 1])
    matrix = client.post(address, sliders(**{"noise.luma": "0.1", "frames": ["90", "100"]}), **OURS).content.decode()
    look = Look.objects.get()
    assert (look.trials, look.frames) == ([{"changes": {"noise": {"luma": 0.1}}, "retouch": []}], [90, 100])
    assert "waits" in matrix and "every 1s" in matrix
    claimed = looks.claim(look.pk, worker="one")
    assert claimed is not None
    path = derivative_path(looks.picture_key(look, 0, 90))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"png")
    looks.keep_picture(claimed, 0, 90)
    looks.finish(claimed)
    assert b"".join(client.get(reverse("look-picture", args=[look.pk, 0, 90]))) == b"png"
    matrix = client.get(reverse("looks", args=[version.pk, 1])).content.decode()
    assert "Take this" in matrix and "0.10" in matrix and "every 1s" not in matrix
    client.post(reverse("look-take", args=[version.pk, 1]), {"look": look.pk, "trial": 0})
    assert overrides.open_ones(version).get().changes == {"noise": {"luma": 0.1}}
    client.post(reverse("preset-new", args=[version.pk, 1]), {"name": "Smoke"})
    assert Preset.objects.get().name == "Smoke"
    run = client.post(reverse("version-derive", args=[version.pk]))
    derived = Version.objects.get(derived_from=version)
    assert run.headers["Location"] == reverse("run", args=[derived.runs.get().pk])
    assert "Where is it?" not in client.get(reverse("bad-cases")).content.decode()


def test_a_longer_queue_asks_the_database_no_more(version: Version, client: Client, rui: User, rosa: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("bad-cases")).status_code == 200
        return len(queries)

    client.force_login(rui)
    alone = asked()
    for _number in range(3):
        shots.judge(VersionFactory(made=True), shot=0, verdict="bad_case", category="ghosting", by=rosa)
    assert asked() == alone


def test_what_cannot_be_is_told_where_it_was_asked(version: Version, client: Client, rui: User, rosa: User) -> None:
    client.force_login(rui)
    address = reverse("look-new", args=[version.pk, 1])
    assert "Choose a value from 0" in client.post(address, sliders(**{"noise.luma": "7"}), **OURS).content.decode()
    plain = client.post(address, sliders(**{"noise.luma": "7"}))
    assert (plain.status_code, Look.objects.count()) == (422, 0)
    told = client.post(reverse("version-derive", args=[version.pk]), follow=True).content.decode()
    assert "Nothing would differ from v1" in told
    look = looks.queue(version, shot=1, trials=[{"changes": {}}], by=rui)
    assert client.post(reverse("look-cancel", args=[look.pk])).status_code == 302
    client.force_login(rosa)
    for name, args in (("bad-cases", []), ("bad-case", [version.pk, 1]), ("look-picture", [look.pk, 0, 90])):
        assert client.get(reverse(name, args=args)).status_code == 403


def test_what_was_learnt_is_offered_for_the_next_proposal(version: Version, client: Client, rui: User) -> None:
    learnt = presets.learn(version, name="Smoky stage", by=rui)
    client.force_login(rui)
    address = reverse("version-propose", args=[version.analysis_id])
    page = client.get(f"{address}?learnt={learnt.pk}").content.decode()
    assert "Smoky stage" in page and "Learnt on v1" in page
    assert client.get(f"{address}?learnt=999").status_code == 404


def test_who_reviews_a_derived_version_is_led_to_what_changed(version: Version, client: Client, rosa: User) -> None:
    derived = VersionFactory(made=True, analysis=version.analysis, derived_from=version)
    for made, digests in ((version, "abc"), (derived, "adc")):
        run = RunFactory(version=made, state="finished", shots=((0, 40), (40, 90), (90, 100)))
        for index, digest in enumerate(digests):
            run.shots.filter(index=index).update(state="finished", segment_digest=digest * 64)
    client.force_login(rosa)
    inbox = client.get(reverse("review-inbox")).content.decode()
    assert f"/review/{derived.pk}/?b={version.pk}&amp;m=side" in inbox and "v2 was derived from it: To review" in inbox
    assert inbox.index(f"/review/{derived.pk}/") < inbox.index(f"/review/{version.pk}/")
    AnnotationFactory(version=derived)
    page = client.get(reverse("review", args=[derived.pk])).content.decode()
    assert 'data-first-new="80"' in page and "Changed since v1" in page and "As in v1" in page
    assert page.count("wanted otherwise in v1:") == 1 and "<q>Where is it?</q>" in page
    assert "3 not looked at" in page and "1 open" in page


def test_a_mask_drawn_on_the_master_is_filled_where_it_lies_in_the_source(version: Version, client: Client,
                                                                          rui: User) -> None:
    client.force_login(rui)
    address = reverse("look-new", args=[version.pk, 1])
    corners = "[[0, 0.25], [1, 0.25], [0.5, 0.75]]"
    matrix = client.post(address, sliders(masks=f"[{corners}]"), **OURS).content.decode()
    (retouch,) = Look.objects.get().trials[0]["retouch"]
    assert (retouch["start"], retouch["end"]) == (40, 90)
    assert [point[0] for point in retouch["points"]] == pytest.approx([8 / 720, 712 / 720, 0.5])
    assert "1 mask filled" in matrix
    assert "0.25], [1.0, 0.25]" in client.get(reverse("bad-case", args=[version.pk, 1])).content.decode()
    for wrong in ("[[[0, 0]]]", "[[[0, 9], [1, 1], [0, 1]]]", "{", "[7]", "[" * 90_000,
                  f"[[[0, 1{'0' * 400}], [1, 1], [0, 1]]]"):
        told = client.post(address, sliders(masks=wrong), **OURS).content.decode()
        assert "This mask cannot be used." in told


def test_a_network_without_a_part_in_the_shot_is_refused_there_too(client: Client, rui: User, version: Version) -> None:
    row = WeightsFactory(purpose="faces", scale=1)
    client.force_login(rui)
    case = reverse("look-new", args=[version.pk, 1])
    for changes, told in (({}, "only in faces that are given back"),
                          ({"faces.enabled": "on", "faces.natural": "0"}, "At 0 the network has no part")):
        answer = client.post(case, sliders(**{"faces.weights": row.sha256, **changes}))
        assert answer.status_code == 422 and told in answer.content.decode()
    assert not Look.objects.exists()


def test_faces_can_be_switched_off_in_a_shot_of_a_version_that_names_a_network(rui: User) -> None:
    row = WeightsFactory(purpose="faces", scale=1)
    standing = parse({"faces": {"enabled": True, "weights": row.sha256}})
    sent = {path: value for path, value in sliders(**{"faces.weights": row.sha256}).items() if path != "faces.enabled"}
    form = ShotForm(sent, standing=standing, begin=standing, first=set())
    assert form.is_valid(), form.errors
    assert form.changes["faces"] == {"enabled": False}


def test_the_sliders_of_a_shot_offer_face_networks_and_keep_one_that_was_withdrawn(client: Client, rui: User) -> None:
    offered, gone = (WeightsFactory(purpose="faces", scale=1, name=name) for name in ("Portraits", "Old masters"))
    faces = {"enabled": True, "weights": gone.sha256}
    version = VersionFactory(made=True, settings=parse({"fields": {"method": "frames"}, "faces": faces}).model_dump(
        mode="json"))
    Weights.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    client.force_login(rui)
    page = client.get(reverse("bad-case", args=[version.pk, 1]))
    choices = dict(page.context["form"]["faces.weights"].field.choices)
    assert choices == {"": "None", offered.sha256: "Portraits · BSD-3-Clause",
                       gone.sha256: "Old masters · BSD-3-Clause"}
    assert page.context["form"]["faces.weights"].value() == gone.sha256
