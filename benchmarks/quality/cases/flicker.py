"""An unsteady lamp, over the whole picture and in parts of it."""

from torch import Tensor

from benchmarks.quality.case import Age, Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.lamp import flicker, local_flicker
from restoration.engine.settings import FlickerSettings, Settings

# Its other means (gm, pm, qm) give broken pictures at 16 bits, so it may work at 8 as well.
_ORACLES = (Oracle("deflicker", "format={format},deflicker=size={size}:mode={mode}", tuple(
    {"format": format, "size": size, "mode": mode} for format, mode in
    (("yuv444p16le", "am"), ("yuv444p", "am"), ("yuv444p", "pm"), ("yuv444p", "median")) for size in ("3", "5", "9"))),)


def _whole(gain: float) -> Age:
    def age(clip: Tensor, seed: int) -> Aged:
        return flicker(clip, seed, gain=gain, contrast=0.6 * gain)

    return age


def _local(gain: float) -> Age:
    def age(clip: Tensor, seed: int) -> Aged:
        return local_flicker(clip, seed, gain=gain)

    return age


def _settings(aged: Aged) -> Settings:
    return Settings(flicker=FlickerSettings(enabled=True, largest=0.3))


def _local_settings(aged: Aged) -> Settings:
    return Settings(flicker=FlickerSettings(enabled=True, is_local=True, largest=0.3))


CASES = (
    Case(name="flicker", title="Flicker", age=_whole(0.05), settings=_settings, detects="flicker",
         others=(_whole(0.025), _whole(0.08)), frames=48, size=(480, 320), oracles=_ORACLES),
    Case(name="flicker-local", title="Flicker in parts of the picture", age=_local(0.06), settings=_local_settings,
         detects="flicker", others=(_local(0.04),), frames=48, size=(480, 320), oracles=_ORACLES),
)
