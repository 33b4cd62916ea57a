"""The sliders of one shot: what may differ within a reel, made from the engine's own models as the whole form is."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from restoration.actions import weights
from restoration.engine.defects import DEFECTS
from restoration.engine.facts import Shot
from restoration.engine.settings import REEL_CONSTANT, Settings
from restoration.setting_fields import (
    ADAPTED,
    WEIGHTS,
    Group,
    Row,
    Section,
    form_field,
    idle_networks,
    offer_adapted,
    offer_brought,
    sections,
    value_at,
)
from restoration.vocabularies import AnnotationCategory

# What people complain of, and the sections whose sliders answer.
ANSWERS: dict[str, tuple[str, ...]] = {
    AnnotationCategory.PLASTIC_FACES: ("noise", "faces", "grain"),
    AnnotationCategory.LOST_GRAIN: ("noise", "grain", "blotches"),
    AnnotationCategory.GHOSTING: ("noise", "flicker", "blotches"),
    AnnotationCategory.FLICKER_LEFT: ("flicker",),
    AnnotationCategory.COLOUR_SHIFT: ("lowlight", "crosscolor", "noise"),
    AnnotationCategory.INVENTED_DETAIL: ("faces", "depth", "grain"),
    AnnotationCategory.MISSED_DAMAGE: ("dropouts", "scratches", "blotches", "crosscolor", "linejitter", "weave"),
}


def adjustable() -> list[Section]:
    return [section for section in sections() if section.name not in REEL_CONSTANT]


def titled() -> dict[str, str]:
    """Each setting by its section's name and its own, which other sections have as well."""
    return {setting.path: gettext("%(section)s: %(setting)s") % {
        "section": section.title, "setting": gettext(setting.field.title or setting.path)}
        for section in adjustable() for setting in section.settings}


def matters(shot: Shot, standing: Settings, category: str) -> set[str]:
    """The sections to show first: what answers the complaint, what mends what was found in the shot, and what is on."""
    found = {DEFECTS[defect.name].repair for defect in shot.defects if defect.name in DEFECTS}
    on = {section.name for section in adjustable() if not getattr(standing, section.name).is_off}
    return set(ANSWERS.get(category, ())) | found | (on if not category else on & {"noise", "grain"})


class Wrong(NamedTuple):
    """What has to be corrected: where it stands on the page, by which name, and why."""

    place: str
    title: str
    told: str


class ShotForm(forms.Form):
    """Begins from `begin` and tells what differs from `standing`, which the version has for the shot. `masks` are what
    was drawn, as `masks.Shown` reads it."""

    masks = forms.CharField(label=_("Retouched by hand"), required=False, max_length=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Settings, begin: Settings, first: set[str], **kwargs: Any) -> None:
        self.standing, self.first = standing, first
        self.changes: dict[str, dict[str, Any]] = {}
        initial = {setting.path: value_at(begin, setting.path) for section in adjustable()
                   for setting in section.settings}
        super().__init__(*args, **{**kwargs, "initial": initial})
        for section in adjustable():
            for setting in section.settings:
                self.fields[setting.path] = form_field(setting)
        named = {path: sorted({value_at(each, path) for each in (standing, begin)} - {None})
                 for path in WEIGHTS if path in self.fields}
        offer_adapted(self, named.pop(ADAPTED))
        for path, digests in named.items():
            offer_brought(self, path, weights.offered(path, beside=digests))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            # What the version names for its reel may go idle in a shot: it is switched off there.
            chosen = {path: value for path, value in cleaned.items()
                      if path not in WEIGHTS or value != value_at(self.standing, path)}
            for path, told in list(idle_networks(chosen)):
                self.add_error(path, told)
        for path, value in cleaned.items():
            if "." in path and value != value_at(self.standing, path):
                section, name = path.split(".")
                self.changes.setdefault(section, {})[name] = value
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        # Without script, the browser itself brings the first of them into view.
        seen = (path for path in self._wrong_ones() if not self.fields[path].widget.is_hidden)
        if first := next(seen, None):
            self.fields[first].widget.attrs["autofocus"] = True

    def _wrong_ones(self) -> list[str]:
        return [path for path in self.fields if path in self.errors]

    def wrong(self) -> list[Wrong]:
        """What has to be corrected before a look, in the order of the page."""
        titles = {"masks": str(self.fields["masks"].label), **titled()}
        return [Wrong(self._place(path), titles[path], " ".join(map(str, self.errors[path])))
                for path in self._wrong_ones()]

    def _place(self, path: str) -> str:
        """The field, or where the masks are drawn that a hidden one holds."""
        return f"{self[path].auto_id}_drawn" if self[path].is_hidden else self[path].auto_id

    def grouped(self) -> tuple[list[Group], list[Group]]:
        """What matters in this shot, and the rest."""
        groups = [self._group(section) for section in adjustable()]
        return [group for group in groups if group.is_open], [group for group in groups if not group.is_open]

    def _group(self, section: Section) -> Group:
        rows = [Row(setting, self[setting.path], value_at(self.standing, setting.path), (), self._differs(setting.path))
                for setting in section.settings]
        is_told = any(row.is_changed or row.bound.errors for row in rows)
        return Group(section, rows, is_open=is_told or section.name in self.first)

    def _differs(self, path: str) -> bool:
        bound = self[path]
        try:
            value = bound.field.clean(bound.value())
        except ValidationError:
            return True
        return bool(value != value_at(self.standing, path))
