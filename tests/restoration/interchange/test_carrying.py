"""Notes out of one version and into another, through every file there is; OpenTimelineIO itself judges OTIO and the
timecode."""

import csv
import io
import json
import re
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archive.models import ProvenanceEvent, User
from restoration.actions import annotations
from restoration.interchange import edl, otio_reading, otio_writing, table, table_reading
from restoration.interchange.carried import Carried, CarriedReply, carried
from restoration.models import Annotation, Version
from restoration.reel_time import ReelTime
from tests.restoration.factories import VersionFactory

NTSC = Fraction(30000, 1001)
REEL = ReelTime(NTSC, 20_000, 107892, True)
CHEEK = Carried(start=1799, end=1801, text="Waxy, “left” cheek;\n像塑料", side="restored", category="plastic_faces",
                author="Rosa", written_at="2026-11-26T09:00:00+00:00",
                drawing=({"tool": "box", "points": [[0.1, 0.2], [0.3, 0.4]]},),
                replies=(CarriedReply("Rui", "=less in v2", "2026-11-26T10:00:00+00:00"),))
CLICK = Carried(start=0, end=1, text="=HYPERLINK(\"x\")", side="both", category="sound", author="@olga",
                written_at="2026-11-26T09:30:00+00:00", is_resolved=True, resolved_by="Rosa")
ALL = [CLICK, CHEEK]


def test_a_table_comes_back_as_it_went() -> None:
    assert table_reading.read(table.written(ALL, REEL).removeprefix("\ufeff"), REEL).remarks == ALL


def test_a_timeline_comes_back_as_it_went() -> None:
    assert otio_reading.read(otio_writing.written(ALL, REEL, title="T", clip_name="m"), REEL).remarks == ALL


def test_a_table_names_both_ends_and_no_cell_of_it_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(table.written(ALL, REEL).removeprefix("\ufeff"))))
    assert [row["first_timecode"] for row in rows] == ["01:00:00;00", "01:00:59;29", ""]
    assert (rows[1]["first_frame"], rows[1]["last_frame"], rows[1]["last_timecode"]) == ("1799", "1800", "01:01:00;02")
    assert [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell] == []


def test_a_timeline_is_what_opentimelineio_takes_it_for() -> None:
    timeline = otio.adapters.read_from_string(otio_writing.written(ALL, REEL, title="T", clip_name="m"), "otio_json")
    (clip,) = timeline.find_clips()
    told = [(otio.opentime.to_timecode(marker.marked_range.start_time, rate=marker.marked_range.start_time.rate,
                                       drop_frame=True), int(marker.marked_range.duration.value), marker.comment)
            for marker in clip.markers]
    assert told == [("01:00:00;00", 1, CLICK.text), ("01:00:59;29", 2, CHEEK.text)]
    assert clip.source_range.duration.value == 20_000


@pytest.mark.parametrize(("rate", "drops"), [
    (Fraction(24000, 1001), False), (Fraction(25), False), (NTSC, True), (NTSC, False), (Fraction(50), False),
    (Fraction(60000, 1001), True)])
def test_markers_of_an_edl_carry_the_timecode_that_opentimelineio_gives(rate: Fraction, drops: bool) -> None:
    reel = ReelTime(rate, 300_000, 90_000, drops)
    remarks = [Carried(start=frame, end=frame + 3, text="Here | there", category="sound")
               for frame in (0, 1, 1799, 17_981, 107_957, 299_997)]
    lines = edl.written(remarks, reel, title="Concert v1").split("\r\n")
    assert lines[1] == ("FCM: DROP FRAME" if drops else "FCM: NON-DROP FRAME")
    told = [re.split(r"\s+", line.strip())[4:6] for line in lines if re.match(r"\d{3}  001", line)]
    labels = [[otio.opentime.to_timecode(otio.opentime.RationalTime(90_000 + frame, float(rate)), rate=float(rate),
                                         drop_frame=drops) for frame in (remark.start, remark.end)]
              for remark in remarks]
    assert told == labels
    assert lines[4] == "Here ¦ there |C:ResolveColorGreen |M:Sound |D:3"
    assert lines[5].startswith(f"* LOC: {labels[0][0]} GREEN ")


