"""What settings mean for a shot: the stages its frames go through, how far these look, and what comes out of them."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path

import torch

from restoration.engine.compute.device import device
from restoration.engine.compute.grain import GrainModel, measure
from restoration.engine.enhancement import upscale
from restoration.engine.enhancement.depth import REACH as DEPTH_REACH
from restoration.engine.enhancement.depth import set_apart
from restoration.engine.enhancement.faces import REACH as FACES_REACH
from restoration.engine.enhancement.faces import restore_faces
from restoration.engine.enhancement.lowlight import lift_shadows
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.enhancement.retime import retime
from restoration.engine.errors import Cancelled, EngineError, RepairError, gettext_noop
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.faithfulness import Witness
from restoration.engine.frames import Frame
from restoration.engine.ledger import Ledger
from restoration.engine.media import color
from restoration.engine.media.raster import columns_in_master
from restoration.engine.media.reader import read
from restoration.engine.moments import Moments
from restoration.engine.repair import AFTER_FIELDS, BEFORE_FIELDS, FIELDS, REPAIRS
from restoration.engine.repairing import Repair
from restoration.engine.settings import Settings
from restoration.engine.stage import ShotContext, Stage, Trace
from restoration.engine.survey import trace_of
from restoration.engine.texture import TextureWitness

Traces = dict[str, Trace]


def stages(settings: Settings, facts: SourceFacts, shot: Shot, texture: GrainModel | None = None, *,
           traces: Traces | None = None, ledger: Ledger | None = None, witness: Witness | None = None,
           texture_witness: TextureWitness | None = None, only: int | None = None) -> list[Stage]:
    """What happens to the frames of a shot, in this order: they go where the arithmetic is, are repaired, those around
    the shot are dropped as soon as nobody looks at them any more, the others become the master's.

    texture: what `texture_of` found, where grain is to be given back; traces: what `traces_of` found; witness: who
    measures what enhancement adds; texture_witness: who measures what noise reduction takes; only: the one frame of the
    master that anybody wants, None for all of the shot's.
    """
    moments = moments_of(settings)
    kept = ledger or Ledger(shot.start, shot.end, moments)
    wanted = moments.owned(shot.start, shot.end) if only is None else range(only, only + 1)
    followed, beyond = _followed(moments, wanted), upscale.reach(settings.upscale)
    chosen = [_to_device, *_repairing(settings, facts, shot, followed, traces or {}, kept, texture_witness),
              color.matrix_for(master_matrix(settings, facts))]
    context = _context(facts, shot, moments.before_retiming)
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
    return regrain(settings.grain, _context(facts, shot, _repaired(settings)), texture)


def witness_of(settings: Settings, facts: SourceFacts, shot: Shot) -> Witness:
    """Who measures what enhancement adds to a shot, or to a part of one."""
    columns = columns_in_master(facts.width, facts.height, facts.pixel_aspect, settings)
    moments = moments_of(settings)
    return Witness(moments.before_retiming.first(whole(shot)[0]), *columns, moments=moments,
                   pixel_aspect=float(facts.pixel_aspect))


def repairs_on(settings: Settings) -> list[Repair]:
    """The repairs that these settings ask for, in the order in which they run."""
    return [repair for repair in REPAIRS if repair.is_on(getattr(settings, repair.name))]


def traces_of(source: Path, settings: Settings, facts: SourceFacts, shot: Shot) -> Traces:
    """What the repairs that need a longer time know of it, from a look at the frames around the shot as they are."""
    wanted = [repair for repair in repairs_on(settings) if repair.tracer is not None]
    if not wanted:
        return {}
    moments = _repaired(settings)
    low, high = whole(shot)
    before, after = _reaches(settings)
    around = before + moments.around(max(repair.trace_reach for repair in wanted) + before + after)
    first, last = max(low, shot.start - around), min(high, shot.end + around)
    frames: Iterator[Frame] = read(source, facts, first, last)
    if settings.fields.method == "film":
        # Fields of one film frame must give one row, so the film is put together first.
        frames = through(frames, [_to_device, FIELDS.mend(settings.fields, _context(facts, shot, moments))])
    return {repair.name: trace for repair, trace in zip(
        wanted, trace_of(frames, [repair.tracer() for repair in wanted if repair.tracer],
                         order=settings.fields.order if settings.fields.method == "frames" else None), strict=True)}


def texture_of(source: Path, settings: Settings, facts: SourceFacts, shot: Shot) -> GrainModel | None:
    """The texture that noise reduction takes from the frame in the middle of the whole shot: the same for every part of
    it, whoever makes that. None where no grain is to be given back.
    """
    number = texture_frame(settings, shot)
    if number is None:
        return None
    low, high = whole(shot)
    one = shot.model_copy(update={"start": (low + high) // 2, "end": _repaired(settings).source_frame(number) + 1,
                                  "within": (low, high)})
    with closing(through_noise(source, settings, facts, one)) as pairs:
        noisy, cleaned = next(pair for pair in pairs if pair[0].number == number)
    return measure(noisy.planes, cleaned.planes)


def texture_frame(settings: Settings, shot: Shot) -> int | None:
    """The number, among the frames that repairs make, of the one that tells the whole shot's texture; None where no
    grain is to be given back."""
    if not (settings.noise.enabled and settings.grain.amount and any(noise_sigma(shot))):
        return None
    (low, high), moments = whole(shot), _repaired(settings)
    number = moments.first((low + high) // 2)
    return number if number in moments.owned(low, high) else None


def through_noise(source: Path, settings: Settings, facts: SourceFacts,
                  shot: Shot) -> Generator[tuple[Frame, Frame]]:
    """Each moment of a shot and of the frames around it that noise reduction reaches, before and behind it; whatever
    stands in the chain after it is left out."""
    waiting: deque[Frame] = deque()

    def noted(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            waiting.append(frame)
            yield frame

    moments = moments_of(settings)
    traces, ledger = traces_of(source, settings, facts, shot), Ledger(0, 0, moments.before_retiming)
    followed = _followed(moments, moments.owned(shot.start, shot.end))
    chosen: list[Stage] = [_to_device]
    for repair in repairs_on(settings):
        if repair.name == "noise":
            chosen.append(noted)
        chosen.append(_mending(repair, settings, facts, shot, followed, traces, ledger))
        if repair.name == "noise":
            break
    with closing(through(read(source, facts, *frames_around(shot, settings)), chosen)) as frames:
        for frame in frames:
            yield waiting.popleft(), frame


def through(frames: Iterable[Frame], chosen: Sequence[Stage]) -> Generator[Frame]:
    """Frames as they come out of the last stage."""
    with torch.no_grad():
        passing = iter(frames)
        for stage in chosen:
            passing = stage(passing)
        yield from passing


def frames_around(shot: Shot, settings: Settings) -> tuple[int, int]:
    """The source frames to read for a shot: as far around it as its stages look, within its cuts."""
    before, after = _reaches(settings)
    around = before + moments_of(settings).around(after)
    low, high = whole(shot)
    return max(low, shot.start - around), min(high, shot.end + around)


def whole(shot: Shot) -> tuple[int, int]:
    """The bounds of the whole shot that this may be a part of."""
    return shot.within or (shot.start, shot.end)


def noise_sigma(shot: Shot) -> tuple[float, float]:
    return shot.noise_luma or 0.0, shot.noise_chroma or 0.0


def moments_of(settings: Settings) -> Moments:
    """How the master's frames lie in the source's time."""
    return Moments.of(settings.fields, settings.retime)


def master_pixel_aspect(settings: Settings, facts: SourceFacts) -> Fraction:
    return facts.pixel_aspect if settings.upscale.height is None else Fraction(1)


def master_matrix(settings: Settings, facts: SourceFacts) -> str:
    """FFmpeg's name of the matrix the master is written with. Within BT.601 the source's own name is kept."""
    height = settings.upscale.height or facts.height
    wants_709 = height >= 720 if settings.master.matrix == "follow raster" else settings.master.matrix == "bt709"
    if wants_709:
        return "bt709"
    if facts.matrix in ("smpte170m", "bt470bg"):
        return facts.matrix
    return "bt470bg" if facts.height in (288, 576) else "smpte170m"


def start_timecode(facts: SourceFacts, start: int, moments: Moments) -> str | None:
    """The label of the master's first frame; none where the source has none."""
    if facts.start_timecode is None:
        return None
    return moments.label(facts.start_timecode, facts.rate, start, drop_frame=facts.drop_frame)


