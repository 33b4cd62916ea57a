"""The engine from the shell: sentences and exit statuses."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch

from restoration.engine.__main__ import main
from restoration.engine.facts import AnalysisReport, RestoreReport
from tests import clips


def _run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "restoration.engine", *map(str, arguments)], capture_output=True,
                          text=True, timeout=200, check=False)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return clips.write(tmp_path / "clip.mkv", clips.scene(12), clips.NTSC)


def test_analyse_prints_a_summary_and_writes_json(clip: Path, tmp_path: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", str(clip), "--json", str(tmp_path / "report.json")]) == 0
    assert "clip.mkv" in capsys.readouterr().out
    data = json.loads((tmp_path / "report.json").read_text())
    source = data["source"]
    assert (source["rate"], source["frames"], source["width"], source["height"]) == ("30000/1001", 12, 96, 64)
    assert {"pixel_aspect", "scan", "field_order", "duration", "streams"} <= source.keys()
    assert {"start", "end", "transition"} <= data["shots"][0].keys()
    AnalysisReport.model_validate(data)


def test_libav_stays_silent_without_pythons_lock(clip: Path) -> None:
    """With a level set, a decoder's thread that reports something while it is closed waits for ever."""
    assert main(["analyse", str(clip)]) == 0
    assert av.logging.get_level() is None


def test_restore_writes_a_master_and_its_report_and_reuses_segments(clip: Path, tmp_path: Path) -> None:
    arguments = ["restore", str(clip), str(tmp_path / "master.mkv"), "--preset", "as-is", "--workdir",
                 str(tmp_path / "work"), "--report", str(tmp_path / "done.json")]
    assert main(arguments) == 0
    first = RestoreReport.model_validate_json((tmp_path / "done.json").read_text())
    assert main(arguments) == 0
    second = RestoreReport.model_validate_json((tmp_path / "done.json").read_text())
    assert not any(segment.was_reused for segment in first.segments)
    assert all(segment.was_reused for segment in second.segments)
    assert second.master.frames == 12


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["--preset", "gold"], "no preset “gold”"), (["--frames", "5:90"], "no frames 5:90"),
    (["--weights", "nothing.pth"], "There is no file “nothing.pth”"),
    (["--settings", "nothing.json"], "cannot be read as JSON"),
])
def test_the_persons_fault_is_one_sentence_and_status_2(clip: Path, tmp_path: Path, arguments: list[str], sentence: str,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--workdir", str(tmp_path / "w"), *arguments]) == 2
    said = capsys.readouterr().err.strip()
    assert sentence in said
    assert "\n" not in said
    assert not (tmp_path / "master.mkv").exists()


def test_a_name_in_the_settings_cannot_speak_to_the_terminal(clip: Path, tmp_path: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    key = "\x1b[2J\x1b]0;ours\x07\x9b31m\u202e\n\r亮度"
    (tmp_path / "odd.json").write_text(json.dumps({key: {"luma": 1}}))
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--settings", str(tmp_path / "odd.json")]) == 2
    said = capsys.readouterr().err
    assert r"\x1b[2J\x1b]0;ours\x07\x9b31m\u202e\n\r亮度" in said
    assert said.strip().isprintable()


def test_the_name_of_a_recording_cannot_speak_to_the_terminal(tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    clip = clips.write(tmp_path / "odd.mkv", clips.scene(12), clips.NTSC).rename(tmp_path / "\x1b[31m[red] one.mkv")
    assert main(["analyse", str(clip)]) == 0
    assert r"\x1b[31m[red] one.mkv  96×64" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "sentence"), [
    ("[" * 100_000, "cannot be read as JSON"), ('{"noise": ' * 100_000, "cannot be read as JSON"),
    ('{"noise": ' + "[" * 900 + "]" * 900 + "}", "The setting noise cannot be used")])
def test_settings_that_are_nested_deeply_are_the_persons_fault(clip: Path, tmp_path: Path, text: str, sentence: str,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deep.json").write_text(text)
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--settings", str(tmp_path / "deep.json")]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_settings_that_begin_with_a_byte_order_mark_are_read(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "marked.json").write_text('{"fade": {"black": 0.01}}', encoding="utf-8-sig")
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--settings", str(tmp_path / "marked.json"),
                 "--workdir", str(tmp_path / "work"), "--report", str(tmp_path / "done.json")]) == 0
    assert RestoreReport.model_validate_json((tmp_path / "done.json").read_text()).settings.fade.black == 0.01


