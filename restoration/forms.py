"""Forms of restoration. The settings form is made from the engine's own models: a setting added there appears here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, cast, get_args, get_origin

import pydantic
from annotated_types import Ge, Gt, Le, Lt, MultipleOf
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from archive.models import Agent
from restoration.actions import adapting, presets, weights
from restoration.actions.deliveries import EXTRAS
from restoration.clip_forms import ClipsField
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.facts import Reason
from restoration.engine.settings import Settings
from restoration.models import Adaptation, BeforeAfterClip, Weights

# The engine's words for a choice are short; these are for people. A word without an entry stands for itself.
ALWAYS_TOLD = ("grain", "master")
WEIGHTS, ADAPTED = "upscale.weights", "noise.weights"
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
        if self.path in (WEIGHTS, ADAPTED):
            told = weights.in_words if self.path == WEIGHTS else adapting.in_words
            return told(value) if value else gettext("None")
        if value is None:
            return gettext("as the source")
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, float):
            return f"{value:.2f}"
        text = str(CHOICE_WORDS.get(value, value))
        return f"{text} {self.unit}".strip()


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    settings: tuple[Setting, ...]

    def is_left_alone(self, settings: Settings) -> bool:
        """Whether these settings do nothing of what the section is about; how a master is written is always told."""
        return self.name not in ALWAYS_TOLD and getattr(settings, self.name).is_off


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
    if setting.path in (WEIGHTS, ADAPTED):
        return forms.TypedChoiceField(choices=[("", gettext("None"))], empty_value=None, **about)
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


def offer_adapted(form: forms.Form, digests: Iterable[str]) -> None:
    """These adapted weights, beside none."""
    cast(forms.ChoiceField, form.fields[ADAPTED]).choices = [
        ("", gettext("None")), *((sha256, adapting.in_words(sha256)) for sha256 in digests)]


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
        if self.setting.choices or self.setting.path in (WEIGHTS, ADAPTED):
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


class SettingsForm(forms.Form):
    """All settings of a version, with what was recommended and why beside each."""

    preset = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=2000, label=_("Note to the reviewer"),
                           widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, recommended: Settings, reasons: tuple[Reason, ...] = (),
                 start: Settings | None = None, offered: Iterable[Weights] = (),
                 adapted: Iterable[Adaptation] = (), **kwargs: Any) -> None:
        self.recommended = recommended
        self.reasons = reasons
        self.settings: Settings | None = None
        self.begin = begin = start or recommended
        # What is decided shot by shot or drawn by hand has no field here, and is kept as it was.
        self.beyond = {"overrides": begin.overrides, "retouch": begin.retouch}
        initial = {setting.path: value_at(begin, setting.path)
                   for section in sections() for setting in section.settings}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        self.fields["preset"] = forms.ChoiceField(required=False, widget=forms.HiddenInput,
                                                  choices=[("", ""), *((name, name) for name in presets.NAMES)])
        for section in sections():
            for setting in section.settings:
                self.fields[setting.path] = form_field(setting)
        cast(forms.ChoiceField, self.fields[WEIGHTS]).choices = [
            ("", gettext("None")), *((each.sha256, f"{each.name}, ×{each.scale} · {each.licence}") for each in offered)]
        offer_adapted(self, [each.sha256 for each in adapted])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        nested: dict[str, dict[str, Any]] = {}
        for section in sections():
            for setting in section.settings:
                name, key = setting.path.split(".")
                nested.setdefault(name, {})[key] = cleaned[setting.path]
        try:
            self.settings = Settings.model_validate({**nested, **self.beyond})
        except pydantic.ValidationError as error:
            for problem in error.errors():
                path = ".".join(str(part) for part in problem["loc"][:2])
                self.add_error(path if path in self.fields else None, problem["msg"])
        return cleaned

    def grouped(self) -> list[Group]:
        return [self._group(section) for section in sections()]

    def _group(self, section: Section) -> Group:
        rows = [self._row(setting) for setting in section.settings]
        is_told = any(row.reasons or row.is_changed or row.bound.errors for row in rows)
        return Group(section, rows, is_open=is_told or not section.is_left_alone(self.begin))

    def _row(self, setting: Setting) -> Row:
        recommended = value_at(self.recommended, setting.path)
        bound = self[setting.path]
        try:
            value = bound.field.clean(bound.value())
        except ValidationError:
            value = None
        reasons = tuple(reason for reason in self.reasons if reason.field == setting.path)
        return Row(setting, bound, recommended, reasons, value != recommended)


class DeliveryForm(forms.Form):
    recipient = forms.ModelChoiceField(
        Agent.objects.none(), label=_("Recipient"), empty_label=_("Choose a recipient"),
        help_text=_("Everybody who logs in for this recipient will see the delivery once it is released."))
    extras = forms.MultipleChoiceField(
        label=_("Also make"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, gettext(PROFILES[name].title)) for name in EXTRAS],
        help_text=_("For wide-range displays: lamps and glints shine as they did, skin and shadows stay. For the web: "
                    "a small file whose grain the player makes. An ordinary viewing copy is always part of the "
                    "package."))
    clips = ClipsField(BeforeAfterClip.objects.none(), label=_("Before/after clips that go along"), required=False,
                       widget=forms.CheckboxSelectMultiple)
    terms = forms.CharField(label=_("Terms"), max_length=10000, widget=forms.Textarea(attrs={"rows": 12}),
                            help_text=_("{recipient} becomes the name of whoever is chosen. The recipient accepts "
                                        "exactly this text before the first download."))

    def __init__(self, *args: Any, recipients: Any, clips: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelMultipleChoiceField, self.fields["clips"]).queryset = clips
        cast(forms.ModelChoiceField, self.fields["recipient"]).queryset = recipients


class AcceptanceForm(forms.Form):
    terms_sha256 = forms.CharField(widget=forms.HiddenInput)
    accepted = forms.BooleanField(label=_("I have read these terms and accept them for my organisation."),
                                  error_messages={"required": _("Tick the box to accept the terms.")})


class WeightsForm(forms.Form):
    """A file of weights, and by whose leave it may be used."""

    # An empty one is refused where every other is, in a sentence that names it.
    file = forms.FileField(label=_("File of weights"), allow_empty_file=True,
                           widget=forms.FileInput(attrs={"accept": ".pth,.pt,.ckpt,.safetensors"}),
                           error_messages={"required": _("Choose a file.")})
    name = forms.CharField(label=_("Name"), max_length=100,
                           help_text=_("As its makers call it; versions are told by this name."),
                           error_messages={"required": _("Give it the name its makers gave it.")})
    licence = forms.CharField(label=_("Licence"), max_length=200,
                              widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
                              help_text=_("Of the weights, not of the program around them: they often differ."),
                              error_messages={"required": _("Say by which licence these weights may be used.")})
    origin = forms.CharField(label=_("Where it comes from"), max_length=500, required=False,
                             help_text=_("The address, or the person who gave it to you."))
