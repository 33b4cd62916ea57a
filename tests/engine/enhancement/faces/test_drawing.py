"""What a face network draws comes back to its place, and no more of it than the face itself bears."""

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face
from restoration.engine.compute.local import box_mean
from restoration.engine.enhancement.faces.drawing import drawn
from restoration.engine.enhancement.faces.fusing import fine
from restoration.engine.enhancement.faces.seeing import mask_of, place_of
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.networks.brought.facing import Facing
from restoration.engine.networks.brought.known import FACE
from tests import clips
from tests.portraits import marks, portrait

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
LEFT_EYE, NOSE = (193, 240), (257, 314)  # Where such networks have them, right and down.
TALL = 34.0
MIDDLE = (90.0, 62.0)


class House:
    """A face network of another house, which changes what it is shown."""

    architecture = type("Architecture", (), {"id": "House", "name": "House"})

    def __init__(self, change: Callable[[Tensor], Tensor]) -> None:
        self.change, self.shown = change, list[Tensor]()

    def __call__(self, face: Tensor) -> Tensor:
        self.shown.append(face)
        return self.change(face)


def facing(change: Callable[[Tensor], Tensor]) -> tuple[Facing, House]:
    house = House(change)
    return Facing(cast(Any, house)), house


def face(middle: tuple[float, float] = MIDDLE, tall: float = TALL, *, across: float = 1.0) -> Face:
    """The drawn face, where each column is `across` columns."""
    return Face(middle[0] * across, middle[1], 27 * tall / 34 * across, 38 * tall / 34,
                tuple((x * across, y) for x, y in marks(middle, tall)))


def textured(pores: float = 0.04) -> Frame:
    return Frame(portrait(MIDDLE, TALL, pores=pores), 0, COLOR)


def added(frame: Frame, change: Callable[[Tensor], Tensor], of: Face | None = None, pixel_aspect: float = 1.0
          ) -> Tensor:
    of = of or face()
    made = drawn(frame, of, place_of(of, frame.planes[0].shape), facing(change)[0], pixel_aspect)
    assert made is not None
    return made


def spot(at: tuple[int, int], height: float = 0.3) -> Callable[[Tensor], Tensor]:
    """A network that draws a round spot, a pixel or two wide in the recording."""
    y, x = torch.meshgrid(torch.arange(FACE), torch.arange(FACE), indexing="ij")
    mark = torch.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * 7.0 ** 2))
    return lambda shown: shown + height * mark


@pytest.mark.parametrize("across", [1.0, 8 / 9, 16 / 11])
@pytest.mark.parametrize(("drawn_at", "mark"), [(LEFT_EYE, 0), (NOSE, 2)])
def test_what_is_drawn_at_a_mark_comes_back_to_that_mark(drawn_at: tuple[int, int], mark: int, across: float) -> None:
    """Columns that are narrower or wider than lines are high, too."""
    frame, of = textured(), face(across=across)
    wide = torch.nn.functional.interpolate(frame.planes[None], scale_factor=(1.0, across), mode="bicubic")[0]
    place = place_of(of, wide[0].shape)
    change = added(frame.with_planes(wide), spot(drawn_at), of, 1 / across)
    row, column = divmod(int(change.argmax()), change.shape[1])
    x, y = of.marks[mark]
    assert abs(place[1].start + column - x) <= 2 and abs(place[0].start + row - y) <= 2


def test_the_network_sees_an_upright_face_with_its_marks_where_it_wants_them() -> None:
    """The drawn face is turned by a fifth of a right angle, the finder's marks with it."""
    frame, of = textured(), face()
    turn = complex(torch.cos(torch.tensor(0.31)), torch.sin(torch.tensor(0.31)))
    turned = _turned(frame.planes, turn)
    about = [complex(x - MIDDLE[0], y - MIDDLE[1]) * turn + complex(*MIDDLE) for x, y in of.marks]
    leaning = Face(of.x, of.y, of.across, of.down, tuple((each.real, each.imag) for each in about))
    (network, upright), (other, lying) = facing(lambda shown: shown), facing(lambda shown: shown)
    drawn(frame, of, place_of(of, frame.planes[0].shape), network, 1.0)
    drawn(frame.with_planes(turned), leaning, place_of(of, frame.planes[0].shape), other, 1.0)
    middle = (slice(None), slice(180, 420), slice(150, 360))
    one, two = upright.shown[0][0][middle], lying.shown[0][0][middle]
    assert one.shape[-2:] == (240, 210)
    assert float((one - two).abs().mean()) < 0.01


