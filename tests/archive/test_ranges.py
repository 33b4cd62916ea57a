"""Bytes over HTTP: RFC 9110, section 14, as a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404
from django.test import RequestFactory

from archive.ranges import BLOCK_BYTES, serve_file

BYTES = bytes(range(100))
ETAG = "a" * 64
ANSWERS: list[Any] = []


@pytest.fixture(autouse=True)
def answers() -> Iterator[list[Any]]:
    """What was answered in a test, closed at its end as a server would; no database takes part."""
    ANSWERS.clear()
    request_finished.disconnect(close_old_connections)
    yield ANSWERS
    for response in ANSWERS:
        response.close()
    request_finished.connect(close_old_connections)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "tape.mov"
    path.write_bytes(BYTES)
    return path


def get(path: Path, *, method: str = "get", **headers: Any) -> Any:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return serve(getattr(RequestFactory(), method)("/", headers=headers), path, filename="tape.mov")


def serve(request: Any, path: Path, **options: Any) -> Any:
    ANSWERS.append(serve_file(request, path, media_type="video/quicktime", etag=ETAG, **options))
    return ANSWERS[-1]


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(("asked", "first", "last"), [
    ("bytes=0-0", 0, 0), ("bytes=0-9", 0, 9), ("bytes=10-19", 10, 19), ("bytes=99-99", 99, 99), ("bytes=50-", 50, 99),
    ("bytes=0-", 0, 99), ("bytes=-1", 99, 99), ("bytes=-100", 0, 99), ("bytes=-1000", 0, 99), ("bytes=90-1000", 90, 99),
    ("BYTES=1-2", 1, 2), ("bytes= 1-2 ", 1, 2), ("bytes=0001-0002", 1, 2), ("bytes=0-" + "9" * 5000, 0, 99),
])
def test_one_range_gets_its_bytes(tape: Path, asked: str, first: int, last: int) -> None:
    response = get(tape, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/100"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == BYTES[first:last + 1]


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_beyond_the_end_is_refused_with_the_size(tape: Path, asked: str) -> None:
    response = get(tape, range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */100"


@pytest.mark.parametrize("asked", [
    "bytes=9-0", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=--1", "bytes=1-2-3", "lines=0-9", "0-9", "",
    "bytes=0-0,5-9", "bytes=0-0, -1", "bytes 0-9", "bytes=+1-2", "bytes=١-٢", "bytes=1 - 2",
])
def test_what_is_not_one_well_formed_range_is_ignored(tape: Path, asked: str) -> None:
    response = get(tape, range=asked)
    assert (response.status_code, body(response)) == (200, BYTES)
    assert "Content-Range" not in response


@pytest.mark.parametrize(("condition", "status"), [
    (f'"{ETAG}"', 206), (f'W/"{ETAG}"', 200), (ETAG, 200), ('"another"', 200), ("Sat, 29 Oct 1994 19:43:31 GMT", 200),
])
def test_if_range_sends_a_part_only_of_the_very_same_bytes(tape: Path, condition: str, status: int) -> None:
    assert get(tape, range="bytes=0-9", if_range=condition).status_code == status


def test_the_whole_file_says_that_ranges_are_served(tape: Path) -> None:
    response = get(tape)
    assert (response.status_code, body(response)) == (200, BYTES)
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == "100"
    assert response["Content-Type"] == "video/quicktime"
    assert response["ETag"] == f'"{ETAG}"'
    assert response["Cache-Control"].startswith("private")


def test_head_says_the_size_and_sends_nothing(tape: Path) -> None:
    response = get(tape, method="head", range="bytes=0-9")
    assert (response.status_code, body(response), response["Content-Length"]) == (200, b"", "100")


def test_who_has_the_bytes_already_gets_304(tape: Path) -> None:
    assert get(tape, if_none_match=f'"{ETAG}"').status_code == 304
    assert get(tape, if_none_match='"another"').status_code == 200


def test_a_range_of_other_bytes_than_expected_gets_412(tape: Path) -> None:
    assert get(tape, range="bytes=0-9", if_match='"another"').status_code == 412


def test_nothing_but_reading_is_allowed(tape: Path) -> None:
    assert get(tape, method="post").status_code == 405


def test_an_empty_file_is_sent_whole(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert body(get(empty)) == b""
    assert get(empty, range="bytes=-5").status_code == 200
    assert get(empty, range="bytes=0-").status_code == 416


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(Http404):
        get(tmp_path / "gone")


@pytest.mark.parametrize(("name", "written"), [
    ("tape.mov", 'inline; filename="tape.mov"'),
    ('a "b".mov', 'inline; filename="a \\"b\\".mov"'),
    ("老电影.mp4", "inline; filename*=utf-8''%E8%80%81%E7%94%B5%E5%BD%B1.mp4"),
    ("a\r\nSet-Cookie: b", 'inline; filename="a__Set-Cookie: b"'),
    ("../../etc/passwd", 'inline; filename=".._.._etc_passwd"'),
])
def test_a_name_is_written_as_rfc_5987_says_and_cannot_leave_its_line(tape: Path, name: str, written: str) -> None:
    response = serve(RequestFactory().get("/"), tape, filename=name)
    assert response["Content-Disposition"] == written


def test_a_download_is_an_attachment(tape: Path) -> None:
    response = serve(RequestFactory().get("/"), tape, filename="a", inline=False)
    assert response["Content-Disposition"] == 'attachment; filename="a"'


def test_the_end_of_a_transfer_is_told_once_with_what_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(bytes(3 * BLOCK_BYTES))
    told: list[tuple[int, int, int]] = []
    request = RequestFactory().get("/", headers={"range": f"bytes=10-{2 * BLOCK_BYTES + 9}"})
    response = serve(request, path, on_sent=lambda *part: told.append(part))
    assert [len(block) for block in response.streaming_content] == [BLOCK_BYTES, BLOCK_BYTES]
    response.close()
    response.close()
    assert told == [(10, 2 * BLOCK_BYTES + 9, 2 * BLOCK_BYTES)]


def test_a_client_that_goes_away_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(bytes(3 * BLOCK_BYTES))
    told: list[tuple[int, int, int]] = []
    response = serve(RequestFactory().get("/"), path, on_sent=lambda *part: told.append(part))
    next(iter(response.streaming_content))
    response.close()
    assert told == [(0, 3 * BLOCK_BYTES - 1, BLOCK_BYTES)]


def test_nginx_sends_what_lies_in_our_folders(settings: Any, tape: Path) -> None:
    settings.X_ACCEL_PREFIX = "/_media/"
    held = settings.HOLDINGS_DIR / "ab" / "a b"
    held.parent.mkdir(parents=True)
    held.write_bytes(BYTES)
    response = get(held, range="bytes=0-9")
    assert (response["X-Accel-Redirect"], body(response)) == ("/_media/holdings/ab/a%20b", b"")
    assert response["Content-Type"] == "video/quicktime"
    assert body(get(tape)) == BYTES
