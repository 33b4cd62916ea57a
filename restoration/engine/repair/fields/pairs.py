"""How well fields fit each other: what combs where two neighbours are woven, what changes between two of one parity.

Everything is measured in luma whose columns are averaged, which calms noise and not combing, and in small blocks, so
that what moves in a corner counts as much as what stands still around it. What a block shows even where its fields
belong together (fine detail, noise, what compression left) is taken from its best neighbours in time.
"""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from restoration.engine.repair.fields.field import Field

COLUMNS = 180
BLOCK = 8
CAP = 0.25 ** 2  # One hard edge must not outweigh a picture.
ROUNDING = 1e-6  # Energy below which 8-bit rounding is all there is.
SEEN = (6 / 255) ** 2  # Change from which a block that combs is seen to.
VIDEO, FILM = 0.5, 0.8  # Of `_fit`.
TORN = 0.33  # The same of some blocks together: film lies above 0.5 there, titles of video mostly below.
SMALLEST = 200  # Blocks of the picture for each that a title fills at least.
DETAIL = 0.2  # Of what combs, how much must move.
FORGOTTEN = 40  # Fields after which nobody asks any more.



class Pairs:
    """Measures of the fields pushed so far, by the number of the pair's first field; bounded in memory.

    noise: the standard deviation of luma noise on the 0..1 scale, as far as it is known.
    """

    def __init__(self, noise: float) -> None:
        self._noise = noise
        self._floor = 0.0
        self._small: dict[int, tuple[Tensor, int]] = {}
        self._combing: dict[int, Tensor] = {}
        self._change: dict[int, Tensor] = {}
        self._excess: dict[tuple[str, int], float] = {}
        self.doubt = 0.01

    def push(self, field: Field) -> None:
        small, share = _narrowed(field.lines[0])
        self._floor = 2 * self._noise ** 2 * min(1.0, 2 / share)
        self.doubt = 0.01 + 4 / (small.numel() ** 0.5)
        number = field.number
        self._small[number] = small, field.parity
        if number - 1 in self._small:
            self._combing[number - 1] = _combing(self._small[number - 1], self._small[number])
        if number - 2 in self._small:
            self._change[number - 2] = _blocks((small - self._small[number - 2][0]).square_()[:-1])
        for held in (self._small, self._combing, self._change):
            held.pop(number - FORGOTTEN, None)
        for kind in ("combing", "change"):
            self._excess.pop((kind, number - FORGOTTEN), None)

    def combing(self, number: int) -> float | None:
        """How much more the fields `number` and the next comb than the better of their neighbours do, as a share of
        what is there anyway; None where one of them is not there."""
        return self._beyond("combing", self._combing, number, 1)

    def change(self, number: int) -> float | None:
        """The same for the change from the field `number` to the next of its parity, of any in a whole rhythm."""
        return self._beyond("change", self._change, number, 4)

    def _beyond(self, kind: str, held: dict[int, Tensor], number: int, reach: int) -> float | None:
        if number not in held:
            return None
        if (kind, number) not in self._excess:
            near = [held[at] for at in range(number - reach, number + reach + 1) if at in held]
            least = torch.stack(near).amin(0)
            beyond = float((held[number] - least).sum() / (least.sum() + ROUNDING * least.numel()))
            self._excess[kind, number] = beyond
        return self._excess[kind, number]

    def torn(self, number: int) -> Tensor | None:
        """Where weaving the fields `number` and the next would comb, bool in blocks; None where it nowhere would.

        There the fields comb hardly less with each other than with the fields around them, as a title of video does
        over film: moving film combs far less with its own field. That is asked of some blocks together, where what
        moves is not lost in fine detail. Where the whole picture says so, all of it is torn.
        """
        around, moved = self._around(number)
        if around is None or moved is None:
            return None
        if self._is_video(number):
            return torch.ones_like(moved, dtype=torch.bool)
        is_moving = moved - self._floor > SEEN + self._floor
        around, own, moves = _together(torch.stack((around, self._combing[number], (moved - self._floor).clamp_(0))))
        torn = is_moving & (moves > DETAIL * own) & (around - own < TORN * moves)
        return torn if int(torn.sum()) > 2 + torn.numel() // SMALLEST else None

    def is_film(self, number: int) -> bool:
        """Whether what moves says that the fields `number` and the next are of one moment and others near are not."""
        fit = self._fit(number)
        return fit is not None and fit > FILM

    def _is_video(self, number: int) -> bool:
        fit = self._fit(number)
        return fit is not None and fit < VIDEO

    def _fit(self, number: int) -> float | None:
        """By how much less the pair combs than its fields do with others, as a multiple of what moves: 1 to 4 for film,
        near 0 for video; None where nothing moves."""
        around = [float(self._combing[at].mean()) for at in (number - 1, number + 1) if at in self._combing]
        moved = [float(self._change[at].mean()) for at in (number - 1, number) if at in self._change]
        moves = max(moved, default=0.0) - self._floor
        if not around or moves < 0.2 * self._floor + ROUNDING:
            return None
        return (max(around) - float(self._combing[number].mean())) / moves

    def _around(self, number: int) -> tuple[Tensor | None, Tensor | None]:
        """The worse combing with the field before and after the pair, and the greater change around it, in blocks."""
        around = [self._combing[at] for at in (number - 1, number + 1) if at in self._combing]
        moved = [self._change[at] for at in (number - 1, number) if at in self._change]
        return (torch.stack(around).amax(0) if around else None, torch.stack(moved).amax(0) if moved else None)


def _together(blocks: Tensor) -> Tensor:
    """Means over five blocks each way, fewer at the edges."""
    return avg_pool2d(blocks, 5, stride=1, padding=2, count_include_pad=False)


def _narrowed(luma: Tensor) -> tuple[Tensor, int]:
    share = max(luma.shape[1] // COLUMNS, min(4, luma.shape[1] // 16), 1)
    columns = luma.shape[1] // share * share
    return luma[:, :columns].reshape(luma.shape[0], -1, share).mean(-1), share


def _combing(one: tuple[Tensor, int], other: tuple[Tensor, int]) -> Tensor:
    """Second difference across three lines of the weave, in blocks."""
    upper, lower = (one[0], other[0]) if one[1] == 0 else (other[0], one[0])
    bend = (upper[:-1] + upper[1:]).sub_(lower[:-1], alpha=2)
    return _blocks(bend.square_())


def _blocks(energy: Tensor) -> Tensor:
    size = min(BLOCK, *energy.shape)
    return avg_pool2d(energy.clamp_(max=CAP)[None], size, stride=max(1, size // 2))[0]
