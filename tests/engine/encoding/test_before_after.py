"""Before/after clips: each pixel from its side at its moment, the line where it should be, words that can be read."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from av.video.frame import VideoFrame

from restoration.engine.encoding import before_after, pictures
from restoration.engine.encoding.before_after import HALF_LINE, Drawing, Span, share_of_original
from restoration.engine.encoding.captions import SAFE, Captions, broken
from restoration.engine.encoding.lettering import face_for, one_line
from restoration.engine.errors import Cancelled, EncodingError, SettingsError
from restoration.engine.media.inspect import inspect
from restoration.engine.settings import FieldsSettings, Settings
from tests import clips
from tests.engine.encoding.moments import gray, marked

SIZE = (128, 96)
WORDLESS = Captions("", "")


def greys(frames: int, first: float) -> torch.Tensor:
    """Even frames, each a step brighter than the one before, so that every pixel tells its frame."""
    return torch.cat([clips.even(1, SIZE, first + 0.02 * number) for number in range(frames)])


def made(folder: Path, style: before_after.Style, span: Span, *, captions: Captions = WORDLESS,
         sound: clips.Sound | None = None, frames: int = 12, rate: Fraction = Fraction(25)) -> list[np.ndarray]:
    """The luma of the clip of a source of dark greys and its master of light ones."""
    source = clips.write(folder / "source.mkv", greys(frames, 0.1), rate, sound=sound)
    master = clips.write(folder / "master.mkv", greys(frames, 0.6), rate)
    facts = before_after.render(source, master, folder / "clip.mp4", facts=inspect(source), settings=Settings(),
                                style=style, span=span, captions=captions)
    assert (facts.codec, facts.pixel_format, facts.rate, facts.frames) == ("h264", "yuv420p", rate, span.count)
    return [np.asarray(luma) for luma in clips.luma_of(folder / "clip.mp4")]


def test_every_pixel_of_a_wipe_is_its_sides_at_its_moment(tmp_path: Path) -> None:
    seams = []
    for number, luma in enumerate(made(tmp_path, "wipe", Span(3, 11))):
        seam = 2 * round(share_of_original(number, 8, Fraction(25)) * SIZE[0] / 2)
        assert luma.shape == (SIZE[1], SIZE[0])
        assert np.allclose(luma[:, :max(0, seam - HALF_LINE - 2)], 0.1 + 0.02 * (3 + number), atol=0.012)
        assert np.allclose(luma[:, seam + HALF_LINE + 2:], 0.6 + 0.02 * (3 + number), atol=0.012)
        seams.append(seam)
    assert (seams[0], seams[-1]) == (SIZE[0], 0)
    assert len(set(seams)) > 3, "it was seen on its way"


def test_side_by_side_shows_both_at_whole_width_at_the_same_moments(tmp_path: Path) -> None:
    for number, luma in enumerate(made(tmp_path, "side_by_side", Span(2, 6))):
        assert luma.shape == (SIZE[1], 2 * SIZE[0])
        assert np.allclose(luma[:, :SIZE[0] - HALF_LINE - 2], 0.1 + 0.02 * (2 + number), atol=0.012)
        assert np.allclose(luma[:, SIZE[0] + HALF_LINE + 2:], 0.6 + 0.02 * (2 + number), atol=0.012)


@pytest.mark.parametrize("first_frame", [0, 2])
def test_a_version_made_of_fields_is_met_in_the_middle_of_its_reel(tmp_path: Path, first_frame: int) -> None:
    moments = marked(clips.scene(20, SIZE))
    source = clips.write(tmp_path / "source.mkv", clips.interlace(moments, "bff"), clips.NTSC, fields="bff")
    master = clips.write(tmp_path / "master.mkv", moments[2 * first_frame:], 2 * clips.NTSC)
    before_after.render(source, master, tmp_path / "clip.mp4", facts=inspect(source), style="side_by_side",
                        settings=Settings(fields=FieldsSettings(method="frames", order="bff")),
                        span=Span(5, 12, first_frame), captions=WORDLESS)
    halves = [torch.stack([luma] * 3).tensor_split(2, -1) for luma in clips.luma_of(tmp_path / "clip.mp4")]
    assert [tuple(map(clips.number_of, pair)) for pair in halves] == [
        (gray(number), gray(number)) for number in range(5 + 2 * first_frame, 12 + 2 * first_frame)]


def test_the_file_is_what_players_and_editors_expect_and_the_same_each_time(tmp_path: Path) -> None:
    made(tmp_path, "wipe", Span(3, 11), captions=Captions(title="Passion"))
    first = (tmp_path / "clip.mp4").read_bytes()
    made(tmp_path, "wipe", Span(3, 11), captions=Captions(title="Passion"))
    assert (tmp_path / "clip.mp4").read_bytes() == first
    assert first.index(b"moov") < first.index(b"mdat")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert container.streams.video[0].sample_aspect_ratio == 1
        assert not container.streams.audio


@pytest.mark.parametrize(("start", "rate"), [(10, Fraction(25)), (30, Fraction(1))], ids=["near", "far"])
def test_the_sound_is_the_recordings_at_these_moments(tmp_path: Path, start: int, rate: Fraction) -> None:
    silent = 0.3
    made(tmp_path, "wipe", Span(start, start + 10), frames=start + 10, rate=rate,
         sound=clips.Sound(seconds=10 / float(rate), late=start / float(rate) + silent))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        heard = [(frame.time, abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0)]
    assert abs(next(time for time, loudness in heard if loudness > 0.05) - silent) < 0.035
    assert heard[-1][0] < 10 / rate


def test_large_masters_come_down_to_what_players_decode(tmp_path: Path) -> None:
    for size, side in (((2880, 2160), (1440, 1080)), ((4096, 1716), (1920, 804)), ((720, 576), (720, 576))):
        with av.open(str(clips.write(tmp_path / "master.mkv", clips.even(1, size)))) as master:
            assert before_after.side_of(master.streams.video[0]) == side


def test_what_cannot_be_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "source.mkv", greys(4, 0.1))

    def clip(span: Span, style: before_after.Style = "wipe", captions: Captions = WORDLESS, stop: bool = False) -> None:
        before_after.render(source, source, tmp_path / "clip.mp4", facts=inspect(source), settings=Settings(),
                            style=style, span=span, captions=captions, is_cancelled=lambda: stop)

    with pytest.raises(SettingsError, match="has no frames"):
        clip(Span(2, 2))
    with pytest.raises(SettingsError, match="no style"):
        clip(Span(0, 2), "blend")  # type: ignore[arg-type]
    with pytest.raises(EncodingError, match="3 of 5 frames"):
        clip(Span(1, 6))
    with pytest.raises(SettingsError, match="No font on this machine"):
        clip(Span(0, 2), captions=Captions(title="Passion \U0001fffe"))
    with pytest.raises(Cancelled):
        clip(Span(0, 2), stop=True)
    assert [path.name for path in tmp_path.iterdir()] == ["source.mkv"]


# The line -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [6, 10, 25, 180])
def test_the_line_goes_slowly_and_rests_long_enough_to_look(seconds: int) -> None:
    rate = clips.FIELDS
    frames = round(seconds * rate)
    shares = np.array([share_of_original(number, frames, rate) for number in range(frames)])
    assert shares[0] == 1 and shares[-1] in (0, 1)
    assert abs(np.diff(shares)).max() < 1.51 / (before_after.CROSSING * float(rate)), "no jump"
    for place in (0, 1):
        rests = np.flatnonzero(np.diff(np.concatenate([[0], shares == place, [0]]))).reshape(-1, 2)
        assert (np.diff(rests) >= before_after.REST * float(rate) - 1).all()
    turns = [later for earlier, later in pairwise(shares[np.isin(shares, (0, 1))]) if earlier != later]
    assert turns == [index % 2 for index in range(len(turns))]
    assert len(turns) >= min(2, seconds // 5), "back and forth"


# The words ------------------------------------------------------------------------------------------------------------


def drawn(style: before_after.Style, luma: int, words: Captions, number: int = 0, size: tuple[int, int] = (640, 480),
          ) -> np.ndarray:
    """The luma of a clip's frame, both sides of the same grey."""
    side = VideoFrame(*size, "yuv420p")
    for plane, value in zip(pictures.planes_of(side), (luma, 100, 160), strict=True):
        plane[:] = value
    picture = Drawing(style, *size, words, 250, Fraction(25)).of(number, side, side)
    assert picture.format.name == "yuv420p"
    return pictures.planes_of(picture)[0].copy()