def _repaired(settings: Settings) -> Moments:
    """How the frames that the repairs make lie in the source's time."""
    return moments_of(settings).before_retiming


def _followed(moments: Moments, wanted: range) -> range:
    """The repairs' frames that those of the master are made of: their own, and where some lie in between, the next."""
    if moments.retimed == 1 or not wanted:
        return wanted
    first, last = (floor(moments.from_repaired(number)) for number in (wanted.start, wanted.stop - 1))
    return range(first, last + 2)


def _context(facts: SourceFacts, shot: Shot, moments: Moments) -> ShotContext:
    return ShotContext(rate=moments.rate(facts.rate), pixel_aspect=facts.pixel_aspect, noise_sigma=noise_sigma(shot),
                       seed=whole(shot)[0], moments=moments)


def _mending(repair: Repair, settings: Settings, facts: SourceFacts, shot: Shot, followed: range, traces: Traces,
             ledger: Ledger) -> Stage:
    """The repair's stage, which names itself and the frame when it fails."""
    is_before = repair in BEFORE_FIELDS or repair is FIELDS
    note, flag = ledger.pen(repair.name, of_source=repair in BEFORE_FIELDS)
    has_fields = is_before and facts.scan != "progressive"
    context = replace(_context(facts, shot, Moments() if is_before else _repaired(settings)), note=note, flag=flag,
                      trace=traces.get(repair.name), order=settings.fields.order if has_fields else None,
                      wanted=_wanted_of(repair, settings, shot, followed))
    return _named(repair.name, repair.mend(getattr(settings, repair.name), context))