def test_markers_of_a_timeline_made_elsewhere_land_on_its_frames() -> None:
    """Two clips after each other and a gap before them, markers in each clip's own time and on the timeline."""
    at, span = otio.opentime.RationalTime, otio.opentime.TimeRange
    timeline = otio.schema.Timeline("Cut", global_start_time=at(86400, 24))
    track = otio.schema.Track(kind="Video")
    timeline.tracks.append(track)
    track.append(otio.schema.Gap(duration=at(24, 24)))
    for begins in (1000, 5000):
        clip = otio.schema.Clip("c", source_range=span(at(begins, 24), at(48, 24)))
        clip.markers.append(otio.schema.Marker("Look", span(at(begins + 10, 24), at(2, 24)), comment="here"))
        track.append(clip)
    timeline.tracks.markers.append(otio.schema.Marker("Late", span(at(86400 + 110, 24), at(0, 24))))
    timeline.tracks.markers.append(otio.schema.Marker("", span(at(1, 24), at(1, 24)), metadata={
        "Resolve_OTIO": {"Note": "kept"}}))
    found = otio_reading.read(otio.adapters.write_to_string(timeline, "otio_json"), ReelTime(Fraction(24), 120)).remarks
    assert [(each.start, each.end, each.text) for each in found] == [
        (110, 111, "Late"), (1, 2, "kept"), (34, 36, "Look\nhere"), (82, 84, "Look\nhere")]


@pytest.mark.parametrize(("lines", "start", "end", "text"), [
    ("Timecode\tComment\tType\n01:00:01;02\tToo soft\tGhosting", 32, 33, "Too soft"),
    ("TC In,TC Out,Comments,Commenter\n01:00:01:02,01:00:01:05,Soft,Ann", 32, 35, "Soft"),
    ("frame,text\n7,Soft", 7, 8, "Soft"),
    ("frame,text,rate\n7,Soft,60000/1001", 4, 5, "Soft"),
    ("frame,last_frame,text,fps\n8,11,Soft,59.94", 4, 6, "Soft"),
    ("frame,text,type\n7,Soft,Framing", 7, 8, "Framing: Soft"),
    ("frame,text,category\n7,Soft,塑料脸", 7, 8, "Soft"),
], ids=["tabs", "out", "frame", "double rate", "double range", "strange category", "Chinese"])
def test_tables_of_others_are_understood(lines: str, start: int, end: int, text: str) -> None:
    (remark,) = table_reading.read(lines, REEL).remarks
    assert (remark.start, remark.end, remark.text) == (start, end, text)


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


