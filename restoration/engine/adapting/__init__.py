"""The cleaner adapted to one recording, by that recording alone.

Stretches of some shots go through the repairs up to the noise; what the noise repair leaves of a place, and the same
place at moments whose noise had no part in it, are lessons (material.py). A few hundred small steps from the shipped
weights (learning.py) take minutes of one core. Every third stretch is held out: only where these come nearer to their
targets by more than chance explains, and none of them is worse off, are the new weights written, as far on the way to
what was learnt as serves them best. They are of no use to another recording.
"""

import copy
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.torch import save
from torch import nn

from restoration.engine.adapting.learning import SHARES, STEPS, Judgement, Tell, best_of, learn
from restoration.engine.adapting.material import Lesson, lessons_of
from restoration.engine.adapting.recording import chosen_shots, owned_by, stretch_of, without_network
from restoration.engine.compute.device import device, settle
from restoration.engine.errors import SourceError, gettext_noop
from restoration.engine.facts import AnalysisReport
from restoration.engine.media.whole import written_whole
from restoration.engine.networks.registry import network
from restoration.engine.networks.weights import read
from restoration.engine.progress import IsCancelled, Phase, Progress, Report, check, ignore, never
from restoration.engine.settings import Settings

WINDOWS = 24  # Of each stretch.
_FEWEST = 8  # Lessons, and as many held out.
_SEED = 1


@dataclass(frozen=True, slots=True)
class Adapted:
    """sha256: of the weights that were written, None where the shipped ones stay; base: of those it began from;
    judgement: by what was held out; lessons, steps: how many."""

    sha256: str | None
    base: str
    judgement: Judgement
    lessons: int
    steps: int


def adapt(source: Path, report: AnalysisReport, settings: Settings, target: Path, *, report_progress: Report = ignore,
          is_cancelled: IsCancelled = never) -> Adapted:
    """Adapt the cleaner to a recording and write the weights to `target` as safetensors, if what is held out is the
    better for them. settings: as a version would have them, whose noise repair the network is to follow. The same
    recording gives the same weights on processors of one kind, however many cores they have. Raises SourceError for a
    recording that has too little to learn from, and Cancelled.
    """
    settle()
    lessons, held_out = _gathered(source, report, without_network(settings), report_progress, is_cancelled)
    windows = sum(map(len, held_out))
    if len(lessons) < _FEWEST or windows < _FEWEST:
        raise SourceError(gettext_noop("There is too little here to learn the noise from: too few shots that are "
                                       "noisy, long enough and calm enough."))
    own = network("cleaner")
    shipped = read(own.path, own.sha256, own.architecture, own.build).to(device())
    learnt = copy.deepcopy(shipped)
    learn(learnt, lessons, steps=STEPS, seed=_SEED, tell=_telling(report_progress, is_cancelled, "learn", STEPS))
    adapted, said = best_of(shipped, learnt, held_out, strength=(settings.noise.luma, settings.noise.chroma),
                            tell=_telling(report_progress, is_cancelled, "judge", len(SHARES) * windows))
    return Adapted(_written(adapted, target) if said.is_better else None, own.sha256, said, len(lessons), STEPS)


def _gathered(source: Path, report: AnalysisReport, settings: Settings, report_progress: Report,
              is_cancelled: IsCancelled) -> tuple[list[Lesson], list[list[Lesson]]]:
    """Lessons to learn from, and by stretch those held out."""
    parts, dice = chosen_shots(report, settings), np.random.default_rng(_SEED)
    moments = [len(owned_by(part, settings)) for part in parts]
    taught: list[Lesson] = []
    held_out: list[list[Lesson]] = []
    for number, part in enumerate(parts):
        tell = _telling(report_progress, is_cancelled, "gather", sum(moments), before=sum(moments[:number]))
        tell(0)
        stretch = stretch_of(source, report, settings, part, tell=tell, is_cancelled=is_cancelled)
        found = lessons_of(stretch, WINDOWS, dice, is_cancelled=is_cancelled)
        if number % 3 == 1:
            held_out.append(found)
        else:
            taught.extend(found)
    return taught, held_out


def _telling(report_progress: Report, is_cancelled: IsCancelled, phase: Phase, total: int, *, before: int = 0) -> Tell:
    def tell(done: int) -> None:
        check(is_cancelled)
        report_progress(Progress(phase, before + done, total))

    return tell


def _written(network: nn.Module, target: Path) -> str:
    data = save({name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()})
    with written_whole(target) as partial:
        partial.write_bytes(data)
    return hashlib.sha256(data).hexdigest()
