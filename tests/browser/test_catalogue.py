"""The archive's pages in a real browser: reached by keyboard, whole at both widths, open to everybody."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from archive.actions import catalogue, ingest, uploads
from archive.jobs import check_fixity, make_previews
from archive.models import Asset, MediaFile, Upload, User
from archive.vocabularies import Role
from tests import clips, factories
from tests.browser.barriers import barriers
from tests.browser.leaving import leave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def archivist(db: None) -> User:
    return factories.UserFactory(username="ada", role=Role.ARCHIVIST)


@pytest.fixture
def recording(archivist: User, tmp_path: Path) -> MediaFile:
    """A concert with a tape on the shelf and a short file that really plays."""
    path = tmp_path / "带子.mkv"
    clips.write(path, clips.scene(25))
    asset = catalogue.create_asset(
        by=archivist, kind="concert", collection=factories.CollectionFactory(name="Masters"), title="Summer Lights",
        description=catalogue.Description(
            titles=[catalogue.Title("Summer Lights"), catalogue.Title("夏夜灯火演唱会", "zh-Hans", "original")],
            description="The complete evening.", dates=[catalogue.Date("2000-07-21", "performed")]))
    catalogue.add_carrier(asset, by=archivist, carrier_format="digital_betacam", shelf="C-14")
    file = ingest.ingest(path, by=archivist, asset=asset)
    make_previews(str(file.pk))
    return file


@pytest.fixture
def page(chromium: Browser, live_server: Any, archivist: User) -> Iterator[Page]:
    """Ada's browser, logged in; a word on its console fails the test."""
    context = chromium.new_context(viewport=WIDE, locale="en", base_url=live_server.url)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.goto("/log-in")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("open the reel")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/catalogue/")
    yield page
    leave(context)
    assert complaints == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_page_of_the_archive_shuts_anybody_out(page: Page, recording: MediaFile, size: Any) -> None:
    asset = recording.instantiation.asset
    page.set_viewport_size(size)
    for address in [
        reverse("catalogue"), f"{reverse('catalogue')}?show=list&kind=concert", f"{reverse('catalogue')}?q=nowhere",
        reverse("asset", args=[asset.pk]), reverse("asset-edit", args=[asset.pk]), reverse("asset-new"),
        reverse("upload"), reverse("collections"), reverse("rights-new", args=[asset.pk]),
        reverse("carrier-new", args=[asset.pk]), reverse("collection-new"),
        reverse("media-file", args=[recording.pk]), "/nowhere",
    ]:
        page.goto(address)
        assert (address, barriers(page)) == (address, [])
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{address} is {width} px wide"


def test_the_log_in_page_shuts_nobody_out(chromium: Browser, live_server: Any, db: None) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto("/log-in")
    assert barriers(page) == []
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.close()


def test_typing_searches_and_the_address_can_be_passed_on(page: Page, recording: MediaFile) -> None:
    factories.AssetFactory(title__value="Something else")
    page.goto(reverse("catalogue"))
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("searchbox").fill("夏夜")
    expect(page.locator(".card")).to_have_count(1)
    page.wait_for_url("**/catalogue/?q=*")
    page.reload()
    expect(page.locator(".card-title")).to_contain_text("Summer Lights")


def test_the_filmstrip_takes_the_player_elsewhere(page: Page, recording: MediaFile) -> None:
    page.goto(reverse("asset", args=[recording.instantiation.asset_id]))
    strip = page.get_by_role("slider", name="Go to a moment of the recording")
    expect(strip).to_be_enabled()
    strip.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(page: Page) -> None:
    page.goto(reverse("catalogue"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard(page: Page) -> None:
    page.locator(".who summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(page.locator(".who summary")).to_be_focused()


def test_a_title_row_is_added_and_kept(page: Page, recording: MediaFile) -> None:
    asset = recording.instantiation.asset
    page.goto(reverse("asset-edit", args=[asset.pk]))
    rows = page.locator("[data-rows=titles]")
    rows.get_by_role("button", name="Add a row").click()
    rows.locator("[data-row]").last.get_by_label("Title").fill("Lumières d’été")
    rows.locator("[data-row]").last.get_by_label("Type").select_option("translated")
    page.get_by_role("button", name="Keep this description").click()
    expect(page.locator(".other-titles")).to_contain_text("Lumières d’été")


def test_a_file_is_brought_in_piece_by_piece(page: Page, live_server: Any, tmp_path: Path) -> None:
    factories.CollectionFactory(name="Masters")
    path = tmp_path / "新带子.mkv"
    clips.write(path, clips.scene(12))
    page.goto(reverse("upload"))
    page.locator("form.upload").evaluate("form => { form.dataset.pieceBytes = '4096'; }")
    page.get_by_label("Recording").set_input_files(path)
    page.get_by_label("Collection").select_option(label="Masters")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新带子.mkv")
    assert MediaFile.objects.get().size_bytes == path.stat().st_size
    assert Asset.objects.get().titles.get().value == "新带子"


@pytest.mark.parametrize("is_same", [True, False])
def test_an_interrupted_upload_goes_on_with_the_same_file_alone(
    page: Page, archivist: User, tmp_path: Path, is_same: bool,
) -> None:
    """Two files may have one name, one length and one date."""
    collection = factories.CollectionFactory(name="Masters")
    path = tmp_path / "tape.mkv"
    clips.write(path, clips.scene(12))
    whole = path.read_bytes()
    came = whole[:5000] if is_same else bytes(5000)
    upload = uploads.begin(by=archivist, name="tape.mkv", size=len(whole), collection=collection, kind="concert",
                           modified_ms=int(path.stat().st_mtime * 1000))
    uploads.receive(upload, offset=0, stream=BytesIO(came), by=archivist)
    page.goto(reverse("upload"))
    page.get_by_label("Recording").set_input_files(path)
    page.get_by_label("Collection").select_option(label="Masters")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("tape.mkv")
    assert MediaFile.objects.get().sha256 == sha256(whole).hexdigest()
    assert Upload.objects.exclude(media_file=None).get().pk == upload.pk or not is_same


def test_an_unfinished_upload_is_forgotten_by_its_button(page: Page, archivist: User) -> None:
    uploads.begin(by=archivist, name="tape.mkv", size=1000, collection=factories.CollectionFactory())
    page.goto(reverse("upload"))
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("Not complete yet")).to_be_hidden()
    assert not Upload.objects.exists()


def test_the_answer_to_a_fixity_check_appears_without_loading_the_page_again(page: Page, recording: MediaFile) -> None:
    page.goto(reverse("media-file", args=[recording.pk]))
    page.get_by_role("button", name="Check the fixity now").click()
    expect(page.get_by_text("It is being checked")).to_be_visible()
    check_fixity(str(recording.pk))
    expect(page.get_by_text("Unchanged: the SHA-256")).to_be_visible()
    expect(page.get_by_text("It is being checked")).to_be_hidden()


def test_a_digest_opens_in_the_provenance(page: Page, recording: MediaFile) -> None:
    page.goto(reverse("asset", args=[recording.instantiation.asset_id]))
    digest = page.locator("#provenance details.digest")
    expect(digest).not_to_have_attribute("open", "")
    digest.locator("summary").click()
    expect(digest).to_contain_text(recording.sha256)
