"""Faded dye and a wrong set-up: one curve for the whole reel.

A set-up that was never taken off lifts the signal in a straight line, so a straight line takes it off. Dye that fades
loses density in proportion, D = a D0 for each layer, so the density of each colour is multiplied: on a signal that is a
power of the light this is a power again.

Of the two only a set-up is recognised: by a neutral floor above black on which a good part of the picture lies, which
pale scenes, haze and coloured light do not have, and only where every shot of the reel has it, by the mildest of them.
What dye has lost cannot be told from coloured light in the picture alone, so its densities are a person's choice.
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.defects import TRAINED_EYE
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import FadeSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

_FLOOR = 0.005  # Share of the picture below its floor.
_PILED = 0.04  # Share of the picture within three steps of its floor, from which it is one.
_NEUTRAL = 0.02
_HIGHEST = 0.12  # A set-up is no higher: what is lies in the scene.


def restore_density(settings: FadeSettings, context: ShotContext) -> Stage:
    """A stage that lays black, white and the density of each colour where the settings say, planes [3, H, W] as before;
    neutral settings leave them bit for bit alone. No value passes another."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if not is_on(settings):
                yield frame
                continue
            context.note(frame.number, None)
            yield frame.with_planes(_restored(frame, settings))

    return stage


def is_on(settings: FadeSettings) -> bool:
    return settings != FadeSettings()


def _restored(frame: Frame, settings: FadeSettings) -> Tensor:
    scale = 1 / (settings.white - settings.black)
    planes = frame.planes * scale
    planes[0] -= settings.black * scale
    powers = (settings.red, settings.green, settings.blue)
    if all(power == 1 for power in powers):
        return planes
    colours = to_rgb(planes, frame.color.matrix)
    dyed = [colour if power == 1 else torch.where(colour > 0, colour.clamp(min=0) ** power, colour)
            for colour, power in zip(colours, powers, strict=True)]
    return from_rgb(torch.stack(dyed), frame.color.matrix)


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """"set-up": how far the darkest of the picture lies from black, in 1/255; none where few points lie on it, or where
    it has a colour."""
    few = box_mean(specimen.now[:, ::2, ::2], 1)[:, ::2, ::2].flatten(1)
    floor = float(few[0].kthvalue(max(1, int(_FLOOR * few.shape[1]))).values)
    is_on_it = few[0] < floor + 3 / 255
    share = float(is_on_it.float().mean())
    colour = float(few[1:, is_on_it].mean(1).abs().max())
    if share < _PILED or colour > _NEUTRAL or not 0 < floor < _HIGHEST:
        return {"set-up": Finding(0.0, 0.9)}
    return {"set-up": Finding(255 * floor, 0.9)}


def _black(defect: Defect) -> Mapping[str, object]:
    """Nearly all of it: what is left keeps the darkest from being cut off."""
    return {"black": round(0.9 * defect.value / 255, 3)}


REPAIR = Repair("fade", is_on=is_on, mend=restore_density, measure=measure, advice=(
    Advice("set-up", _black, gettext_noop("In every shot the darkest lies {value:.0f}/255 above black, as a set-up "
                                          "that was never taken off leaves it."), TRAINED_EYE, in_every_shot=True),))