@pytest.fixture
def reviewer(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def bring(client: Client, version: Version, content: bytes | str, name: str = "notes.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(reverse("annotations-bring", args=[version.pk]), {"file": SimpleUploadedFile(name, data)})


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "otio"])
def test_what_leaves_one_version_arrives_whole_in_another(
    reviewer: Client, version: Version, rosa: User, rui: User, format: str,
) -> None:
    note = annotations.add(version, by=rosa, start=3, end=9, text="Waxy. 像塑料", category="plastic_faces",
                           drawing=[{"tool": "pen", "points": [[0.1, 0.1], [0.2, 0.3]]}])
    annotations.reply(note, by=rui, text="Less in v2.")
    annotations.resolve(annotations.add(version, by=rui, start=100, end=101, text="Click.", side="both"), by=rosa)
    other = VersionFactory(made=True)
    answer = reviewer.get(reverse("annotations-export", args=[version.pk, format]))
    assert answer["Content-Disposition"].endswith(f'-v1-notes.{format}"')
    preview = bring(reviewer, other, answer.content, f"notes.{format}")
    assert not other.annotations.exists()
    for _again in range(2):
        reviewer.post(reverse("annotations-bring", args=[other.pk]), {"taken": preview.context["taken"]})
    ours, theirs = (carried(each.annotations.all()) for each in (version, other))
    assert ours == theirs
    assert {row.author for row in other.annotations.all()} == {rosa}
    assert ProvenanceEvent.objects.get(type="annotations_taken").facts["count"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), [
    (b"\xff\xfe\x00", "not text in UTF-8"), ("", "is empty"), ("a,b\n1,2", "must name the columns"),
    ("frame,text\n7,Soft\n700,Out", "Line 3: A note lies on frames of this reel, which has 200."),
    ("frame,text\n700,Out\nsoon,x", "which has 200. Line 3: “soon” is no frame number."),
    ("frame,text\nsoon,x\n-1,y", "Line 3: “-1” is no frame number."),
    ("timecode,text\n00:00:09:00,x", "Line 2: Timecode 00:00:09:00 lies outside this reel"),
    ("frame,timecode,text\n3,00:00:00:09,x", "Line 2: frame 3 has timecode 00:00:00:03 in this reel"),
    ('frame,text\n1,"open', "is no line of a table"), ("frame,text\n1,", "Line 2: Write what you see"),
    ("note,reply_to,frame,text\n,9,,x", "Line 2: it answers a note"), ("frame,text,drawing\n1,x,[{", "The drawing"),
    ("frame,text,rate\n1,x,0/0", "is no rate"), ("frame,text,side\n1,x,left", "“left” is no side"),
    ("frame,text\n" + "1,x\n" * 2001, "up to 2000 notes"), ("frame,text\n1," + "x" * 1024**2, "Split it"),
    ("{}", "no timeline of OpenTimelineIO"), ('{"OTIO_SCHEMA": "Timeline.1"}', "no timeline"),
    ("{" + '"a":[' * 50_000, "no timeline"), ('{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1",'
     ' "markers": [{"marked_range": {"start_time": {"value": 1e300, "rate": 1}}}]}}', "no timeline"),
])
def test_what_cannot_be_understood_is_named_and_nothing_is_taken(
    reviewer: Client, version: Version, content: bytes | str, sentence: str,
) -> None:
    answer = bring(reviewer, version, content)
    assert answer.status_code == 422
    assert sentence in " ".join(answer.context["form"].errors["file"])
    assert not Annotation.objects.exists()


@pytest.mark.django_db
def test_only_what_was_shown_is_taken(reviewer: Client, version: Version) -> None:
    taken = bring(reviewer, version, "frame,text\n1,x").context["taken"]
    other = VersionFactory(made=True)
    for pk, value in ((version.pk, taken[:-4]), (other.pk, taken), (version.pk, "x")):
        reviewer.post(reverse("annotations-bring", args=[pk]), {"taken": value})
    assert not Annotation.objects.exists()


@pytest.mark.django_db
def test_columns_that_nobody_understands_are_named_before_anything_is_taken(
    reviewer: Client, version: Version,
) -> None:
    page = bring(reviewer, version, "frame,text,mood\n1,x,sad").content.decode()
    assert "they stay behind: mood" in page


@pytest.mark.django_db
def test_zeros_and_halves_of_characters_do_no_harm(reviewer: Client, version: Version) -> None:
    timeline = json.loads(otio_writing.written([Carried(1, 2, "x")], ReelTime.of(version), title="", clip_name=""))
    timeline["tracks"]["children"][0]["children"][0]["markers"][0]["comment"] = "a\x00b\ud800c"
    preview = bring(reviewer, version, json.dumps(timeline), "n.otio")
    reviewer.post(reverse("annotations-bring", args=[version.pk]), {"taken": preview.context["taken"]})
    assert Annotation.objects.get().text == "ab?c"


@pytest.mark.django_db
def test_files_of_notes_are_for_the_archives_people(client: Client, henri: User, version: Version) -> None:
    client.force_login(henri)
    assert client.get(reverse("annotations-export", args=[version.pk, "csv"])).status_code == 404
    assert bring(client, version, "frame,text\n1,x").status_code == 404
