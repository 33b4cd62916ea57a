"""Everything that determines a result, in one place.

These models feed the form, the JSON stored in a version, the documentation and the tests. Each field has a title, a
unit where it has one, its range, and the reason why one would change it. Titles and descriptions are English and
marked for translation.
"""

from restoration.engine.settings.enhancements import (
    DepthSettings,
    FacesSettings,
    GrainSettings,
    LowlightSettings,
    MasterSettings,
    RetimeSettings,
    UpscaleSettings,
)
from restoration.engine.settings.exceptions import Override
from restoration.engine.settings.presets import PRESETS, Preset, preset
from restoration.engine.settings.repairs import (
    BandingSettings,
    BlockingSettings,
    BlotchesSettings,
    ChromaDelaySettings,
    CrosscolorSettings,
    DropoutsSettings,
    FadeSettings,
    FieldsSettings,
    FlickerSettings,
    LineJitterSettings,
    NoiseSettings,
    ScratchesSettings,
    SoftnessSettings,
    WeaveSettings,
)
from restoration.engine.settings.retouching import Retouch
from restoration.engine.settings.section import LARGE, Section
from restoration.engine.settings.whole import OF_OTHERS, REEL_CONSTANT, Settings, parse

__all__ = [
    "LARGE",
    "OF_OTHERS",
    "PRESETS",
    "REEL_CONSTANT",
    "BandingSettings",
    "BlockingSettings",
    "BlotchesSettings",
    "ChromaDelaySettings",
    "CrosscolorSettings",
    "DepthSettings",
    "DropoutsSettings",
    "FacesSettings",
    "FadeSettings",
    "FieldsSettings",
    "FlickerSettings",
    "GrainSettings",
    "LineJitterSettings",
    "LowlightSettings",
    "MasterSettings",
    "NoiseSettings",
    "Override",
    "Preset",
    "RetimeSettings",
    "Retouch",
    "ScratchesSettings",
    "Section",
    "Settings",
    "SoftnessSettings",
    "UpscaleSettings",
    "WeaveSettings",
    "parse",
    "preset",
]
