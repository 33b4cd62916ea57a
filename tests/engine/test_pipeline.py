"""From a source to its master, again and again the same."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
import torch

from restoration.engine import beforehand, pipeline
from restoration.engine.chain import _named, stages, through
from restoration.engine.compute.facefinding import Face
from restoration.engine.enhancement.faces import mending, seeing
from restoration.engine.enhancement.faces.fusing import Fused
from restoration.engine.errors import Cancelled, RepairError, SettingsError
from restoration.engine.facts import AnalysisReport, Recommendation, RestoreReport, Shot
from restoration.engine.frames import Frame
from restoration.engine.media.reader import read
from restoration.engine.overlap import ahead
from restoration.engine.progress import Progress
from restoration.engine.reaching import frames_around
from restoration.engine.scouting import texture_of
from restoration.engine.settings import (
    DepthSettings,
    FacesSettings,
    FieldsSettings,
    NoiseSettings,
    Override,
    RetimeSettings,
    Settings,
    UpscaleSettings,
)
from tests import clips
from tests.engine import broken

TAPE = Settings(fields=FieldsSettings(method="frames", order="bff"), noise=NoiseSettings(enabled=True, radius=1),
                upscale=UpscaleSettings(height=144, method="filters"))


def _report(source: Path, *cuts: int, noise: float = 0.02) -> AnalysisReport:
    facts = pipeline.inspect(source)
    bounds = [0, *cuts, facts.frames]
    shots = tuple(Shot(index=index, start=start, end=end, noise_luma=noise, noise_chroma=noise)
                  for index, (start, end) in enumerate(pairwise(bounds)))
    return AnalysisReport(engine="test", source=facts, shots=shots,
                          recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))


def _tape(folder: Path, frames: int = 12, **more: object) -> Path:
    clip = clips.interlace(clips.noisy(clips.scene(2 * frames, rate=2), 0.02, 0.02), "bff")
    return clips.write(folder / "tape.mpg", clip, clips.NTSC, fields="bff", **more)  # type: ignore[arg-type]


def _pictures(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [hashlib.md5(b"".join(bytes(plane) for plane in frame.planes)).hexdigest()
                for frame in container.decode(video=0)]


def _restore(source: Path, folder: Path, settings: Settings, *cuts: int, **more: object) -> RestoreReport:
    return pipeline.restore(source, folder / "master.mkv", settings, workdir=folder / "work",
                            report=_report(source, *cuts), **more)  # type: ignore[arg-type]


def test_fields_become_frames_at_twice_the_rate_with_square_pixels(tmp_path: Path) -> None:
    source = _tape(tmp_path, pixel_aspect=Fraction(1), timecode="01:00:00;00")
    done = _restore(source, tmp_path, TAPE, 5)
    assert (done.master.frames, done.master.rate) == (24, clips.FIELDS)
    assert (done.master.width, done.master.height, done.master.pixel_format) == (216, 144, "yuv422p10le")
    assert [segment.frames for segment in done.segments] == [10, 14]
    with av.open(str(tmp_path / "master.mkv")) as container:
        times = [packet.pts for packet in container.demux(video=0) if packet.size]
    assert times == [round(number * 1001 / 60) for number in range(24)]


@pytest.mark.parametrize("frames", [1, 6, 36])
def test_a_short_master_keeps_the_rate_of_its_fields(tmp_path: Path, frames: int) -> None:
    fields = Settings(fields=FieldsSettings(method="frames", order="bff"))
    done = _restore(_tape(tmp_path, frames), tmp_path, fields)
    assert (done.master.frames, done.master.rate) == (2 * frames, clips.FIELDS)


def test_film_spread_over_fields_becomes_film_and_its_parts_equal_the_whole(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = clips.noisy(clips.scene(40), 0.01, 0.01)
    source = clips.write(tmp_path / "tape.mkv", clips.telecine(film), clips.NTSC, fields="tff",
                         timecode="01:00:00:00", sound=clips.Sound(1.6))
    told = _report(source, 13, 14)
    told = told.model_copy(update={"source": told.source.model_copy(update={"scan": "telecined"})})
    chosen = Settings(fields=FieldsSettings(method="film"), noise=NoiseSettings(enabled=True, radius=1))
    done = []
    for name, longest in (("whole", 64), ("parts", 7)):
        monkeypatch.setattr(pipeline, "LONGEST_PART", longest)
        (tmp_path / name).mkdir()
        done.append(pipeline.restore(source, tmp_path / name / "master.mkv", chosen, workdir=tmp_path / name / "work",
                                     report=told))
    assert (done[0].master.frames, done[0].master.rate) == (40, Fraction(24000, 1001))
    assert (done[0].master.start_timecode, done[0].master.sound_streams) == ("01:00:00:00", 1)
    assert [len(each.segments) for each in done] == [3, 9]
    assert _pictures(tmp_path / "whole/master.mkv") == _pictures(tmp_path / "parts/master.mkv")


def test_telecined_film_becomes_whole_frames_at_the_rate_of_fields(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    source = clips.write(tmp_path / "tape.mkv", clips.telecine(clips.scene(16)), clips.NTSC, fields="tff")
    told = _report(source, 7)
    told = told.model_copy(update={"source": told.source.model_copy(update={"scan": "telecined"})})
    pictures = {}
    for name, rate, longest in (("film", "as it is", 64), ("whole", "five for two", 64), ("parts", "five for two", 3)):
        monkeypatch.setattr(pipeline, "LONGEST_PART", longest)
        (tmp_path / name).mkdir()
        chosen = Settings(fields=FieldsSettings(method="film"), retime=RetimeSettings.model_validate({"rate": rate}))
        done = pipeline.restore(source, tmp_path / name / "master.mkv", chosen, workdir=tmp_path / name / "work",
                                report=told)
        pictures[name] = _pictures(tmp_path / name / "master.mkv")
    assert (done.master.frames, done.master.rate) == (40, clips.FIELDS)
    assert pictures["parts"] == pictures["whole"]
    assert pictures["whole"][::5] == pictures["film"][::2]


def test_film_at_twice_its_rate_keeps_its_frames_and_mixes_none_over_a_cut(tmp_path: Path,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = torch.cat((clips.scene(7), clips.scene(3, seed=8)))
    source = clips.write(tmp_path / "film.mkv", recorded, Fraction(24), pixel_format="yuv422p10le",
                         timecode="01:00:00:00", sound=clips.Sound(0.4))
    chosen = Settings(retime=RetimeSettings(rate="double"), upscale=UpscaleSettings(height=120, method="filters"))
    done = []
    for name, longest in (("whole", 64), ("parts", 4)):
        monkeypatch.setattr(pipeline, "LONGEST_PART", longest)
        (tmp_path / name).mkdir()
        done.append(_restore(source, tmp_path / name, chosen, 7))
    assert [len(each.segments) for each in done] == [2, 3]
    assert (done[0].master.frames, done[0].master.rate) == (20, Fraction(48))
    assert (done[0].master.start_timecode, done[0].master.sound_streams) == ("01:00:00:00", 1)
    assert _pictures(tmp_path / "whole/master.mkv") == _pictures(tmp_path / "parts/master.mkv")
    made, plain = _pictures(tmp_path / "whole/master.mkv"), tmp_path / "plain"
    plain.mkdir()
    _restore(source, plain, chosen.model_copy(update={"retime": RetimeSettings()}), 7)
    assert made[::2] == _pictures(plain / "master.mkv")
    assert made[13] == made[12] and made[11] not in (made[10], made[12]) and made[19] == made[18]


@pytest.mark.parametrize("method", ["frames", "film"])
def test_recorded_lines_reach_the_segment_bit_for_bit(tmp_path: Path, method: str) -> None:
    from restoration.engine.media.samples import to_codes

    recorded = clips.interlace(clips.scene(20, rate=2)) if method == "frames" else clips.telecine(clips.scene(16))
    source = clips.write(tmp_path / "tape.mkv", recorded, clips.NTSC, pixel_format="yuv422p10le", fields="tff")
    told = _report(source)
    told = told.model_copy(update={"source": told.source.model_copy(update={
        "scan": "interlaced" if method == "frames" else "telecined", "field_order": "tff"})})
    chosen = Settings(fields=FieldsSettings.model_validate({"method": method, "order": "tff"}))
    pipeline.restore(source, tmp_path / "master.mkv", chosen, workdir=tmp_path / "work", report=told)
    before = [to_codes(frame.planes, 10)[0] for frame in read(source, told.source)]
    master = tmp_path / "master.mkv"
    after = [to_codes(frame.planes, 10)[0] for frame in read(master, pipeline.inspect(master))]
    if method == "frames":
        assert all((luma[number % 2::2] == before[number // 2][number % 2::2]).all()
                   for number, luma in enumerate(after))
    else:
        fields = [frame[parity::2] for frame in before for parity in (0, 1)]
        assert len(after) == 16
        for number, luma in enumerate(after):
            near = range(max(0, 5 * number // 2 - 1), min(len(fields), 5 * number // 2 + 3))
            assert all(any((luma[parity::2] == fields[at]).all() for at in near if at % 2 == parity)
                       for parity in (0, 1))


def test_as_is_keeps_every_frame_in_its_place(tmp_path: Path) -> None:
    clip = clips.numbered(clips.scene(20, (128, 64)))
    source = clips.write(tmp_path / "clip.mkv", clip, timecode="10:00:00:00")
    done = _restore(source, tmp_path, Settings(), 7, frames=(3, 17))
    master = tmp_path / "master.mkv"
    assert [clips.number_of(frame.planes) for frame in read(master, pipeline.inspect(master))] == list(range(3, 17))
    assert done.master.start_timecode == "10:00:00:03"


def test_what_is_made_of_the_same_is_the_same_file(tmp_path: Path) -> None:
    """Sound, timecode, two shots, and pixels whose shape is written in afterwards."""
    source = _tape(tmp_path, pixel_aspect=Fraction(8, 9), sound=clips.Sound(0.4))
    made: list[list[str]] = []
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        done = _restore(source, tmp_path / attempt, Settings(), 6)
        files = [tmp_path / attempt / "master.mkv", *(tmp_path / attempt).glob("work/*.mkv")]
        assert (done.master.sound_streams, len(files)) == (1, 3)
        made.append(sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files))
    assert made[0] == made[1]


def test_pixels_that_are_not_square_keep_their_shape_in_the_master(tmp_path: Path) -> None:
    source = _tape(tmp_path, pixel_aspect=Fraction(8, 9))
    done = _restore(source, tmp_path, Settings())
    assert done.source.pixel_aspect == Fraction(8, 9)
    assert done.master.pixel_aspect == Fraction(8, 9)
    assert len(_pictures(tmp_path / "master.mkv")) == 12


def test_high_definition_gets_the_matrix_of_709_and_keeps_its_own_primaries(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "small.mkv", clips.even(2, (96, 64), 0.5), clips.NTSC)
    done = _restore(source, tmp_path, Settings(upscale=UpscaleSettings(height=720, method="filters")))
    assert (done.master.matrix, done.master.primaries) == ("bt709", "smpte170m")


@pytest.mark.parametrize("chosen", [
    TAPE, TAPE.model_copy(update={"noise": NoiseSettings(enabled=True, radius=2)}),
    Settings(noise=NoiseSettings(enabled=True, radius=3)),
    TAPE.model_copy(update={"upscale": UpscaleSettings(height=120)})],
    ids=["fields radius 1", "fields radius 2", "radius 3", "network"])
def test_the_parts_of_a_shot_equal_the_whole_bit_for_bit_with_their_grain(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: Settings) -> None:
    source = _tape(tmp_path, 14)
    assert chosen.grain.amount > 0
    (tmp_path / "whole").mkdir(), (tmp_path / "parts").mkdir()
    _restore(source, tmp_path / "whole", chosen)
    monkeypatch.setattr(pipeline, "LONGEST_PART", 5)
    assert len(_restore(source, tmp_path / "parts", chosen).segments) == 3
    assert _pictures(tmp_path / "whole/master.mkv") == _pictures(tmp_path / "parts/master.mkv")


def test_the_grain_of_a_part_is_that_of_its_whole_shot(tmp_path: Path) -> None:
    """The second half of this shot is much noisier than the first."""
    clip = clips.scene(12)
    clip = torch.cat([clips.noisy(clip[:4], 0.01), clips.noisy(clip[4:], 0.04)])
    source = clips.write(tmp_path / "clip.mkv", clip)
    settings = Settings(noise=NoiseSettings(enabled=True, radius=1))
    facts = pipeline.inspect(source)
    parts = [Shot(index=0, start=start, end=start + 3, within=within, noise_luma=0.03, noise_chroma=0.0)
             for start, within in ((0, (0, 12)), (9, (0, 12)), (0, (0, 3)))]
    first, last, alone = (texture_of(source, settings, facts, part) for part in parts)
    assert first == last
    assert first and alone and first.luma[4] > 1.5 * alone.luma[4]


def test_long_shots_are_cut_into_even_parts_that_look_no_further_than_their_cuts(tmp_path: Path) -> None:
    report = _report(clips.write(tmp_path / "any.mkv", clips.even(4)))
    long = report.model_copy(update={"source": report.source.model_copy(update={"frames": 220}),
                                     "shots": (Shot(index=0, start=0, end=120), Shot(index=1, start=120, end=220))})
    parts = pipeline.plan(long, TAPE)
    assert [(part.start, part.end) for part in parts] == [(0, 60), (60, 120), (120, 170), (170, 220)]
    assert [part.index for part in parts] == [0, 1, 2, 3]
    assert parts[1].within == (0, 120)
    assert [(part.start, part.end) for part in pipeline.plan(long, TAPE, frames=(110, 130))] == [(110, 120), (120, 130)]


def test_settings_that_would_spoil_the_source_are_refused_before_any_work(tmp_path: Path) -> None:
    source = _tape(tmp_path)
    with pytest.raises(SettingsError, match="comb"):
        _restore(source, tmp_path, Settings(upscale=UpscaleSettings(height=144, method="filters")))
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("frames", [(0, 0), (5, 3), (0, 13)])
def test_frames_that_are_not_there_are_refused(tmp_path: Path, frames: tuple[int, int]) -> None:
    with pytest.raises(SettingsError, match="no frames"):
        pipeline.plan(_report(_tape(tmp_path)), TAPE, frames=frames)


def test_the_digest_follows_everything_that_makes_a_segment(tmp_path: Path) -> None:
    report = _report(_tape(tmp_path), 5)
    shot = pipeline.plan(report, TAPE)[0]
    digest = pipeline.segment_digest("aa", report, shot, TAPE)
    quieter = TAPE.model_copy(update={"noise": TAPE.noise.model_copy(update={"luma": 0.5})})
    others = [pipeline.segment_digest("ab", report, shot, TAPE), pipeline.segment_digest("aa", report, shot, quieter),
              pipeline.segment_digest("aa", report, shot.model_copy(update={"end": 4}), TAPE),
              pipeline.segment_digest("aa", report, shot.model_copy(update={"noise_luma": 0.03}), TAPE),
              pipeline.segment_digest("aa", report, shot.model_copy(update={"within": (0, 12)}), TAPE)]
    assert len({digest, *others}) == 6
    assert pipeline.segment_digest("aa", report, shot.model_copy(update={"index": 9}), TAPE) == digest


def test_the_digest_follows_the_weights_that_make_a_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = _report(_tape(tmp_path), 5)
    shot = pipeline.plan(report, TAPE)[0]
    digests = set()
    for used in ((), ("ab" * 32,), ("cd" * 32,)):
        monkeypatch.setattr(pipeline, "weights_used", lambda settings, noise, lines, used=used: used)
        digests.add(pipeline.segment_digest("aa", report, shot, TAPE))
    assert len(digests) == 3


def test_the_digest_follows_who_finds_the_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = _report(_tape(tmp_path), 5)
    shot = pipeline.plan(report, TAPE)[0]
    digests = set()
    for name in ("frontal", "every pose"):
        monkeypatch.setattr(pipeline, "finder", lambda name=name: name)
        digests |= {pipeline.segment_digest("aa", report, shot, settings)
                    for settings in (TAPE, TAPE.model_copy(update={"faces": FacesSettings(enabled=True)}),
                                     TAPE.model_copy(update={"depth": DepthSettings(enabled=True)}))}
    assert len(digests) == 5


def test_an_exception_across_a_cut_is_refused_before_a_shot_is_made_and_old_versions_with_one_are_still_planned(
        tmp_path: Path) -> None:
    source, across = _tape(tmp_path), Settings(overrides=(Override(start=2, end=8, changes={"noise": {"luma": 0.1}}),))
    with pytest.raises(SettingsError, match="cuts a shot in two"):
        _restore(source, tmp_path, across, 4)
    assert not (tmp_path / "master.mkv").exists()
    assert len(pipeline.plan(_report(source, 4), across)) == 2


@pytest.mark.parametrize("is_here", [True, False])
def test_a_run_says_once_that_only_faces_which_look_at_us_are_found(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_here: bool) -> None:
    for room in (beforehand, mending):
        monkeypatch.setattr(room, "knows_marks", lambda: is_here)
    settings = Settings(fields=FieldsSettings(method="frames", order="bff"),
                        faces=FacesSettings(enabled=True, weights=None if is_here else "ab" * 32))
    done = _restore(_tape(tmp_path, 4), tmp_path, settings, 2)
    for told in ("Only faces that look at us", "The face network was not asked"):
        assert sum(told in str(remark) for remark in done.remarks) == (not is_here)


@pytest.mark.parametrize("is_here", [True, False])
def test_a_face_network_that_is_not_asked_is_not_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         is_here: bool) -> None:
    monkeypatch.setattr(beforehand, "knows_marks", lambda: is_here)
    settings = Settings(fields=FieldsSettings(method="frames", order="bff"),
                        faces=FacesSettings(enabled=True, weights="ab" * 32))
    report = _report(_tape(tmp_path, 4))
    told = pipeline.weights_of(report, pipeline.plan(report, settings)[0], settings)
    assert told == (("ab" * 32,) if is_here else ())


def test_faces_of_a_part_are_restored_as_in_the_whole_shot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames around a part are read as far as its faces look."""
    source = _tape(tmp_path, 16)
    report = _report(source)
    settings = Settings(fields=FieldsSettings(method="frames", order="bff"), faces=FacesSettings(enabled=True))
    for room in (seeing, mending):
        monkeypatch.setattr(room, "faces_in", lambda luma, pixel_aspect: (Face(48, 34, 18, 28),))
    monkeypatch.setattr(mending, "fused", lambda moments, middle, sigma: Fused(
        torch.stack(list(moments)).mean(0) - moments[middle], None))
    whole = pipeline.plan(report, settings)[0]
    part = whole.model_copy(update={"start": 6, "end": 9})
    made = [list(through(read(source, report.source, *frames_around(shot, settings)),
                         stages(settings, report.source, shot))) for shot in (whole, part)]
    assert [frame.number for frame in made[1]] == list(range(12, 18))
    for frame in made[1]:
        assert torch.equal(frame.planes, made[0][frame.number].planes)
    assert not torch.equal(made[1][0].planes, next(iter(_without_faces(source, report, settings, part))).planes)