def excepted(start: int, end: int, weights: str | None) -> dict[str, object]:
    return {"start": start, "end": end, "changes": {"noise": {"enabled": True, "weights": weights}}}


@pytest.mark.parametrize("changes", [{}, {"overrides": [excepted(2, 6, "cd" * 32)]}, {
    "overrides": [excepted(0, 10, "cd" * 32), excepted(4, 6, None)]}])
def test_weights_that_no_option_gave_are_asked_for_by_it(clip: Path, tmp_path: Path, changes: dict[str, object],
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    named = changes or {"noise": {"enabled": True, "weights": "cd" * 32}}
    (tmp_path / "named.json").write_text(json.dumps(named))
    (tmp_path / "other.pth").write_bytes(b"other bytes")
    arguments = ["restore", str(clip), str(tmp_path / "master.mkv"), "--settings", str(tmp_path / "named.json")]
    assert main(arguments) == 2
    alone = capsys.readouterr().err.strip()
    assert "of the weights cdcdcdcd" in alone
    assert alone.endswith("Give it by --weights FILE.")
    assert main([*arguments, "--weights", str(tmp_path / "other.pth")]) == 2
    beside = capsys.readouterr().err.strip()
    digest = hashlib.sha256(b"other bytes").hexdigest()
    assert "of the weights cdcdcdcd" in beside
    assert f"they do not name “other.pth” ({digest[:8]})" in beside


def test_weights_outside_the_frames_that_are_asked_for_need_not_be_given(tmp_path: Path) -> None:
    clip = clips.write(tmp_path / "clip.mkv", torch.cat([clips.scene(20), clips.scene(20, seed=5)]), Fraction(25))
    (tmp_path / "named.json").write_text(json.dumps({"overrides": [
        {"start": 0, "end": 20, "changes": {"noise": {"enabled": True, "weights": "cd" * 32}}}]}))
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--settings", str(tmp_path / "named.json"),
                 "--workdir", str(tmp_path / "work"), "--frames", "24:26"]) == 0


def test_weights_that_no_setting_names_are_told_of(clip: Path, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.pth").write_bytes(b"other bytes")
    assert main(["restore", str(clip), str(tmp_path / "master.mkv"), "--preset", "as-is", "--workdir",
                 str(tmp_path / "work"), "--weights", str(tmp_path / "other.pth")]) == 0
    assert "do not name the weights “other.pth” (" in capsys.readouterr().err


def test_a_file_that_is_no_video_is_one_sentence_in_a_real_shell(tmp_path: Path) -> None:
    (tmp_path / "noise.mkv").write_bytes(bytes(range(256)) * 64)
    done = _run("analyse", tmp_path / "noise.mkv")
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0
    assert "“noise.mkv” is not a video" in done.stderr
    assert done.stdout == ""


def test_our_fault_is_a_reference_to_a_log_and_status_1(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    from restoration.engine import pipeline

    monkeypatch.setattr(pipeline, "analyse", lambda *given, **more: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["analyse", str(clip)]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    log = next(tmp_path.glob("patina-engine-*.log"))
    assert log.stem.removeprefix("patina-engine-") in said
    assert "ZeroDivisionError" in log.read_text()


@pytest.mark.processes
def test_an_interrupted_run_says_how_to_go_on_and_ends_with_130(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "long.mkv", clips.scene(300, (96, 64)))
    process = subprocess.Popen([sys.executable, "-m", "restoration.engine", "restore", str(source),
                                str(tmp_path / "master.mkv"), "--preset", "as-is", "--workdir", str(tmp_path / "work")],
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("work/.*.partial.mkv")) and time.monotonic() < deadline:
        pass
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 130
    assert "goes on from there" in said
    assert "Traceback" not in said
    assert not (tmp_path / "master.mkv").exists()


@pytest.mark.parametrize("arguments", [
    ["stereo", "clip.mkv", "clip.mkv", "--frames", "0:4"], ["analyse", "clip.mkv", "--json", "clip.mkv"],
    ["restore", "clip.mkv", "master.mkv", "--preset", "as-is", "--report", "clip.mkv"],
    ["restore", "clip.mkv", "master.mkv", "--preset", "as-is", "--report", "master.mkv"]])
def test_nothing_that_is_read_or_written_is_written_over(
        clip: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(clip.parent)
    before = clip.read_bytes()
    assert main(arguments) == 2
    assert "is read or written by this command already" in " ".join(capsys.readouterr().err.split())
    assert clip.read_bytes() == before
    assert not (clip.parent / "master.mkv").exists()
