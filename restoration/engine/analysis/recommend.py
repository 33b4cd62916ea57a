"""What to do about what was found: settings, and a reason with numbers for each that departs from “leave it alone”.

The old stays old: noise goes only as far as it can be told from picture, grain comes back, nothing modern and clean is
touched.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from restoration.engine.analysis.advising import advise
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Reason, Recommendation, Shot, SourceFacts
from restoration.engine.fitting import WIDEST, made_width
from restoration.engine.networks.registry import upscaler
from restoration.engine.settings import (
    LARGE,
    FieldsSettings,
    GrainSettings,
    NoiseSettings,
    Settings,
    UpscaleSettings,
)

WORTH_REDUCING = 1.5  # Luma sigma in 1/255: below it only a trained eye sees noise.
WORTH_REDUCING_COLOUR = 2.0
STRONG = 6.0
LEAST_SAID = 0.05  # Noise in colour, in 1/255, of which less is none.
SD_LINES = 576
LOWEST_MASTER = 120  # A thumbnail gains nothing from being made larger.
FILM_RATES = (Fraction(24), Fraction(24000, 1001), Fraction(16), Fraction(18), Fraction(20))


def recommend(source: SourceFacts, shots: Sequence[Shot], *, is_grainy: bool | None = None,
              has_gpu: bool = False) -> Recommendation:
    """Preset, settings and reasons for a source whose scan was measured, and its described shots. is_grainy: whether
    its noise is clumped as film grain is, None where that could not be told; has_gpu: whether the networks made for one
    would be quick."""
    reasons: list[Reason] = []
    fields = _fields(source, reasons)
    luma, chroma = _level(shots, "noise_luma"), _level(shots, "noise_chroma")
    is_film = source.scan == "telecined" or (fields.method == "none"
                                            and (is_grainy is True or source.rate in FILM_RATES))
    noise = _noise(luma, chroma, is_film, reasons)
    upscale = UpscaleSettings() if _would_scale_combs(source, shots, fields) else _upscale(source, is_film, reasons)
    grain = _grain(luma, is_film, reasons) if noise.enabled else GrainSettings()
    settings, further = advise(Settings(fields=fields, noise=noise, upscale=upscale, grain=grain), shots)
    reasons.extend(further)
    if settings.softness.enabled and settings.upscale.height is not None:
        settings = settings.model_copy(update={
            "upscale": settings.upscale.model_copy(update={"method": "filters"})})
        reasons.append(_reason("upscale.method", gettext_noop("Of a tape whose softness is mended, filters make as "
                                                              "good a picture as the network and take less time.")))
    if has_gpu:
        settings = _by_larger_networks(settings, source, shots, reasons)
    touched = settings != Settings(fields=FieldsSettings(order=fields.order))
    if source.is_variable_rate and touched:
        reasons.append(_reason("master", gettext_noop("The time between frames varies; the master has {rate:.3f} "
                                                      "frames a second throughout."), rate=float(source.rate)))
    preset = "as-is" if not touched else "film" if is_film else "tape"
    if preset == "tape" and fields.method == "none" and not noise.enabled:
        reasons.append(_reason("master", gettext_noop("Whole frames with little noise ({luma:.1f}/255): only the size "
                                                      "is changed, the rest of the preset for tape is left off."),
                               luma=255 * luma))
    if not touched:
        reasons.append(_reason("master", gettext_noop("Whole frames of {width}×{height} with little noise "
                                                      "({luma:.1f}/255): nothing needs mending."),
                               width=source.width, height=source.height, luma=255 * luma))
    return Recommendation(preset=preset, reasons=tuple(reasons), settings=settings)


def _by_larger_networks(settings: Settings, source: SourceFacts, shots: Sequence[Shot],
                        reasons: list[Reason]) -> Settings:
    """Wherever a network of our own is asked for that has a larger one beside it."""
    height, larger = settings.upscale.height, []
    if (height is not None and settings.upscale.method == "network"
            and upscaler(source.height, height, is_large=True) != upscaler(source.height, height)):
        larger.append(("upscale", "method"))
    if any(settings.noise.asks_network(shot.noise_luma or 0.0) for shot in shots):
        larger.append(("noise", "network"))
    for section, field in larger:
        changed = getattr(settings, section).model_copy(update={field: LARGE})
        settings = settings.model_copy(update={section: changed})
        reasons.append(_reason(f"{section}.{field}", gettext_noop("There is a GPU, which makes the larger network "
                                                                  "quick.")))
    return settings


def _reason(field: str, text: str, **values: Any) -> Reason:
    return Reason(field=field, text=text, values=values)


def _level(shots: Sequence[Shot], name: str) -> float:
    """The level that half of all measured frames stay under."""
    measured = sorted((getattr(shot, name), shot.frames) for shot in shots if getattr(shot, name) is not None)
    passed, half = 0, sum(frames for _, frames in measured) / 2
    for level, frames in measured:
        passed += frames
        if passed >= half:
            return float(level)
    return 0.0


def _fields(source: SourceFacts, reasons: list[Reason]) -> FieldsSettings:
    order = source.field_order or "tff"
    told = {"order": gettext_noop("top field first") if order == "tff" else gettext_noop("bottom field first"),
            "rate": float(2 * source.rate), "film": float(source.rate * 4 / 5)}
    if source.scan == "interlaced":
        reasons.append(_reason("fields.method", gettext_noop(
            "The two fields of a frame show two moments, {order}: one whole frame of each gives {rate:.2f} frames a "
            "second and all the motion there is."), **told))
        return FieldsSettings(method="frames", order=order, weave_film=False)
    if source.scan == "mixed":
        reasons.append(_reason("fields.method", gettext_noop(
            "Some shots are fields of two moments, {order}, others film or whole frames: one whole frame of each "
            "field, {rate:.2f} a second, is right for all; those of film are woven of fields that belong together."),
                               **told))
        return FieldsSettings(method="frames", order=order)
    if source.scan == "telecined":
        reasons.append(_reason("fields.method", gettext_noop(
            "This is film spread over fields ({order}): two frames in five are combed. The film's own frames are put "
            "together again, {film:.3f} a second; where an edit of the tape broke the rhythm one may repeat or be "
            "lost, and none is mixed."), **told))
        if source.drop_frame:
            reasons.append(_reason("fields.method", gettext_noop(
                "The source's timecode drops frame numbers; at {film:.3f} frames a second there is no such counting. "
                "The master's first label has the source's hour, minute and second; the others fall behind by 3.6 "
                "seconds in an hour."), **told))
        return FieldsSettings(method="film", order=order)
    return FieldsSettings(order=order)


def _noise(luma: float, chroma: float, is_film: bool, reasons: list[Reason]) -> NoiseSettings:
    """Stronger and over more frames the more noise there is; film more gently, since its grain is picture."""
    level, colour = 255 * luma, 255 * chroma
    if level < WORTH_REDUCING and colour < WORTH_REDUCING_COLOUR:
        return NoiseSettings()
    share = min(1.0, max(0.0, (level - WORTH_REDUCING) / (STRONG - WORTH_REDUCING)))
    strength = round((0.3 if is_film else 0.4) + (0.15 if is_film else 0.3) * share, 2)
    in_colour = round(min(1.0, (0.4 if is_film else 0.6) + 0.3 * min(1.0, colour / 8)), 2)
    radius = 3 if level > STRONG else 2 if level > 2.5 or colour > 4 else 1
    settings = NoiseSettings(enabled=True, luma=strength, chroma=in_colour, radius=radius)
    reasons.extend(_why_noise(level, colour, settings))
    return settings


def _why_noise(level: float, colour: float, settings: NoiseSettings) -> Iterator[Reason]:
    """In words; of colour nothing is said where there is no noise in it, as on black-and-white film."""
    told = {"luma": level, "chroma": colour, "radius": settings.radius, "strength": settings.luma,
            "colour": settings.chroma}
    has_colour = colour >= LEAST_SAID
    yield _reason("noise.enabled", gettext_noop("Noise of {luma:.1f}/255 in brightness and {chroma:.1f}/255 in colour "
                                                "can be seen.") if has_colour else
                  gettext_noop("Noise of {luma:.1f}/255 in brightness can be seen."), **told)
    yield _reason("noise.luma", gettext_noop("Strength {strength:.2f} suits noise of {luma:.1f}/255 and leaves fine "
                                             "detail alone."), **told)
    if has_colour:
        yield _reason("noise.chroma", gettext_noop("Strength {colour:.2f} in colour, where noise of {chroma:.1f}/255 "
                                                   "hides no detail."), **told)
    yield _reason("noise.radius", gettext_noop("One neighbour on each side is enough for noise of {luma:.1f}/255.")
                  if settings.radius == 1 else
                  gettext_noop("{radius} neighbours on each side are enough for noise of {luma:.1f}/255."), **told)


def _would_scale_combs(source: SourceFacts, shots: Sequence[Shot], fields: FieldsSettings) -> bool:
    """Whether lines of two moments would be stretched: combs that nothing can mend any more."""
    is_combed = any(defect.name == "combing" for shot in shots for defect in shot.defects)
    return fields.method == "none" and (source.scan != "progressive" or is_combed)


def _upscale(source: SourceFacts, is_film: bool, reasons: list[Reason]) -> UpscaleSettings:
    """Standard definition to 2160 lines at most, film to 1080 at most twice its size; high definition stays, and what
    would become too wide."""
    if source.height > SD_LINES or source.frames < 2:
        return UpscaleSettings()
    height = min(1080, 2 * source.height) // 2 * 2 if is_film else 2160
    if not is_film and source.height < 400:
        height = 4 * source.height // 2 * 2
    if height < LOWEST_MASTER:
        return UpscaleSettings()
    settings = UpscaleSettings(height=height)
    width = made_width(settings, source)
    if width > WIDEST:
        return UpscaleSettings()
    text = gettext_noop("Film holds little beyond twice its {lines} lines: {width}×{height} with square pixels.") \
        if is_film else gettext_noop("{lines} lines become {width}×{height} with square pixels, for today's screens.")
    reasons.append(_reason("upscale.height", text, lines=source.height, width=width, height=height))
    return settings


def _grain(luma: float, is_film: bool, reasons: list[Reason]) -> GrainSettings:
    """Film keeps most of its grain; of a tape's noise a share comes back, less the more there was."""
    level = 255 * luma
    amount = 0.7 if is_film else round(max(0.15, 0.35 - 0.02 * level), 2)
    text = gettext_noop("Grain is part of a film: {share:.0%} of its {luma:.1f}/255 is given back.") if is_film else \
        gettext_noop("{share:.0%} of the texture of {luma:.1f}/255 is given back, so that faces do not turn to wax.")
    reasons.append(_reason("grain.amount", text, share=amount, luma=level))
    return GrainSettings(amount=amount)
