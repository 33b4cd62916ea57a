"""How strong the noise is, from two frames of one shot: what is left of their difference once motion is taken out.

Each block is laid on the other frame as it stands and as `compute.motion` says it moved, in whole pixels, so that no
interpolation calms the noise. The rest of its motion, and a change of light, are fitted by least squares on the mean
of both blocks and on its slopes (Lucas and Kanade 1981); the sum and the difference of two frames' noise are
independent, so the fit takes only its degrees of freedom from the noise. These, and the scatter between blocks, are
counted in effective pixels (Bartlett 1946): grain is clumped, and a clump counts once.

What the fit does not explain can only raise a block's value: the noise is a low quantile of the blocks, put right for
what that quantile lacks in pure noise. Each part of the luma scale has its own. Where motion beats the fit
everywhere, the rest of the difference is sharper than the calmest blocks of a single frame are by the mask of
Immerkaer (1996), and the value is reduced by as much. The measure of both is the same mask, whatever the grain's size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from restoration.engine.compute import motion
from restoration.engine.compute.local import local_max

FRAME_BLOCK, FIELD_BLOCK = (16, 16), (8, 32)  # Lines, columns.
MARGIN = 2
BANDS = 8
DARKEST, BRIGHTEST = 0.01, 0.99
LOW = 0.2  # The quantile that stands for the noise.
LOWEST = 0.05
LOW_NORMAL, LOWEST_NORMAL = 0.84, 1.64  # Standard deviations below the mean at which these lie in a normal one.
LOOSE = 1.3  # How far the two may differ in noise that is not the same everywhere.
FITTED = 6
PANS = 4
FEWEST_PIXELS = 14.0
FEWEST_BLOCKS = 12
SHARPER = 0.85  # Of the sharpness that the difference has, below which a single frame knows better.
LARGEST = 576, 720


@dataclass(frozen=True, slots=True)
class NoiseSample:
    """Standard deviations on the 0..1 scale of Frame.planes. by_luma: of blocks whose mean lies in each eighth of the
    luma scale, None where there are too few. along, across: correlation of the noise with the next pixel of the line,
    and with the next line of the frame."""

    luma: float
    chroma: float
    by_luma: tuple[float | None, ...]
    along: float
    across: float


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of each block's difference. values: [n, lines, columns]; sigma: [n], of one frame's noise, not yet
    put right for clumps; along, across: correlation with the next pixel and line; pixels: effective, in a block."""

    values: Tensor
    sigma: Tensor
    along: float
    across: float
    pixels: float

    def low(self, inside: Tensor) -> float:
        """The noise of the blocks inside. Pure noise scatters little; where blocks do, the calmest know better."""
        fitted = (1 - FITTED / self.pixels) ** 0.5
        scatter = fitted / (2 * self.pixels) ** 0.5
        low, lowest = self.sigma[inside].quantile(torch.tensor([LOW, LOWEST])).tolist()
        return float(min(low / (fitted - LOW_NORMAL * scatter), LOOSE * lowest / (fitted - LOWEST_NORMAL * scatter)))


def of_shot(samples: Sequence[NoiseSample]) -> tuple[float, float]:
    """Luma and chroma of a shot, from pairs of its frames. Noise is in all of them; what a change of light on a fine
    texture adds comes and goes, so a low one speaks for the shot. Of no pair: no noise."""
    return _low_of([each.luma for each in samples]), _low_of([each.chroma for each in samples])


