"""Whether settings suit their source, and what a preset becomes for it. Light: no torch."""

from fractions import Fraction
from typing import NoReturn

from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import SourceFacts
from restoration.engine.media.raster import target_raster
from restoration.engine.moments import Moments
from restoration.engine.settings import RetimeSettings, Settings, UpscaleSettings
from restoration.engine.settings.whole import ALWAYS_TOLD

WIDEST = 8192
SMALLEST = 12  # Columns and lines: in less no motion is searched for.
FASTEST = 60  # Frames a second of a master with frames in between.


def fitted(settings: Settings, source: SourceFacts) -> Settings:
    """A preset's settings as far as they suit this source: its own field order, frames of fields where it has fields
    that would be scaled, or film put together again where it is telecined, none where it has none; and no master that
    is smaller than the source, or too wide. Of the smallest pictures nothing but the master is left."""
    if min(source.width, source.height) < SMALLEST:
        return Settings(grain=settings.grain, master=settings.master)
    fields, upscale = settings.fields, settings.upscale
    if upscale.height is not None and (upscale.height < source.height or made_width(upscale, source) > WIDEST):
        upscale = upscale.model_copy(update={"height": None})
    if source.scan == "progressive":
        fields = fields.model_copy(update={"method": "none"})
    else:
        asked = upscale.height is not None or _looks_at_moments(settings) or fields.method != "none"
        method = "none" if not asked else "film" if source.scan == "telecined" else "frames"
        fields = fields.model_copy(update={"method": method, "order": source.field_order or fields.order})
    fit = settings.model_copy(update={"fields": fields, "upscale": upscale})
    return fit if _retimed_well(fit, source) else fit.model_copy(update={"retime": RetimeSettings()})


def made_width(upscale: UpscaleSettings, source: SourceFacts) -> int:
    """Columns of the master."""
    return target_raster(source.width, source.height, source.pixel_aspect, upscale)[0]


def _retimed_well(settings: Settings, source: SourceFacts) -> bool:
    return settings.retime.is_off or (not _has_fields(settings, source) and _made_rate(settings, source) <= FASTEST)


def _has_fields(settings: Settings, source: SourceFacts) -> bool:
    """Whether what enters the enhancement are fields, or whole frames made of single fields."""
    return settings.fields.method == "frames" or (source.scan != "progressive" and settings.fields.method == "none")


def _made_rate(settings: Settings, source: SourceFacts) -> Fraction:
    return Moments.of(settings.fields, settings.retime).rate(source.rate)


def _looks_at_moments(settings: Settings) -> bool:
    """Whether something in it looks at whole moments, which frames of two fields are not."""
    return settings.faces.enabled or settings.depth.enabled


def refuse_unfit(settings: Settings, source: SourceFacts) -> None:
    """Raise SettingsError, with one sentence that says what to change, for settings that would spoil this source."""
    if min(source.width, source.height) < SMALLEST and not _keeps_all(settings):
        raise SettingsError(gettext_noop("“{name}” is {width}×{height}: pictures of less than {smallest} columns or "
                                         "lines are kept as they are alone. Choose “Nothing but a lossless master”."),
                            name=source.name, width=source.width, height=source.height, smallest=SMALLEST)
    if not _retimed_well(settings, source):
        _refuse_retiming(settings, source)
    makes_frames, height = settings.fields.method != "none", settings.upscale.height
    if makes_frames and source.height % 2:
        raise SettingsError(gettext_noop("“{name}” has {lines} lines, an odd number, so it holds no pairs of fields. "
                                         "Set “Fields to frames” to “None”."), name=source.name, lines=source.height)
    if settings.fields.method == "film" and source.scan not in ("telecined", "mixed"):
        raise SettingsError(gettext_noop("No film was found spread over the fields of “{name}”; motion would be lost. "
                                         "Set “Fields to frames” to “One whole frame of each field”, or to “None” "
                                         "where it has whole frames."),
                            name=source.name)
    if _asks(settings, "faces") and source.scan != "progressive" and not makes_frames:
        raise SettingsError(gettext_noop("“{name}” has two fields in a frame; faces are joined from whole frames. Set "
                                         "“Fields to frames” to “One whole frame of each field”, or “The film's own "
                                         "frames again” for film, or leave faces as they are."), name=source.name)
    if _asks(settings, "depth") and source.scan != "progressive" and not makes_frames:
        raise SettingsError(gettext_noop("“{name}” has two fields in a frame; layers are told from whole frames. Set "
                                         "“Fields to frames” to “One whole frame of each field”, or “The film's own "
                                         "frames again” for film, or leave layers as they are."), name=source.name)
    if height is None:
        return
    if source.scan != "progressive" and not makes_frames:
        raise SettingsError(gettext_noop("“{name}” has two fields in a frame; scaled as they lie they would comb. Set "
                                         "“Fields to frames” to “One whole frame of each field”, or “The film's own "
                                         "frames again” for film, or leave the height of the master empty."),
                            name=source.name)
    if height < source.height:
        raise SettingsError(gettext_noop("A master of {height} lines would hold less than the {lines} lines of "
                                         "“{name}”. Choose more, or leave the height of the master empty: smaller "
                                         "copies are made for delivery."),
                            height=height, lines=source.height, name=source.name)
    width = made_width(settings.upscale, source)
    if width > WIDEST:
        raise SettingsError(gettext_noop("“{name}” would become {width} columns wide at {height} lines; {widest} are "
                                         "the most. Choose a smaller height of the master."),
                            name=source.name, width=width, height=height, widest=WIDEST)


def _asks(settings: Settings, section: str) -> bool:
    """Whether a section is on, for the whole reel or for a part of it."""
    return any(held.enabled for held in settings.anywhere(section))


def _keeps_all(settings: Settings) -> bool:
    return not settings.overrides and all(settings.leaves_alone(name) for name, _field in settings.sections()
                                          if name not in ALWAYS_TOLD)


def _refuse_retiming(settings: Settings, source: SourceFacts) -> NoReturn:
    if _has_fields(settings, source):
        raise SettingsError(gettext_noop("The fields of “{name}” are all the moments that there are; none is made in "
                                         "between. Set “Frame rate” to “As it is”; for film over fields, “Fields to "
                                         "frames” to “The film's own frames again”."), name=source.name)
    doubled = settings.model_copy(update={"retime": RetimeSettings(rate="double")})
    if _retimed_well(doubled, source):
        text = gettext_noop("“{name}” would have {rate} frames a second; {fastest} are the most. Set “Frame rate” to "
                            "“Twice as many”, or to “As it is”.")
    else:
        text = gettext_noop("“{name}” would have {rate} frames a second; {fastest} are the most, so there is no room "
                            "for frames in between. Set “Frame rate” to “As it is”.")
    raise SettingsError(text, name=source.name, rate=f"{float(_made_rate(settings, source)):.5g}", fastest=FASTEST)
