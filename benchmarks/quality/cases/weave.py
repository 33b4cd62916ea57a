"""A film in a worn gate, mostly up and down, on clips whose own camera moves must stay."""

from torch import Tensor

from benchmarks.quality.case import Age, Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.gate import weave
from restoration.engine.settings import Settings, WeaveSettings

_SEEN = "vidstabdetect=shakiness={shakiness}:accuracy=15:stepsize=4:result={file}"
_MOVED = ("vidstabtransform=input={file}:smoothing={smoothing}:optalgo=gauss:crop=keep:optzoom=0:zoom=0:maxangle=0:"
          "interpol=bicubic")


def _worn(down: float) -> Age:
    def age(clip: Tensor, seed: int) -> Aged:
        return weave(clip, seed, down=down, across=0.45 * down)

    return age


CASE = Case(
    name="weave", title="Weave", age=_worn(0.8), settings=lambda aged: Settings(weave=WeaveSettings(enabled=True)),
    detects="weave", others=(_worn(0.5), _worn(1.6)), frames=48, size=(480, 320),
    oracles=(
        Oracle("vidstab", _MOVED, tuple({"shakiness": "4", "smoothing": each}
                                        for each in ("1", "2", "3", "5", "10", "30")), first=_SEEN),
        Oracle("deshake", "deshake=rx={reach}:ry={reach}:edge=mirror", ({"reach": "16"}, {"reach": "32"})),
    ))