def _low_of(values: list[float]) -> float:
    return sorted(values)[(len(values) - 1) // 4] if values else 0.0


def middle(planes: Tensor) -> Tensor:
    """At most a standard-definition picture from the middle: enough to tell, and the same cost for every raster."""
    top, left = (max(0, (size - most) // 2) // 2 * 2 for size, most in zip(planes.shape[1:], LARGEST, strict=True))
    return planes[:, top:top + LARGEST[0], left:left + LARGEST[1]]


def sample(planes: Tensor, before: Tensor, *, fields: bool = False) -> NoiseSample | None:
    """The noise between two frames' planes [3, H, W]; None where they are the same picture, or too small to tell.

    fields: measure the first field alone, as frames of two moments must be.
    """
    now, then = (middle(frame)[:, ::2 if fields else 1] for frame in (planes, before))
    size = FIELD_BLOCK if fields else FRAME_BLOCK
    if now.shape[1] < 3 * size[0] or now.shape[2] < 3 * size[1] or torch.equal(now[0], then[0]):
        return None
    blocks = _Blocks(_cut(now, size), _cut(then, size, _best_shifts(now[:1], then[:1], size)))
    level = blocks.now[0].mean((1, 2))
    luma = _rest(blocks, 0, fields)
    usable = _not_frozen((level > DARKEST) & (level < BRIGHTEST), luma.sigma)
    if int(usable.sum()) < FEWEST_BLOCKS:
        return None
    sigma, curve = _by_luma(blocks, luma, level, usable)
    chroma = [_rest(blocks, plane, fields).low(usable) for plane in (1, 2)]
    return NoiseSample(sigma, sum(chroma) / 2, curve, luma.along, luma.across)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Blocks of one frame and what they are laid on in the other: [3, n, lines, columns], with margins."""

    now: Tensor
    then: Tensor


def _best_shifts(now: Tensor, then: Tensor, size: tuple[int, int]) -> Tensor:
    """Where each block of luma [1, H, W] fits the other frame best: columns and lines, whole, [n, 2]."""
    here = _cut(now, size)[0]
    best = torch.zeros(len(here), 2, dtype=torch.long)
    least = _misfit(here, _cut(then, size)[0])
    for shifts in (_flow(now[0], then[0], size), *_pans(now[0], then[0])):
        misfit = _misfit(here, _cut(then, size, shifts)[0])
        better = misfit < least
        best, least = torch.where(better[:, None], shifts, best), torch.minimum(misfit, least)
    return best


def _misfit(now: Tensor, then: Tensor) -> Tensor:
    return _unexplained(now, then).square_().sum((1, 2))


def _grid(shape: torch.Size, size: tuple[int, int]) -> tuple[int, int]:
    return (shape[-2] - 2 * MARGIN) // size[0], (shape[-1] - 2 * MARGIN) // size[1]


def _cut(planes: Tensor, size: tuple[int, int], shifts: Tensor | None = None) -> Tensor:
    if shifts is None:
        height, width = (side + 2 * MARGIN for side in size)
        return planes.unfold(1, height, size[0]).unfold(2, width, size[1]).flatten(1, 2)
    rows, columns = _grid(planes.shape, size)
    tops = (torch.arange(rows) * size[0]).repeat_interleave(columns)[:, None]
    lefts = (torch.arange(columns) * size[1]).repeat(rows)[:, None]
    y, x = tops + torch.arange(size[0] + 2 * MARGIN), lefts + torch.arange(size[1] + 2 * MARGIN)
    y, x = y + shifts[:, 1:], x + shifts[:, :1]
    y, x = y.clamp(0, planes.shape[1] - 1), x.clamp(0, planes.shape[2] - 1)
    places = y[:, :, None] * planes.shape[2] + x[:, None, :]
    return planes.flatten(1).index_select(1, places.flatten()).unflatten(1, places.shape)


def _flow(now: Tensor, then: Tensor, size: tuple[int, int]) -> Tensor:
    """How far each block moved: whole columns and lines, [n, 2], the middle of its pixels' moves."""
    step = 2 if size == FRAME_BLOCK else 1
    flow = motion.estimate(*(avg_pool2d(field[None], (step, 2))[0] for field in (now, then)), finest=1)
    rows, columns = _grid(now.shape, size)
    flow = interpolate(flow[None], size=(4 * rows, 4 * columns), mode="nearest")[0]
    cells = flow.reshape(2, rows, 4, columns, 4).permute(1, 3, 0, 2, 4).reshape(rows * columns, 2, 16)
    return (cells.median(-1).values * torch.tensor([2, step])).round().long()


def _pans(now: Tensor, then: Tensor) -> list[Tensor]:
    """The likeliest shifts of the whole picture, [1, 2] each, by correlation with half-whitened spectra: what repeats
    itself misleads a search from coarse to fine, not this."""
    rows, columns = now.shape
    window = torch.hann_window(rows, periodic=False)[:, None] * torch.hann_window(columns, periodic=False)
    spectra = torch.fft.rfft2(torch.stack([now - now.mean(), then - then.mean()]) * window)
    product = spectra[1] * spectra[0].conj()
    strength = product.abs().sqrt()
    found = torch.fft.fftshift(torch.fft.irfft2(product / (strength + 0.01 * strength.max() + 1e-9), s=now.shape))
    most = rows // 8, columns // 8
    found = found[rows // 2 - most[0]:rows // 2 + most[0] + 1, columns // 2 - most[1]:columns // 2 + most[1] + 1]
    found = torch.where(found == local_max(found), found, -torch.inf)
    places = found.flatten().topk(PANS).indices
    y, x = places // found.shape[1] - most[0], places % found.shape[1] - most[1]
    return [shift[None] for shift in torch.stack((x, y), 1) if bool(shift.any())]


def _inner(blocks: Tensor) -> Tensor:
    return blocks[..., MARGIN:-MARGIN, MARGIN:-MARGIN]


def _unexplained(now: Tensor, then: Tensor) -> Tensor:
    """The blocks' difference, less what light and up to a pixel of motion explain: [n, lines, columns]."""
    mean = (now + then) / 2
    tall, wide = mean[:, :, MARGIN:-MARGIN], mean[:, MARGIN:-MARGIN]
    values = _inner(now - then).flatten(1)
    causes = now.new_empty(len(now), 5, *_inner(now).shape[1:])
    causes[:, 0] = _inner(mean)
    # Slopes and their bends are mixtures of the differences across two pixels and across four.
    torch.sub(wide[..., 3:-1], wide[..., 1:-3], out=causes[:, 1])
    torch.sub(wide[..., 4:], wide[..., :-4], out=causes[:, 2])
    torch.sub(tall[:, 3:-1], tall[:, 1:-3], out=causes[:, 3])
    torch.sub(tall[:, 4:], tall[:, :-4], out=causes[:, 4])
    causes = causes.flatten(2)
    causes -= causes.mean(-1, keepdim=True)
    values = values - values.mean(-1, keepdim=True)
    energy = causes @ causes.mT + 1e-7 * torch.eye(5)
    effects = torch.linalg.solve(energy, (causes * values[:, None]).sum(-1, keepdim=True))
    return (values - (effects.mT @ causes)[:, 0]).reshape(_inner(now).shape)


def _rest(blocks: _Blocks, plane: int, fields: bool) -> _Rest:
    values = _unexplained(blocks.now[plane], blocks.then[plane])
    sigma = (values.square().mean((1, 2)) / 2).sqrt()
    calm = values[sigma <= sigma.quantile(2 * LOW)]
    along, across = _correlations(calm), _correlations(calm.mT)
    count = values[0].numel() / _clump(along) / _clump(across)
    next_line = max(0.0, across[0]) ** 0.5 if fields else across[0]
    return _Rest(values, sigma, along[0], next_line, max(FEWEST_PIXELS, count))


def _correlations(values: Tensor) -> list[float]:
    """With the pixels one to four to the right."""
    energy = float(values.square().mean()) + 1e-12
    return [float((values[..., step:] * values[..., :-step]).mean()) / energy for step in range(1, 5)]


def _clump(correlations: list[float]) -> float:
    """How many pixels of a line say the same."""
    return 1 + 2 * sum(correlation ** 2 for correlation in correlations)


def _not_frozen(usable: Tensor, sigma: Tensor) -> Tensor:
    """Without the blocks that compression copied from the other frame, as long as a third of all is left."""
    alive = usable & (sigma > 0)
    return alive if 3 * int(alive.sum()) > int(usable.sum()) else usable


def _by_luma(blocks: _Blocks, rest: _Rest, level: Tensor, usable: Tensor) -> tuple[float, tuple[float | None, ...]]:
    """The noise, and its curve by luma. Each band has its own low end, so that clipped darkness does not speak for
    the rest; the noise is the band's in which the middle block lies."""
    differing, single = _sharpness(rest.values) / 2**0.5, _sharpness(blocks.now[0])
    curve: list[float | None] = []
    counted: list[tuple[float, int]] = []
    band = (level * BANDS).long().clamp(0, BANDS - 1)
    for index in range(BANDS):
        inside = usable & (band == index)
        count = int(inside.sum())
        value = rest.low(inside) * _share(differing[inside], single[inside]) if count >= FEWEST_BLOCKS else None
        curve.append(value)
        counted += [(value, count)] if value is not None else []
    if not counted:
        return rest.low(usable) * _share(differing[usable], single[usable]), tuple(curve)
    half = sum(count for _, count in counted) / 2
    for sigma, count in sorted(counted):
        half -= count
        if half <= 0:
            return sigma, tuple(curve)
    return max(counted)[0], tuple(curve)


def _sharpness(blocks: Tensor) -> Tensor:
    """Each block's standard deviation after the mask [1 -2 1; -2 4 -2; 1 -2 1] / 6: [n]."""
    down = blocks[:, :-2] - 2 * blocks[:, 1:-1] + blocks[:, 2:]
    return ((down[..., :-2] - 2 * down[..., 1:-1] + down[..., 2:]) / 6).square().mean((1, 2)).sqrt()


def _share(differing: Tensor, single: Tensor) -> float:
    """How much of the difference's low end a single frame's can confirm: 1 unless clearly less."""
    share = float(single.quantile(LOW) / (differing.quantile(LOW) + 1e-9))
    return share if share < SHARPER else 1.0
