"""The page of before/after clips: what it offers, what it keeps of a mistake, and a clip's way to its recipient."""

import json

import av
import django_rq
import pytest
from django.test import Client
from django.urls import reverse

from archive.models import Agent, User
from archive.storage import derivative_path, holding_path
from restoration import jobs
from restoration.jobs.pulse import file_digest
from restoration.models import BeforeAfterClip, Delivery, Version
from restoration.vocabularies import WorkState
from tests.restoration.factories import ClipFactory, ReviewFactory, VersionFactory
from tests.restoration.views.barcode import HEIGHT, WIDTH
from tests.restoration.views.rooms import version_with_bytes

pytestmark = pytest.mark.django_db

ASKED = {"style": "side_by_side", "first": "00:59:59;25", "last": "00:59:59;29", "title": "Passion", "credit": "",
         "original_name": "", "restored_name": "Restored 2026", "language": "en"}


@pytest.fixture
def version() -> Version:
    return version_with_bytes(12)


def held(version: Version) -> Version:
    """Its rows say of source and master what their bytes are."""
    for file in (version.source, version.master):
        assert file is not None
        path = holding_path(file)
        file.size_bytes, file.sha256 = path.stat().st_size, file_digest(path)
        file.save()
    return version


def page(client: Client, version: Version, **asked: str) -> str:
    return client.get(reverse("clips", args=[version.pk]), asked).content.decode()


def test_the_form_begins_with_the_shot_or_the_frames_of_the_address(client: Client, rosa: User,
                                                                    version: Version) -> None:
    client.force_login(rosa)
    for asked, first, last in (({}, "00:59:59;20", "00:59:59;23"), ({"shot": "3"}, "00:59:59;26", "01:00:00;01"),
                               ({"from": "2", "to": "4"}, "00:59:59;22", "00:59:59;24"),
                               ({"from": "00:59:59;21", "to": "900"}, "00:59:59;21", "01:00:00;01")):
        shown = page(client, version, **asked)
        assert f'name="first" value="{first}"' in shown and f'name="last" value="{last}"' in shown
    assert f"{reverse('clips', args=[version.pk])}" in client.get(
        reverse("version", args=[version.pk])).content.decode()


def test_a_mistake_is_told_and_nothing_that_was_typed_is_lost(client: Client, rui: User, version: Version) -> None:
    client.force_login(rui)
    address = reverse("clips", args=[version.pk])
    for wrong, told in (({"first": "12:00"}, "12:00"), ({"last": "00:59:59;21"}, "The last frame comes before"),
                        ({"first": ""}, "Say where the clip begins"), ({"last": "12"}, "has frames 0 to 11"),
                        ({"title": "\U0001fffe Passion"}, "No font on this machine")):
        answer = client.post(address, ASKED | {"credit": "Harbour Records"} | wrong)
        shown = answer.content.decode()
        assert answer.status_code == 422 and told in shown, told
        assert 'value="Harbour Records"' in shown and 'value="Restored 2026"' in shown
    assert not BeforeAfterClip.objects.exists()


