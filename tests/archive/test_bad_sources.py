"""What the archive says of sources that have something wrong with them, in the page and in the shell."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from archive.models import Asset, EssenceTrack, Instantiation, MediaFile, ProvenanceEvent, Upload, User
from tests import bad_sources, factories
from tests.bad_sources import Bad


def assert_nothing_is_stored(settings: Any) -> None:
    for model in (Asset, MediaFile, EssenceTrack, Instantiation):
        assert not model.objects.exists()
    assert not ProvenanceEvent.objects.exclude(object_type="collection").exists()
    assert not Upload.objects.exclude(media_file=None).exists()
    for folder in (settings.HOLDINGS_DIR, settings.UPLOADS_DIR, settings.DERIVATIVES_DIR):
        assert [path for path in Path(folder).rglob("*") if path.is_file()] == []


def uploaded(client: Client, by: User, path: Path, *, language: str = "en") -> tuple[Any, str]:
    """The answer to the plain form, and its page."""
    client.force_login(by)
    client.cookies["django_language"] = language
    answer = client.post(reverse("upload"), {
        "file": SimpleUploadedFile(path.name, path.read_bytes()), "kind": "film",
        "collection": factories.CollectionFactory().pk}, follow=True)
    return answer, answer.content.decode()


@pytest.mark.parametrize("bad", bad_sources.REFUSED, ids=str)
def test_what_cannot_be_used_is_refused_in_the_page_and_nothing_is_stored(
        bad: Bad, ada: User, client: Client, tmp_path: Path, settings: Any) -> None:
    answer, page = uploaded(client, ada, bad.at(tmp_path))
    assert answer.status_code == 422
    assert bad.refused is not None
    assert page.count(escape(bad.refused[0])) == 1
    assert f"“{bad.name}”" in page
    assert_nothing_is_stored(settings)


@pytest.mark.parametrize("bad", bad_sources.REFUSED, ids=str)
def test_a_chinese_reader_is_refused_in_chinese(bad: Bad, ada: User, client: Client, tmp_path: Path) -> None:
    _, page = uploaded(client, ada, bad.at(tmp_path), language="zh-hans")
    assert bad.refused is not None
    assert escape(bad.refused[0]) not in page
    refusal = page[page.index("notice error"):].partition("</p>")[0]
    assert f"“{bad.name}”" in refusal
    assert "请" in refusal, "what to do is asked for politely"


@pytest.mark.parametrize("bad", bad_sources.REFUSED, ids=str)
@pytest.mark.parametrize("in_place", [False, True])
def test_what_cannot_be_used_is_refused_in_the_shell_in_one_line(
        bad: Bad, in_place: bool, db: None, tmp_path: Path, settings: Any, capfd: pytest.CaptureFixture[str]) -> None:
    path = bad.at(tmp_path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match="2"):
        call_command("ingest", str(path), in_place=in_place)
    told = capfd.readouterr()
    assert bad.refused is not None
    assert f"“{bad.name}”" in told.err
    assert bad.refused[0] in told.err
    assert told.err.count("\n") == 1
    assert told.out == "0 taken in, 1 refused.\n"
    assert_nothing_is_stored(settings)
    assert path.read_bytes() == before


@pytest.mark.parametrize("bad", bad_sources.TAKEN, ids=str)
def test_what_is_odd_is_taken_and_said_in_the_page(bad: Bad, ada: User, client: Client, tmp_path: Path) -> None:
    answer, page = uploaded(client, ada, bad.at(tmp_path))
    assert answer.redirect_chain == [(reverse("media-file", args=[MediaFile.objects.get().pk]), 302)]
    assert bad.remarks is not None
    assert page.count(escape(bad.remarks[0])) == 1


@pytest.mark.parametrize("bad", bad_sources.TAKEN, ids=str)
def test_what_is_odd_is_taken_and_said_in_the_shell(bad: Bad, db: None, tmp_path: Path,
                                                    capfd: pytest.CaptureFixture[str]) -> None:
    call_command("ingest", str(bad.at(tmp_path)))
    told = capfd.readouterr()
    assert bad.remarks is not None
    assert told.out.count(bad.remarks[0]) == 1
    assert "1 taken in, 0 refused." in told.out
    assert told.err == ""
