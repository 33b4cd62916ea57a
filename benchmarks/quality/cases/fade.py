"""What is wrong with a whole reel alike: a black that was lifted, dye that lost its density. Patina is told what its
own analysis recommends for the clip as if it were the reel."""

from functools import partial

from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from benchmarks.quality.mending import facts_of, frames_of
from restoration.engine.ageing import Aged
from restoration.engine.ageing.dye import fading, set_up
from restoration.engine.analysis.reel import analyse_frames
from restoration.engine.settings import Settings

LIFTS = (0.05, 0.06, 0.075, 0.09)
LEFT = ((0.65, 0.85, 0.9), (0.55, 0.8, 0.85), (0.75, 0.9, 0.95))


def _lifted(clip: Tensor, seed: int, *, more: float = 0.0) -> Aged:
    return set_up(clip, seed, lift=LIFTS[seed % len(LIFTS)] + more)


def _faded(clip: Tensor, seed: int) -> Aged:
    return fading(clip, seed, left=LEFT[seed % len(LEFT)])


def _recommended(aged: Aged) -> Settings:
    report = analyse_frames(frames_of(aged.clip), facts_of(aged.clip))
    return Settings(fade=report.recommendation.settings.fade)


_STRETCHES = (
    Oracle("normalize", "normalize=smoothing=50:independence={colours}:strength={much}",
           tuple({"colours": colours, "much": much} for colours in ("0", "1") for much in ("0.3", "0.6", "1"))),
    Oracle("colorlevels", "colorlevels=rimin={red}:gimin={others}:bimin={others}",
           tuple({"red": red, "others": others} for red in ("0.03", "0.05", "0.07", "0.09", "0.12")
                 for others in ("0.02", "0.03", "0.05", "0.07", "0.09"))),
)

CASES = (
    Case(name="set-up", title="Wrong black", age=_lifted, settings=_recommended, detects="set-up", frames=6,
         others=(partial(_lifted, more=0.03),), oracles=_STRETCHES),
    Case(name="fading", title="Fading", age=_faded, settings=_recommended, frames=6, oracles=(
        *_STRETCHES, Oracle("greyedge", "greyedge=difford={order}:minknorm=5:sigma=2",
                            ({"order": "0"}, {"order": "1"}, {"order": "2"})))),
)