@pytest.mark.parametrize("style", ["wipe", "side_by_side"])
@pytest.mark.parametrize("luma", [16, 128, 235])
def test_words_are_read_on_any_picture_and_keep_to_the_safe_area(style: before_after.Style, luma: int) -> None:
    words = Captions(title="Passion, live", credit="Passion, 2000 - Harbour Records - restored 2026 " * 3)
    shown, bare = drawn(style, luma, words), drawn(style, luma, WORDLESS)
    height, width = shown.shape
    written = np.argwhere(shown != bare)
    assert written[:, 0].min() >= int(SAFE * height) and written[:, 0].max() < height - int(SAFE * height)
    assert written[:, 1].min() >= int(SAFE * 640) and written[:, 1].max() < width - int(SAFE * 640)
    letters, plate = shown == 235, (shown != bare) & (shown < 130)
    for region in (np.s_[:height // 2], np.s_[height // 2:]):
        assert letters[region].any() and plate[region].any()
    light = [((value - 16) / 219) ** 2.4 + 0.05 for value in (235, float(np.median(shown[plate])))]
    assert light[0] / light[1] > 4.5


def test_the_line_goes_over_the_names_and_each_stays_on_its_side() -> None:
    words = Captions("Original", "Restored")
    written = [np.argwhere(drawn("wipe", 128, words, number)[:, :] != drawn("wipe", 128, WORDLESS, number))[:, 1]
               for number in (0, 125, 249)]
    middle = 320
    assert written[0].max() < middle, "only the original is shown, and named"
    assert written[1].min() > middle, "only the restored one"
    assert written[2].max() < middle


def test_what_is_written_without_letters_or_twice_is_one_line() -> None:
    assert one_line("  Passion\n2000\u200b \x07 ") == "Passion 2000"


def test_chinese_is_written_where_a_font_has_it_and_said_where_none_has() -> None:
    words = Captions("原片", "修复后", "热情演唱会", "2000 年 · 宝丽金 · 2026 年修复")
    try:
        face_for(words.words)
    except SettingsError as error:
        assert "fonts-noto-cjk" in str(error)
        return
    assert (drawn("wipe", 128, words) != drawn("wipe", 128, WORDLESS)).any()


def test_long_lines_are_broken_between_words_and_chinese_anywhere() -> None:
    font = face_for("").at(20)
    lines = list(broken("one two three four five six seven", font, 120))
    assert len(lines) > 2 and " ".join(lines) == "one two three four five six seven"
    assert "".join(broken("W" * 60, font, 120)) == "W" * 60
    assert all(font.getlength(line) <= 120 for line in [*lines, *broken("W" * 60, font, 120)])