def _without_faces(source: Path, report: AnalysisReport, settings: Settings, shot: Shot) -> list[Frame]:
    plain = settings.model_copy(update={"faces": FacesSettings()})
    return list(through(read(source, report.source, *frames_around(shot, plain)), stages(plain, report.source, shot)))


def test_what_was_stopped_goes_on_and_ends_in_the_same_pictures(tmp_path: Path) -> None:
    source = _tape(tmp_path)
    (tmp_path / "calm").mkdir(), (tmp_path / "stopped").mkdir()
    _restore(source, tmp_path / "calm", TAPE, 4, 8)
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        _restore(source, tmp_path / "stopped", TAPE, 4, 8, report_progress=seen.append,
                 is_cancelled=lambda: len(seen) > 10)
    assert not (tmp_path / "stopped/master.mkv").exists()
    assert not [path for path in (tmp_path / "stopped/work").iterdir() if "partial" in path.name]
    done = _restore(source, tmp_path / "stopped", TAPE, 4, 8)
    assert [segment.was_reused for segment in done.segments] == [True, False, False]
    assert _pictures(tmp_path / "calm/master.mkv") == _pictures(tmp_path / "stopped/master.mkv")


@pytest.mark.processes
def test_kill_minus_nine_in_the_middle_changes_no_picture_of_the_master(tmp_path: Path) -> None:
    source = _tape(tmp_path, frames=30)
    settings = tmp_path / "settings.json"
    settings.write_text(TAPE.model_dump_json())
    command = [sys.executable, "-m", "restoration.engine", "restore", str(source), "--settings", str(settings)]
    killed, calm = tmp_path / "killed.mkv", tmp_path / "calm.mkv"
    process = subprocess.Popen([*command, str(killed), "--workdir", str(tmp_path / "work")])
    deadline = time.monotonic() + 120
    while not list((tmp_path / "work").glob(".*.partial.mkv")) and time.monotonic() < deadline:
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not killed.exists()
    for target, workdir in ((killed, "work"), (calm, "other")):
        subprocess.run([*command, str(target), "--workdir", str(tmp_path / workdir)], check=True, timeout=300)
    assert _pictures(killed) == _pictures(calm)
    assert len(_pictures(calm)) == 60
    assert not list((tmp_path / "work").glob(".*.partial.mkv"))


