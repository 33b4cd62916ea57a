"""A version that changes one shot takes all others from the master that holds them."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import pytest

from restoration.engine import pipeline
from restoration.engine.errors import EncodingError
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.journal import Piece, digest_of_file, in_one_go
from restoration.engine.settings import FieldsSettings, NoiseSettings, Override, Settings
from tests import clips

CUTS = ((0, 3), (3, 7), (7, 9), (9, 12))
FIRST = Settings(fields=FieldsSettings(method="frames", order="bff"), noise=NoiseSettings(enabled=True, radius=1))
SECOND = FIRST.model_copy(update={"overrides": (Override(start=3, end=7, changes={"noise": {"luma": 0.0}}),)})


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    clip = clips.interlace(clips.noisy(clips.scene(24, rate=2), 0.02, 0.02), "bff")
    return clips.write(tmp_path / "tape.mpg", clip, clips.NTSC, fields="bff", sound=clips.Sound(0.5),
                       pixel_aspect=Fraction(10, 11))


def _report(tape: Path) -> AnalysisReport:
    shots = tuple(Shot(index=index, start=start, end=end, noise_luma=0.02, noise_chroma=0.02)
                  for index, (start, end) in enumerate(CUTS))
    return AnalysisReport(engine="test", source=pipeline.inspect(tape), shots=shots,
                          recommendation=Recommendation(preset="as-is", settings=FIRST, reasons=()))


def _made(tape: Path, folder: Path, settings: Settings) -> Path:
    folder.mkdir()
    pipeline.restore(tape, folder / "master.mkv", settings, workdir=folder / "work", report=_report(tape))
    return folder / "master.mkv"


def _coded(master: Path) -> list[tuple[int | None, str]]:
    """Every packet, of picture and sound, with its time."""
    with av.open(str(master)) as container:
        return [(packet.pts, hashlib.sha256(bytes(packet)).hexdigest()) for packet in container.demux()]


def test_a_master_joined_from_an_earlier_one_is_the_same_to_the_last_packet(tape: Path, tmp_path: Path) -> None:
    report, source = _report(tape), digest_of_file(tape)
    first, alone = _made(tape, tmp_path / "first", FIRST), _made(tape, tmp_path / "alone", SECOND)
    pieces: list[Piece] = []
    for shot in pipeline.plan(report, SECOND):
        before, now = (pipeline.segment_digest(source, report, shot, each) for each in (FIRST, SECOND))
        fresh = Piece(tmp_path / "alone" / "work" / f"{now}.mkv")
        pieces.append(pipeline.held_piece(first, shot, SECOND) if before == now else fresh)
    assert [piece.frames for piece in pieces] == [range(6), None, range(14, 18), range(18, 24)]
    assert [piece.frames for piece in in_one_go(pieces)] == [range(6), None, range(14, 24)]
    derived = tmp_path / "derived.mkv"
    pipeline.join(tape, report, pieces, SECOND, derived)
    assert _coded(derived) == _coded(alone) != _coded(first)
    assert pipeline.inspect(derived).model_copy(update={"name": "master.mkv"}) == pipeline.inspect(alone)


def test_a_master_that_lacks_a_frame_is_not_copied_from(tape: Path, tmp_path: Path) -> None:
    first = _made(tape, tmp_path / "first", FIRST)
    with pytest.raises(EncodingError, match="does not hold frame 24"):
        pipeline.join(tape, _report(tape), [Piece(first, range(20, 26))], FIRST, tmp_path / "derived.mkv")
    assert not (tmp_path / "derived.mkv").exists()