def _repairing(settings: Settings, facts: SourceFacts, shot: Shot, followed: range, traces: Traces, ledger: Ledger,
               witness: TextureWitness | None) -> Iterator[Stage]:
    for repair in repairs_on(settings):
        mended = _mending(repair, settings, facts, shot, followed, traces, ledger)
        yield from (mended,) if witness is None or repair.name != "noise" else (
            witness.before(), mended, witness.behind())


def _named(name: str, stage: Stage) -> Stage:
    def watched(frames: Iterator[Frame]) -> Iterator[Frame]:
        entered = -1

        def entering() -> Iterator[Frame]:
            nonlocal entered
            for frame in frames:
                entered = frame.number
                yield frame

        try:
            yield from stage(entering())
        except (EngineError, Cancelled):
            raise
        except Exception as error:
            raise RepairError(gettext_noop("The repair “{repair}” failed at frame {frame}. Leave it out for this shot, "
                                           "or send us the reference."), repair=name, frame=entered) from error

    return watched


def _reaches(settings: Settings) -> tuple[int, int]:
    """How far all stages until fields become frames look, in source frames, and those from there on, in moments."""
    return (_reach_of((*BEFORE_FIELDS, FIELDS), settings), _reach_of(AFTER_FIELDS, settings) + _beyond(settings))


def _reach_of(repairs: Sequence[Repair], settings: Settings) -> int:
    return sum(repair.reach(getattr(settings, repair.name)) for repair in repairs
               if repair.is_on(getattr(settings, repair.name)))


def _beyond(settings: Settings) -> int:
    """How many moments on each side enhancement looks at."""
    return (FACES_REACH * settings.faces.enabled + DEPTH_REACH * settings.depth.enabled
            + upscale.reach(settings.upscale) + (moments_of(settings).retimed != 1))


def _wanted_of(repair: Repair, settings: Settings, shot: Shot, followed: range) -> range:
    """Of the frames that leave this repair those that the master's follow, and those around them that the stages after
    it look at."""
    on, moments = repairs_on(settings), _repaired(settings)
    following = on[on.index(repair) + 1:]
    after = _reach_of([one for one in following if one in AFTER_FIELDS], settings) + _beyond(settings)
    if repair in BEFORE_FIELDS:
        around = _reach_of([one for one in following if one not in AFTER_FIELDS], settings) + moments.around(after)
        return range(shot.start - around, shot.end + around)
    return range(followed.start - after, followed.stop + after)


def _to_device(frames: Iterator[Frame]) -> Iterator[Frame]:
    """The writer brings them back."""
    for frame in frames:
        yield frame.with_planes(frame.planes.to(device()))


def _only(own: range) -> Stage:
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        return (frame for frame in frames if frame.number in own)

    return stage
