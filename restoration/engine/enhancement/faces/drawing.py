"""What a network of others would draw into a face, fetched into its place and kept small.

Such networks know one kind of picture: an upright face, its eyes, nose and mouth where the pictures that they were
trained with have them (FFHQ; Karras, Laine and Aila 2019). So each face is turned and scaled by its smoothed marks
until it lies so, drawn, and what was drawn differently goes back the same way. What they draw is plausible, not
recorded; therefore

* luma alone is taken, and of it fine detail alone: colour and what is coarse stay the recording's;
* nothing of the face's own detail is taken away: such networks smooth what they do not know, and skin turns to wax;
* nowhere more than the face itself shows of detail around: a soft face does not get pores of somebody else's;
* a face that is larger than such a network draws is left to the recording.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.facefinding import Face
from restoration.engine.compute.local import box_mean
from restoration.engine.compute.resample import resize
from restoration.engine.compute.rising import rise
from restoration.engine.enhancement.faces.fusing import fine
from restoration.engine.frames import Frame
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.networks.brought.facing import Facing
from restoration.engine.networks.brought.known import FACE

Place = tuple[slice, slice]

# Where eyes, nose and the corners of the mouth lie in the mean of those pictures, right and down.
_MARKS = (192.98 + 239.95j, 318.90 + 240.19j, 256.63 + 314.02j, 201.26 + 371.41j, 313.09 + 371.15j)
_FADE = 40  # Pixels at the edge of the picture of a face.
_FINER = (0.8, 1.2)  # Pixels drawn for one that was recorded, from where on the drawn has something to say.
_FINEST = 64.0  # A face is hardly found at 16 lines, which are drawn 20 times as fine.
_AROUND, _QUIET = 4, 0.004  # Pixels over which a face's own detail is measured; what it may always change.
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class _Pose:
    """drawn = turn · place + shift, both as x + iy; places have square pixels, `aspect` times as wide as the
    source's."""

    turn: complex
    shift: complex
    aspect: float

    @property
    def finer(self) -> tuple[float, float]:
        """Pixels drawn for one that was recorded, across and down."""
        return abs(self.turn) * self.aspect, abs(self.turn)


def drawn(frame: Frame, face: Face, place: Place, network: Facing, pixel_aspect: float) -> Tensor | None:
    """What to add to the luma of a place for the whole of what the network draws: [h, w]. None for a face of which no
    marks are known, or none that could be one's."""
    pose = _pose_of(face, pixel_aspect) if face.marks else None
    if pose is None or max(pose.finer) > _FINEST:
        return None
    share = rise((min(pose.finer) - _FINER[0]) / (_FINER[1] - _FINER[0]))
    if not share:
        return torch.zeros_like(frame.planes[0][place])
    shown = to_rgb(_upright(frame.planes, pose), frame.color.matrix).clamp_(0, 1)
    made = resize(network(shown), FACE, FACE)
    change = from_rgb(made - shown, frame.color.matrix)[0].mul_(_edges(made.device))
    own = fine(frame.planes[0][place])
    return _kept_small(_only_added(fine(_put_back(change, pose, place)), own), own).mul_(share)


def _pose_of(face: Face, aspect: float) -> _Pose:
    """The turn, scale and shift that bring the marks nearest to where they should lie, in least squares (Umeyama
    1991)."""
    places = [complex(x * aspect, y) for x, y in face.marks]
    middle, goal = sum(places) / len(places), sum(_MARKS) / len(_MARKS)
    spread = sum(abs(each - middle) ** 2 for each in places)
    turn = sum((wanted - goal) * (each - middle).conjugate() for each, wanted in zip(places, _MARKS, strict=True))
    turn /= max(spread, 1e-6)
    return _Pose(turn, goal - turn * middle, aspect)


def _upright(planes: Tensor, pose: _Pose) -> Tensor:
    """Planes [3, H, W] as the network wants to see them, [3, FACE, FACE]; edges repeat."""
    y, x = _numbers(range(FACE), planes), _numbers(range(FACE), planes)
    back = 1 / pose.turn
    across, down = x[None, :] - pose.shift.real, y[:, None] - pose.shift.imag
    return _sampled(planes, (across * back.real - down * back.imag) / pose.aspect,
                    across * back.imag + down * back.real, "border")


def _put_back(change: Tensor, pose: _Pose, place: Place) -> Tensor:
    """A plane [FACE, FACE] in the recording's raster, [h, w], none of it finer than that can hold."""
    # Whichever way a face leans, its detail is kept to what the coarser side of a recorded pixel can hold.
    side = min(FACE, round(FACE / max(pose.finer)))
    small, scale = resize(change, side, side), side / FACE
    y, x = (_numbers(range(each.start, each.stop), change) for each in place)
    across, down = x[None, :] * pose.aspect, y[:, None]
    right = across * pose.turn.real - down * pose.turn.imag + pose.shift.real
    below = across * pose.turn.imag + down * pose.turn.real + pose.shift.imag
    return _sampled(small[None], (right + 0.5) * scale - 0.5, (below + 0.5) * scale - 0.5, "zeros")[0]


def _sampled(planes: Tensor, x: Tensor, y: Tensor, beyond: str) -> Tensor:
    """Planes [C, H, W] fetched at columns x and lines y, both [h, w]."""
    height, width = planes.shape[1:]
    grid = torch.stack((2 * x / (width - 1) - 1, 2 * y / (height - 1) - 1), -1)
    return F.grid_sample(planes[None], grid[None], mode="bicubic", padding_mode=beyond, align_corners=True)[0]


def _numbers(which: range, like: Tensor) -> Tensor:
    return torch.arange(which.start, which.stop, device=like.device, dtype=like.dtype)


def _edges(device: torch.device) -> Tensor:
    """1 inside, 0 at the edge of the picture of a face, [FACE, FACE]."""
    along = torch.arange(FACE, device=device, dtype=torch.float32)
    along = torch.minimum(along, along.flip(0)).div_(_FADE).clamp_(max=1)
    return along[:, None] * along


def _only_added(detail: Tensor, own: Tensor) -> Tensor:
    """Without what, around a point, would weaken the face's own detail."""
    part = box_mean(detail * own, _AROUND).div_(box_mean(own.square(), _AROUND).add_(_LEAST))
    return detail - part.clamp_(max=0).mul_(own)


def _kept_small(detail: Tensor, own: Tensor) -> Tensor:
    most = box_mean(own.square(), _AROUND).sqrt_().add_(_QUIET)
    return torch.minimum(torch.maximum(detail, -most), most)
