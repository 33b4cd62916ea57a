"""Tapes of moving pictures with a known truth, played, and repaired by the product's own repairs: what the network
`mender` learns from.

A camera moves over a photograph; now and then something else moves before it. Each moment is reduced to the tape's
raster, scanned as fields, recorded and played by `ageing.composite`, every clip with a wear of its own, and goes
through the repairs of a tape (`chain`). That takes seconds for each moment, so the clips are made once, kept beside the
checkpoint, and learnt from in patches.
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
import torch.nn.functional as F
from torch import Tensor

from restoration.engine import chain
from restoration.engine.ageing.composite import Tape, field_of, interlace, play
from restoration.engine.analysis import noise_level
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.settings import (
    CrosscolorSettings,
    DropoutsSettings,
    FieldsSettings,
    LineJitterSettings,
    NoiseSettings,
    Settings,
)
from restoration.engine.training.lessons import Pair, any_of, normal
from restoration.engine.training.material import Material, Samples
from restoration.engine.training.sequences import Path as Way
from restoration.engine.training.sequences import path_of_a_camera

log = logging.getLogger(__name__)
RASTER = (480, 320)  # Of a clip: a window of 720x480, so that a sample lasts as long as a tape's does.
MOMENTS = 8
CLIPS, HELD_OUT = 160, 10
_FINER = 2  # The camera's own raster, times the tape's.
_COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
_RATE = Fraction(30000, 1001)

Clip = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Tapes:
    """clips, held_out: repaired and truth, Y'CbCr as uint16 [2, T, 3, H, W], read from the disk as they are needed;
    those held out are of photographs that nothing is learnt from."""

    clips: tuple[Clip, ...]
    held_out: tuple[Clip, ...]


def tapes(material: Material, folder: Path, *, seed: int = 1, more: int = 0) -> Tapes:
    """What lies in the folder, made where it is not there yet: clip by clip, so that it can be interrupted. more: so
    many clips beyond CLIPS to learn from; those held out are the same."""
    folder = folder / "tapes"
    folder.mkdir(parents=True, exist_ok=True)
    held_out = range(CLIPS, CLIPS + HELD_OUT)
    taught = (*range(CLIPS), *range(held_out.stop, held_out.stop + more))
    return Tapes(tuple(_kept(folder, f"clip-{index:03}", material.pictures, (seed, index)) for index in taught),
                 tuple(_kept(folder, f"held-out-{index - CLIPS:03}", material.held_out, (seed, index))
                       for index in held_out))


def mending(taped: Tapes, dice: np.random.Generator, *, size: int = 64, is_lit: bool = False) -> Pair:
    """The planes [3, size, size] of a moment as the repairs of a tape leave them, and as the camera had them; is_lit:
    under lamps of any colour."""
    clip = taped.clips[int(dice.integers(len(taped.clips)))]
    moment, top, left = (int(dice.integers(most)) for most in (MOMENTS, RASTER[1] - size + 1, RASTER[0] - size + 1))
    cut = clip[:, moment, :, top:top + size, left:left + size]
    pair = planes_of(cut[..., ::-1] if dice.integers(2) else cut)
    shown, wanted = _lit(pair, dice) if is_lit else pair
    return shown, wanted


def mending_in_any_light(taped: Tapes, dice: np.random.Generator, *, size: int) -> Pair:
    """As `mending`, one half of them under lamps."""
    return mending(taped, dice, size=size, is_lit=bool(dice.integers(2)))


def _lit(pair: Tensor, dice: np.random.Generator) -> Tensor:
    """Both [2, 3, H, W] with their colours turned and strengthened alike: photographs know no stage lamps."""
    angle, strength = float(dice.uniform(0, 2 * np.pi)), float(np.exp(dice.uniform(np.log(0.7), np.log(4))))
    turn = strength * torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]],
                                   dtype=torch.float32)
    return torch.cat((pair[:, :1], torch.einsum("ij,njhw->nihw", turn, pair[:, 1:])), dim=1)


def samples_of(planes: Tensor) -> Clip:
    """Planes of Frame.planes' scale in 16 bits, with room below black and above white."""
    lifted = planes.cpu().numpy() + np.array([0.25, 0.75, 0.75], np.float32)[:, None, None]
    return (lifted / 1.5 * 65535).round().clip(0, 65535).astype(np.uint16)


def planes_of(samples: Clip) -> Tensor:
    lifted = samples.astype(np.float32) * (1.5 / 65535)
    return torch.from_numpy(np.ascontiguousarray(lifted - np.array([0.25, 0.75, 0.75], np.float32)[:, None, None]))


def _kept(folder: Path, name: str, pictures: tuple[Samples, ...], seed: tuple[int, int]) -> Clip:
    path = folder / f"{name}.npy"
    if not path.exists():
        dice = np.random.default_rng(seed)
        truth = filmed(pictures, dice)
        beside = path.with_suffix(".part.npy")
        np.save(beside, np.stack([samples_of(repaired_tape(truth, dice)), samples_of(truth)]))
        beside.replace(path)
        log.info("made %s", path.name)
    return cast(Clip, np.load(path, mmap_mode="r"))