def _turned(planes: Tensor, turn: complex) -> Tensor:
    height, width = planes.shape[1:]
    y, x = torch.meshgrid(torch.arange(height) - MIDDLE[1], torch.arange(width) - MIDDLE[0], indexing="ij")
    back = turn.conjugate()
    column, row = x * back.real - y * back.imag + MIDDLE[0], x * back.imag + y * back.real + MIDDLE[1]
    grid = torch.stack((2 * column / (width - 1) - 1, 2 * row / (height - 1) - 1), -1)
    return torch.nn.functional.grid_sample(planes[None], grid[None], mode="bicubic", padding_mode="border",
                                           align_corners=True)[0]


def test_a_network_that_keeps_the_face_adds_nothing() -> None:
    assert float(added(textured(), lambda shown: shown).abs().max()) < 1e-5


def test_a_lighter_face_or_another_colour_is_not_taken() -> None:
    """Its detail of luma alone comes back, and neither of these has any."""
    frame, of = textured(), face()
    within = mask_of(of, place_of(of, frame.planes[0].shape), frame.planes[0])
    blue = torch.tensor([-0.02, -0.0077, 0.1])[None, :, None, None]
    for change in (lambda shown: shown + 0.1, lambda shown: shown + blue):
        assert float((added(frame, change, of) * within).abs().max()) < 2e-3


def test_a_network_that_smooths_skin_takes_nothing_of_it_away() -> None:
    frame, of = textured(0.06), face()
    smooth = added(frame, lambda shown: box_mean(box_mean(shown, 12), 12), of)
    place = place_of(of, frame.planes[0].shape)
    within = mask_of(of, place, frame.planes[0])
    own = fine(frame.planes[0][place]) * within
    kept = float(((own + smooth * within) * own).sum() / own.square().sum())
    assert kept > 0.97
    crisp = added(frame, lambda shown: shown + 2 * (shown - box_mean(shown, 12)), of)
    assert float(((own + crisp * within) * own).sum() / own.square().sum()) > 1.3


def test_a_face_gets_no_more_detail_than_it_shows_around() -> None:
    """The same pores are drawn all over a face of which one half is rough and the other smooth."""
    dice = torch.Generator().manual_seed(1)
    pores = torch.nn.functional.interpolate(torch.randn(1, 1, 128, 128, generator=dice), (FACE, FACE), mode="bicubic")
    planes = clips.even(1, (180, 120), 0.5)[0]
    planes[0, :, 90:] += 0.06 * torch.randn(120, 90, generator=dice)
    of = face()
    made = added(Frame(planes, 0, COLOR), lambda shown: shown + 0.5 * pores, of)
    left = 90 - place_of(of, planes[0].shape)[1].start
    smooth, rough = made[30:90, 10:left - 14], made[30:90, left + 14:-10]
    assert float(rough.abs().max()) > 0.03
    assert float(smooth.abs().max()) < 0.0041


def test_a_face_larger_than_the_network_draws_is_left_to_the_recording() -> None:
    large = portrait((360, 250), 340, size=(720, 576))
    of = face((360, 250), 340)
    made = drawn(Frame(large, 0, COLOR), of, place_of(of, large[0].shape), facing(lambda shown: shown + 0.5)[0], 1.0)
    assert made is not None and not made.any()


@pytest.mark.parametrize("aspect", [8 / 9, 1.0, 64 / 45, 2.0])
def test_nothing_finer_comes_back_than_the_recordings_pixels_hold(aspect: float) -> None:
    """Upright stripes are drawn, too fine for columns of that width, whatever these are."""
    planes = clips.even(1, (180, 120), 0.5)[0]
    planes[0] += 0.1 * torch.randn(120, 180, generator=torch.Generator().manual_seed(1))
    of = face(across=1 / aspect)
    finer = 5.8 * aspect  # Pixels drawn across for a recorded one.
    wave = 0.3 * torch.sin(torch.arange(FACE) * 2 * torch.pi * 0.8 / finer)
    made = added(Frame(planes, 0, COLOR), lambda shown: shown + wave, of, aspect)
    assert float(made[40:80, 20:-20].std()) < 0.1 * 0.3 / 2 ** 0.5


def test_marks_that_lie_on_each_other_are_no_face() -> None:
    of = Face(*MIDDLE, 27, 38, tuple((MIDDLE[0] + 1e-5 * number, MIDDLE[1]) for number in range(5)))
    assert drawn(textured(), of, place_of(of, torch.Size((120, 180))), facing(lambda shown: shown)[0], 1.0) is None


def test_a_face_without_marks_is_not_drawn() -> None:
    of = Face(*MIDDLE, 27, 38)
    network, house = facing(lambda shown: shown)
    assert drawn(textured(), of, place_of(of, torch.Size((120, 180))), network, 1.0) is None
    assert house.shown == []
