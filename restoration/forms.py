"""Forms of restoration: the settings of a version, deliveries, and weights that people bring."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import pydantic
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.models import Agent
from restoration.actions import presets
from restoration.actions.deliveries import EXTRAS
from restoration.clip_forms import ClipsField
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.facts import Reason
from restoration.engine.settings import Settings
from restoration.models import Adaptation, BeforeAfterClip, Weights
from restoration.setting_fields import (
    Group,
    Row,
    Section,
    Setting,
    form_field,
    idle_networks,
    offer_adapted,
    offer_brought,
    sections,
    value_at,
)


class SettingsForm(forms.Form):
    """All settings of a version, with what was recommended and why beside each."""

    preset = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=2000, label=_("Note to the reviewer"),
                           widget=forms.Textarea(attrs={"rows": 3}))
    without_exceptions = forms.BooleanField(required=False, label=_("Leave these exceptions out"))
    without_retouches = forms.BooleanField(required=False, label=_("Leave these retouches out"))

    def __init__(self, *args: Any, recommended: Settings, reasons: tuple[Reason, ...] = (),
                 start: Settings | None = None, offered: Mapping[str, Iterable[Weights]] | None = None,
                 adapted: Iterable[Adaptation] = (), **kwargs: Any) -> None:
        self.recommended = recommended
        self.reasons = reasons
        self.settings: Settings | None = None
        self.begin = begin = start or recommended
        # What is decided shot by shot or drawn by hand has no field here: it is kept as it was, or left out.
        self.beyond = {"overrides": begin.overrides, "retouch": begin.retouch}
        initial = {setting.path: value_at(begin, setting.path)
                   for section in sections() for setting in section.settings}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        self.fields["preset"] = forms.ChoiceField(required=False, widget=forms.HiddenInput,
                                                  choices=[("", ""), *((name, name) for name in presets.NAMES)])
        for section in sections():
            for setting in section.settings:
                self.fields[setting.path] = form_field(setting)
        for path, rows in (offered or {}).items():
            offer_brought(self, path, rows)
        offer_adapted(self, [each.sha256 for each in adapted])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        built = self._built(cleaned)
        if built:
            self._refuse_idle(built)
        self.settings = None if self.errors else built
        return cleaned

    def _refuse_idle(self, settings: Settings) -> None:
        """An exception may give a network the part that it has nowhere else."""
        for path, told in list(idle_networks(self.cleaned_data)):
            if getattr(settings, path.split(".")[0]).weights not in settings.brought:
                self.add_error(path, told)

    def _built(self, cleaned: Mapping[str, Any]) -> Settings | None:
        nested: dict[str, dict[str, Any]] = {}
        for section in sections():
            for setting in section.settings:
                name, key = setting.path.split(".")
                nested.setdefault(name, {})[key] = cleaned[setting.path]
        switches = {"overrides": "without_exceptions", "retouch": "without_retouches"}
        beyond = {name: () if cleaned[switches[name]] else kept for name, kept in self.beyond.items()}
        try:
            return Settings.model_validate({**nested, **beyond})
        except pydantic.ValidationError as error:
            for problem in error.errors():
                path = ".".join(str(part) for part in problem["loc"][:2])
                self.add_error(path if path in self.fields else None, problem["msg"])
        return None

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
        help_text=_("For wide-range displays: lamps and glints shine beyond white, by how much is reckoned and not "
                    "recorded; skin and shadows stay. For the web: a small file whose grain the player makes. An "
                    "ordinary viewing copy is always part of the package."))
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


class NamingForm(forms.Form):
    """What weights are called, by whose leave they may be used, and where they come from."""

    name = forms.CharField(label=_("Name"), max_length=100,
                           help_text=_("As its makers call it; versions are told by this name."),
                           error_messages={"required": _("Give it the name its makers gave it.")})
    licence = forms.CharField(label=_("Licence"), max_length=200,
                              widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
                              help_text=_("Of the weights, not of the program around them: they often differ."),
                              error_messages={"required": _("Say by which licence these weights may be used.")})
    origin = forms.CharField(label=_("Where it comes from"), max_length=500, required=False,
                             help_text=_("The address, or the person who gave it to you."))


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 3}))


class WeightsForm(NamingForm):
    """A file of weights, and what is said of it."""

    # An empty one is refused where every other is, in a sentence that names it.
    file = forms.FileField(label=_("File of weights"), allow_empty_file=True,
                           widget=forms.FileInput(attrs={"accept": ".pth,.pt,.ckpt,.safetensors"}),
                           error_messages={"required": _("Choose a file.")})
