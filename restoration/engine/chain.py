"""What settings mean for a shot: the stages its frames go through, and what comes out of them."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

import torch

from restoration.engine.compute.device import device
from restoration.engine.compute.grain import GrainModel
from restoration.engine.enhancement import upscale
from restoration.engine.enhancement.depth import set_apart
from restoration.engine.enhancement.faces import restore_faces
from restoration.engine.enhancement.lowlight import lift_shadows
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.enhancement.retime import retime
from restoration.engine.errors import Cancelled, EngineError, RepairError, gettext_noop
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.faithfulness import Witness
from restoration.engine.frames import Frame
from restoration.engine.ledger import Ledger
from restoration.engine.mastering import master_matrix
from restoration.engine.media import color
from restoration.engine.media.raster import columns_in_master
from restoration.engine.moments import Moments
from restoration.engine.reaching import followed_by, moments_of, noise_sigma, repaired, repairs_on, wanted_of, whole
from restoration.engine.repair import BEFORE_FIELDS, FIELDS
from restoration.engine.repairing import Repair
from restoration.engine.settings import Settings
from restoration.engine.stage import ShotContext, Stage, Trace
from restoration.engine.texture import TextureWitness

Traces = dict[str, Trace]


def stages(settings: Settings, facts: SourceFacts, shot: Shot, texture: GrainModel | None = None, *,
           traces: Traces | None = None, ledger: Ledger | None = None, witness: Witness | None = None,
           texture_witness: TextureWitness | None = None, only: int | None = None) -> list[Stage]:
    """What happens to the frames of a shot, in this order: they go where the arithmetic is, are repaired, those around
    the shot are dropped as soon as nobody looks at them any more, the others become the master's.

    texture: what `scouting.texture_of` found, where grain is to be given back; traces: what `scouting.traces_of`
    found; witness: who measures what enhancement adds; texture_witness: who measures what noise reduction takes; only:
    the one frame of the master that anybody wants, None for all of the shot's.
    """
    moments = moments_of(settings)
    kept = ledger or Ledger(shot.start, shot.end, moments)
    wanted = moments.owned(shot.start, shot.end) if only is None else range(only, only + 1)
    followed, beyond = followed_by(moments, wanted), upscale.reach(settings.upscale)
    chosen = [to_device, *_repairing(settings, facts, shot, followed, traces or {}, kept, texture_witness),
              color.matrix_for(master_matrix(settings, facts))]
    context = context_of(facts, shot, moments.before_retiming)
    left = replace(context, noise_sigma=(0.0, 0.0)) if settings.noise.enabled else context
    enhancing: list[Stage] = []
    if settings.lowlight.enabled:
        chosen.append(lift_shadows(settings.lowlight, left))
    if settings.faces.enabled:
        enhancing.append(restore_faces(settings.faces, left))
    if settings.depth.enabled:
        enhancing.append(set_apart(settings.depth, left))
    (enhancing or chosen).append(_only(range(followed.start - beyond, followed.stop + beyond)))
    if settings.upscale.height is not None:
        enhancing.append(upscale.upscale(settings.upscale, replace(context, wanted=followed)))
    if moments.retimed != 1:
        enhancing.append(retime(settings.retime, replace(context, moments=moments, wanted=wanted)))
    if texture is not None:
        enhancing.append(grain_back(settings, facts, shot, texture))
    if witness is None or not enhancing:
        return chosen + enhancing
    return [*chosen, witness.before(), *enhancing, witness.behind()]


def grain_back(settings: Settings, facts: SourceFacts, shot: Shot, texture: GrainModel) -> Stage:
    """The last stage of a shot that is given its grain back."""
    return regrain(settings.grain, context_of(facts, shot, repaired(settings)), texture)


def witness_of(settings: Settings, facts: SourceFacts, shot: Shot) -> Witness:
    """Who measures what enhancement adds to a shot, or to a part of one."""
    columns = columns_in_master(facts.width, facts.height, facts.pixel_aspect, settings)
    moments = moments_of(settings)
    return Witness(moments.before_retiming.first(whole(shot)[0]), *columns, moments=moments,
                   pixel_aspect=float(facts.pixel_aspect))


def through(frames: Iterable[Frame], chosen: Sequence[Stage]) -> Generator[Frame]:
    """Frames as they come out of the last stage."""
    with torch.no_grad():
        passing = iter(frames)
        for stage in chosen:
            passing = stage(passing)
        yield from passing


def context_of(facts: SourceFacts, shot: Shot, moments: Moments) -> ShotContext:
    return ShotContext(rate=moments.rate(facts.rate), pixel_aspect=facts.pixel_aspect, noise_sigma=noise_sigma(shot),
                       seed=whole(shot)[0], moments=moments)


def mending(repair: Repair, settings: Settings, facts: SourceFacts, shot: Shot, followed: range, traces: Traces,
            ledger: Ledger) -> Stage:
    """The repair's stage, which names itself and the frame when it fails."""
    is_before = repair in BEFORE_FIELDS or repair is FIELDS
    note, flag = ledger.pen(repair.name, of_source=repair in BEFORE_FIELDS)
    has_fields = is_before and facts.scan != "progressive"
    context = replace(context_of(facts, shot, Moments() if is_before else repaired(settings)), note=note, flag=flag,
                      trace=traces.get(repair.name), order=settings.fields.order if has_fields else None,
                      wanted=wanted_of(repair, settings, shot, followed))
    return _named(repair.name, repair.mend(getattr(settings, repair.name), context))


def _repairing(settings: Settings, facts: SourceFacts, shot: Shot, followed: range, traces: Traces, ledger: Ledger,
               witness: TextureWitness | None) -> Iterator[Stage]:
    for repair in repairs_on(settings):
        mended = mending(repair, settings, facts, shot, followed, traces, ledger)
        yield from (mended,) if witness is None or repair.name != "noise" else (
            witness.before(), mended, witness.behind())


def _named(name: str, stage: Stage) -> Stage:
    def watched(frames: Iterator[Frame]) -> Iterator[Frame]:
        entered, before = -1, None

        def entering() -> Iterator[Frame]:
            nonlocal entered, before
            try:
                for frame in frames:
                    entered = frame.number
                    yield frame
            except Exception as error:
                before = error
                raise

        try:
            yield from stage(entering())
        except (EngineError, Cancelled):
            raise
        except Exception as error:
            if error is before:  # Failed before it came here: no fault of this repair.
                raise
            raise RepairError(gettext_noop("The repair “{repair}” failed at frame {frame}. Leave it out for this shot, "
                                           "or send us the reference."), repair=name, frame=entered) from error

    watched.__name__ = name
    return watched


def to_device(frames: Iterator[Frame]) -> Iterator[Frame]:
    """The writer brings them back."""
    for frame in frames:
        yield frame.with_planes(frame.planes.to(device()))


def _only(own: range) -> Stage:
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        return (frame for frame in frames if frame.number in own)

    return stage