def test_a_repair_that_fails_is_named_with_its_frame_and_leaves_nothing(tmp_path: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    broken.break_noise(monkeypatch, at=3)
    source = clips.write(tmp_path / "film.mkv", clips.scene(6, (64, 48)), clips.NTSC)
    with pytest.raises(RepairError, match="The repair “noise” failed at frame 3") as failed:
        _restore(source, tmp_path, Settings(noise=NoiseSettings(enabled=True)))
    assert isinstance(failed.value.__cause__, ZeroDivisionError)
    assert [path.suffix for path in (tmp_path / "work").glob("*")] == []


def test_a_repair_is_not_blamed_for_what_failed_before_it() -> None:
    def broken() -> Iterator[Frame]:
        raise torch.OutOfMemoryError("of the card")
        yield

    def innocent(frames: Iterator[Frame]) -> Iterator[Frame]:
        yield from frames

    with pytest.raises(torch.OutOfMemoryError):
        list(_named("noise", innocent)(broken()))


def test_an_error_in_a_thread_ahead_is_raised_where_its_items_are_taken() -> None:
    def failing() -> object:
        yield 1
        raise ValueError("broken tape")

    with pytest.raises(ValueError, match="broken tape"), ahead(failing()) as items:  # type: ignore[arg-type]
        list(items)


def test_leaving_early_stops_and_joins_the_thread_and_closes_its_iterator() -> None:
    closed = threading.Event()

    def endless() -> object:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    before = threading.active_count()
    with ahead(endless()) as items:  # type: ignore[arg-type]
        next(items)
    assert closed.is_set()
    assert threading.active_count() == before


@pytest.mark.parametrize(("name", "problem"), [("master.mp4", "end in .mkv"), ("nowhere/master.mkv", "no folder")])
def test_an_impossible_target_is_refused_before_any_work(tmp_path: Path, name: str, problem: str) -> None:
    source = clips.write(tmp_path / "clip.mkv", clips.even(2))
    with pytest.raises(SettingsError, match=problem):
        pipeline.restore(source, tmp_path / name, Settings(), workdir=tmp_path / "work")
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("aspect", [Fraction(30709, 28721), Fraction(10, 11)])
def test_any_shape_of_pixels_reaches_the_master(tmp_path: Path, aspect: Fraction) -> None:
    source = clips.write(tmp_path / "odd.mov", clips.scene(3, (192, 108)), pixel_format="yuv422p10le",
                         pixel_aspect=aspect)
    done = _restore(source, tmp_path, Settings())
    assert done.source.pixel_aspect == aspect
    assert abs(done.master.pixel_aspect / aspect - 1) < Fraction(1, 200)