def test_names_left_empty_are_the_clips_languages_own(client: Client, rui: User, version: Version) -> None:
    client.force_login(rui)
    client.post(reverse("clips", args=[version.pk]), ASKED)
    clip = BeforeAfterClip.objects.get()
    assert (clip.original_name, clip.restored_name, clip.start, clip.end) == ("Original", "Restored 2026", 5, 10)


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_hands_of_the_recipient(client: Client, rui: User, ada: User, henri: User,
                                                     harbour: Agent, version: Version) -> None:
    ReviewFactory(version=held(version))
    client.force_login(rui)
    assert client.post(reverse("clips", args=[version.pk]), ASKED).status_code == 302
    clip = BeforeAfterClip.objects.get()
    progress = reverse("clip-progress", args=[clip.pk])
    assert "every 2s" in client.get(progress).content.decode()
    assert client.get(reverse("clip-file", args=[clip.pk])).status_code == 404
    jobs.make_clip(clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.error) == (WorkState.FINISHED, "")
    shown = client.get(progress).content.decode()
    assert "every 2s" not in shown and "<video" in shown
    part = client.get(reverse("clip-file", args=[clip.pk]) + "?download", headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"ftyp")  # type: ignore[attr-defined]
    assert part["Content-Disposition"].startswith("attachment")
    with av.open(str(derivative_path(clip.file_key))) as container:
        context = container.streams.video[0].codec_context
        assert (context.width, context.height, sum(1 for _ in container.decode(video=0))) == (2 * WIDTH, HEIGHT, 5)

    client.force_login(ada)
    form = client.get(reverse("delivery-new", args=[version.pk])).content.decode()
    assert "Side by side · 00:59:59;25 – 00:59:59;29 · Passion" in form
    client.post(reverse("delivery-new", args=[version.pk]), {"recipient": harbour.pk, "terms": "Once.",
                                                             "clips": [clip.pk]})
    delivery = Delivery.objects.get()
    jobs.package(str(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("packaged", "")
    item = delivery.items.get(kind="clip")
    assert item.name.endswith("_before-after-1-side-by-side.mp4") and item.sha256 == clip.sha256
    manifest, sheet = (derivative_path(delivery.items.get(name__endswith=name).storage_key).read_text()
                       for name in ("manifest.json", "sheet.html"))
    assert item.name in [file["name"] for file in json.loads(manifest)["files"]]
    assert item.name in sheet and "Before/after clip · h264" in sheet
    client.post(reverse("clip-remove", args=[clip.pk]))
    assert not BeforeAfterClip.objects.exists()
    assert derivative_path(item.storage_key).exists(), "the delivery holds a copy of its own"


@pytest.mark.django_db(transaction=True)
def test_a_clip_for_two_eyes_holds_the_restored_side_twice_and_says_so(client: Client, rui: User,
                                                                       version: Version) -> None:
    client.force_login(rui)
    assert "For two eyes (3D)" in page(client, held(version))
    client.post(reverse("clips", args=[version.pk]), ASKED | {"style": "stereo", "first": "00:59:59;26"})
    clip = BeforeAfterClip.objects.get()
    jobs.make_clip(clip.pk)
    clip.refresh_from_db()
    assert (clip.state, clip.error) == (WorkState.FINISHED, "")
    with av.open(str(derivative_path(clip.file_key))) as container:
        shown = list(container.decode(video=0))
    assert (len(shown), shown[0].width) == (4, 2 * WIDTH)
    assert "STEREO3D" in {each.type.name for each in shown[0].side_data}
    given = client.get(reverse("clip-file", args=[clip.pk]) + "?download")
    assert f"_3d-{clip.pk}.mp4" in given["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
def test_a_clip_that_was_tampered_with_does_not_go_along(ada: User, harbour: Agent, version: Version,
                                                         client: Client) -> None:
    ReviewFactory(version=held(version))
    client.force_login(ada)
    clip = ClipFactory(version=version)
    path = derivative_path(clip.file_key)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    delivery = Delivery.objects.create(version=version, recipient=harbour, terms="Once.", by=ada)
    delivery.clips.add(clip)
    jobs.package(str(delivery.pk))
    delivery.refresh_from_db()
    assert "from frame 10 to 69 is missing or no longer what was made" in delivery.error


@pytest.mark.django_db(transaction=True)
def test_a_master_that_is_gone_is_told_and_the_clip_can_be_tried_again(client: Client, rui: User) -> None:
    client.force_login(rui)
    version = VersionFactory(made=True)
    clip = ClipFactory(version=version, state=WorkState.QUEUED)
    jobs.make_clip(clip.pk)
    shown = page(client, version)
    assert "is missing. Check its fixity" in shown and reverse("clip-again", args=[clip.pk]) in shown


def test_a_clip_of_a_former_master_says_so(client: Client, rui: User) -> None:
    client.force_login(rui)
    clip = ClipFactory(master_sha256="0" * 64)
    assert "has another master now" in page(client, clip.version)


def test_a_version_without_a_reel_has_no_clips(client: Client, rui: User) -> None:
    client.force_login(rui)
    assert client.get(reverse("clips", args=[VersionFactory().pk])).status_code == 404


@pytest.fixture(autouse=True)
def _silence() -> None:
    django_rq.get_connection("default").flushall()
