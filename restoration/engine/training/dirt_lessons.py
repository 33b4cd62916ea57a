"""What the network that finds dirt learns from: the evidence that the repair itself gathers on dirty clips.

Each clip is made, dirtied, grained and now and then compressed, and goes through the repair as far as its second look.
That takes a fifth of a second for a moment, so the evidence is kept beside the checkpoint, cut to squares around what
stands out, and learnt from in patches.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from restoration.engine.ageing.compression import h264
from restoration.engine.ageing.film import VISIBLE
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.networks.segmenter import SEEN
from restoration.engine.repair.blotches.mending import evidence
from restoration.engine.repair.blotches.suspects import Suspects
from restoration.engine.settings import BlotchesSettings
from restoration.engine.stage import ShotContext
from restoration.engine.training.dirt import Opacity, dirty, sprites
from restoration.engine.training.lessons import Pair, normal
from restoration.engine.training.material import Material, photographs
from restoration.engine.training.scenes import Filmed, scene, stretches

log = logging.getLogger(__name__)
CLIPS, HELD_OUT = 420, 40
SIDE = 96  # Pixels of a square that is kept.
_FROM_A_MOMENT = 4
_CLEAN, _GRAINY, _COMPRESSED = 0.3, 0.5, 0.2  # Shares of the clips.
_COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
# The benchmark of quality finds its best values on these: they are nothing to learn from.
_FOR_TUNING = ("big_buck_bunny_720p_5s.mp4", "big_buck_bunny_720p_30s.webm", "elementary_urban_dream.jpg",
               "debian_plasma-workspace-wallpapers__ColorfulCups.jpg", "elementary_leaves.jpg",
               "elementary_william_bout_lighthouse.jpg")

Squares = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What clips are made of, to learn from and held out; known: sprites of dirt, a part of them for each."""

    pictures: tuple[Filmed, Filmed]
    known: tuple[tuple[Opacity, ...], tuple[Opacity, ...]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Squares float16 [n, SEEN + 1, SIDE, SIDE], one array a clip, read from the disk as they are needed: what the
    network is shown, and last 1 where dirt lies."""

    clips: tuple[Squares, ...]
    held_out: tuple[Squares, ...]


def gathered(folder: Path) -> Gathered:
    """From a folder with photos/, film_damage/ and video/, which may be missing. Raises MissingMaterial."""
    material = photographs(folder / "photos", left_out=_FOR_TUNING)
    recorded, known = stretches(folder / "video", left_out=_FOR_TUNING), sprites(folder / "film_damage")
    first, rest = recorded[::12], tuple(each for number, each in enumerate(recorded) if number % 12)
    return Gathered((Filmed(material, rest), Filmed(Material(material.held_out, ()), first)),
                    (tuple(each for number, each in enumerate(known) if number % 8), known[::8]))


def evidences(given: Gathered, folder: Path, *, seed: int = 1) -> Evidence:
    """What lies in the folder, made where it is not there yet: clip by clip, so that it can be interrupted."""
    folder = folder / "dirt"
    folder.mkdir(parents=True, exist_ok=True)
    made = [tuple(_kept(folder / f"{name}-{index:03}.npy", given.pictures[part], given.known[part], (seed, part, index))
                  for index in range(count))
            for part, (name, count) in enumerate((("clip", CLIPS), ("held-out", HELD_OUT)))]
    return Evidence(*(tuple(each for each in clips if len(each)) for clips in made))


def finding(given: Evidence, dice: np.random.Generator, *, size: int = 64) -> Pair:
    """Evidence [SEEN, size, size], and [1, size, size]: 1 where dirt lies. Turned, mirrored, and now and then with
    before and after exchanged."""
    squares = given.clips[int(dice.integers(len(given.clips)))]
    taken = squares[int(dice.integers(len(squares)))]
    top, left = (int(dice.integers(SIDE - size + 1)) for _ in range(2))
    cut = np.rot90(taken[:, top:top + size, left:left + size], int(dice.integers(4)), (1, 2))
    cut = cut[..., ::-1] if dice.integers(2) else cut
    told = torch.from_numpy(np.ascontiguousarray(cut).astype(np.float32))
    shown = told[list(_EXCHANGED)] if dice.integers(2) else told[:SEEN]
    return shown, told[SEEN:]


_EXCHANGED = (0, 2, 1, 4, 3, 5, 6, 8, 7, 9, 10)


def missed(made: Tensor, wanted: Tensor) -> Tensor:
    """How far probabilities are from the truth, dirt counting for more, for there is little of it."""
    return binary_cross_entropy_with_logits(made, wanted, pos_weight=made.new_tensor(2.0))


@torch.no_grad()
def found_score(network: nn.Module, given: Evidence) -> float:
    """F1 in per cent over the pixels held out, dirt from even odds on."""
    hits = found = true = 0
    for squares in given.held_out:
        told = torch.from_numpy(squares.astype(np.float32))
        made, wanted = network(told[:, :SEEN])[:, 0] > 0, told[:, SEEN] > 0.5
        hits, found, true = hits + int((made & wanted).sum()), found + int(made.sum()), true + int(wanted.sum())
    return 200 * hits / max(1, found + true)


def _kept(path: Path, filmed: Filmed, known: tuple[Opacity, ...], seed: tuple[int, int, int]) -> Squares:
    if not path.exists():
        dice = np.random.default_rng(seed)
        squares = list(_squares(filmed, known, dice))
        beside = path.with_suffix(".part.npy")
        np.save(beside, np.stack(squares) if squares else np.zeros((0, SEEN + 1, SIDE, SIDE), np.float16))
        beside.replace(path)
        log.info("made %s, %d squares", path.name, len(squares))
    return cast(Squares, np.load(path, mmap_mode="r"))


def _squares(filmed: Filmed, known: tuple[Opacity, ...], dice: np.random.Generator) -> Iterator[Squares]:
    clean = scene(filmed, dice)
    spoilt = clean if dice.random() < _CLEAN else dirty(clean, known, dice)
    masks = ((spoilt - clean).abs() > VISIBLE).any(1)
    for number, found, shown in looked_at(*_aged(spoilt, dice)):
        told = torch.cat((shown, masks[number][None].float()))
        for row, column in _places(found, masks[number], dice):
            yield told[:, row:row + SIDE, column:column + SIDE].numpy().astype(np.float16)


def looked_at(clip: Tensor, sigma: float) -> Iterator[tuple[int, Suspects, Tensor]]:
    """The evidence on each moment in which something stands out."""
    context = ShotContext(Fraction(24), Fraction(1), noise_sigma=(sigma, sigma))
    frames = (Frame(planes, number, _COLOR) for number, planes in enumerate(clip))
    with torch.no_grad():
        yield from evidence(BlotchesSettings(enabled=True), context, frames)


def _aged(clip: Tensor, dice: np.random.Generator) -> tuple[Tensor, float]:
    """With grain and compression, and the noise that is measured then."""
    sigma = float(dice.uniform(0, 0.03)) if dice.random() < _GRAINY else 0.0
    grainy = clip.clone()
    grainy[:, :1] += sigma * normal((len(clip), 1, *clip.shape[2:]), dice)
    if dice.random() >= _COMPRESSED:
        return grainy, sigma * float(dice.uniform(0.8, 1.2))
    coded = h264(grainy, int(dice.integers(2 ** 31)), quantiser=int(dice.integers(18, 32))).clip
    return coded, 0.6 * sigma


def _places(found: Suspects, mask: Tensor, dice: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Corners of squares around what stands out, about half of them around what is dirt."""
    middles = found.regions.middles()
    is_dirt = found.regions.means(mask.float()) > 0.5
    for number in range(min(_FROM_A_MOMENT, len(middles))):
        kind = np.flatnonzero(is_dirt == bool(number % 2))
        chosen = middles[int(dice.choice(kind)) if len(kind) else int(dice.integers(len(middles)))]
        row, column = (round(float(at)) - SIDE // 2 + int(dice.integers(-20, 21)) for at in chosen)
        yield (min(max(row, 0), mask.shape[0] - SIDE), min(max(column, 0), mask.shape[1] - SIDE))