def filmed(pictures: tuple[Samples, ...], dice: np.random.Generator) -> Tensor:
    """Moments [T, 3, H, W] of the tape's raster: what a camera saw of a photograph, and of a part of another before
    it."""
    far, way = _standing_back(any_of(pictures, dice), dice), path_of_a_camera(dice)
    near, other = _standing_back(any_of(pictures, dice), dice), path_of_a_camera(dice)
    mask = _somewhere(dice) if dice.random() < 0.6 else torch.zeros(1, *far.shape[1:])
    return torch.stack([F.avg_pool2d(torch.lerp(_seen(far, way, step), _seen(near, other, step),
                                                _seen(mask, other, step)), _FINER)
                        for step in range(-MOMENTS // 2, MOMENTS - MOMENTS // 2)])


def repaired_tape(moments: Tensor, dice: np.random.Generator) -> Tensor:
    """The moments recorded and played with a wear of their own, through the repairs of a tape."""
    chance = torch.Generator().manual_seed(int(dice.integers(2 ** 31)))
    worn, is_soft = wear(dice), dice.random() < 0.75
    order = "tff" if dice.integers(2) else "bff"
    first = 0 if order == "tff" else 1
    fields = [play(_scanned(moment, (first + number) % 2, is_soft), number, worn, chance)
              for number, moment in enumerate(moments)]
    return _repaired(torch.stack([interlace(one, two, order)
                                  for one, two in zip(fields[::2], fields[1::2], strict=True)]), order, dice)


def wear(dice: np.random.Generator) -> Tape:
    """From a broadcast master to a domestic cassette; the colour lies where it belongs, for that is set by hand."""
    return Tape(luma_bandwidth=float(dice.uniform(2.8e6, 5.2e6)), chroma_bandwidth=float(dice.uniform(0.5e6, 1.1e6)),
                chroma_delay=0.0, luma_noise=float(np.exp(dice.uniform(np.log(0.003), np.log(0.03)))),
                chroma_noise=float(np.exp(dice.uniform(np.log(0.006), np.log(0.045)))),
                jitter=float(dice.uniform(0, 0.3)), comb=float(dice.uniform(0.5, 1)),
                trap=float(dice.uniform(0, 0.7)) if dice.random() < 0.4 else 0.0, set_up_left=0.0,
                dropouts_per_field=0.2, switching_lines=0)


def _repaired(tape: Tensor, order: str, dice: np.random.Generator) -> Tensor:
    luma, chroma = _noise(tape)
    settings = _settings(order, dice)
    frames, _, height, width = tape.shape
    facts = SourceFacts(name="lesson", rate=_RATE, frames=frames, width=width, height=height,
                        pixel_aspect=Fraction(1), scan="interlaced", field_order=settings.fields.order,
                        duration=frames / _RATE)
    shot = Shot(index=0, start=0, end=frames, noise_luma=luma, noise_chroma=chroma)
    played: Iterator[Frame] = (Frame(planes, number, _COLOR, settings.fields.order)
                               for number, planes in enumerate(tape))
    return torch.stack([frame.planes for frame in chain.through(played, chain.stages(settings, facts, shot))])


def _settings(order: str, dice: np.random.Generator) -> Settings:
    """Fields and noise as the preset has them, the others where a reel was found to need them."""
    return Settings.model_validate({
        "crosscolor": CrosscolorSettings(enabled=dice.random() < 0.7),
        "linejitter": LineJitterSettings(enabled=dice.random() < 0.7),
        "dropouts": DropoutsSettings(enabled=True), "noise": NoiseSettings(enabled=True),
        "fields": FieldsSettings.model_validate({"method": "frames", "order": order})})


def _noise(tape: Tensor) -> tuple[float, float]:
    found = [noise_level.sample(tape[at], tape[at - 1], fields=True) for at in range(1, len(tape))]
    return noise_level.of_shot([one for one in found if one])


def _scanned(moment: Tensor, parity: int, is_soft: bool) -> Tensor:
    return field_of(moment, parity) if is_soft else moment[:, parity::2].contiguous()


def _standing_back(picture: Samples, dice: np.random.Generator) -> Tensor:
    """[3, h, w] of the camera's raster and a bit around it, from somewhere in a photograph."""
    height, width = (_FINER * side for side in RASTER[::-1])
    grown = max(1.0, height / picture.shape[0], width / picture.shape[1])
    tall, wide = int(height / grown), int(width / grown)
    top, left = (int(dice.integers(whole - part + 1)) for whole, part in zip(picture.shape, (tall, wide), strict=False))
    taken = torch.from_numpy(np.ascontiguousarray(picture[top:top + tall, left:left + wide])).float().permute(2, 0, 1)
    taken[1:] -= 128
    return F.interpolate(taken[None] / 255, size=(height, width), mode="bicubic", align_corners=False)[0]


def _seen(whole: Tensor, way: Way, step: int) -> Tensor:
    return way.seen(whole, step, _FINER)


def _somewhere(dice: np.random.Generator) -> Tensor:
    """A blob of any shape, 1 inside and soft at its rim by a pixel or two."""
    height, width = (_FINER * side for side in RASTER[::-1])
    coarse = F.interpolate(normal((1, 1, 5, 7), dice), size=(height // 2, width // 2), mode="bicubic")[0]
    blob = ((coarse - 0.5) * 40).sigmoid()
    return F.interpolate(blob[None], size=(height, width), mode="bilinear")[0]
