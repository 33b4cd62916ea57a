"""What a before/after clip is made of, as a form, and clips to choose among."""

from typing import Any

from django import forms
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from restoration.engine.encoding.captions import Captions
from restoration.engine.errors import SettingsError
from restoration.models import BeforeAfterClip
from restoration.reel_time import ReelTime
from restoration.vocabularies import ClipStyle, PictureSide

_LABEL = {"autocomplete": "off", "spellcheck": "false", "data-half": "", "class": "mono"}


class ClipForm(forms.Form):
    """`first` and `last` are timecodes or frame numbers, both meant to be seen. A side whose name is left empty is
    named in the language of the clip."""

    style = forms.ChoiceField(label=_("How both sides are shown"), choices=ClipStyle.choices, initial=ClipStyle.WIPE,
                              widget=forms.RadioSelect)
    first = forms.CharField(label=pgettext_lazy("a moment", "From"), max_length=20,
                            widget=forms.TextInput(attrs=_LABEL),
                            error_messages={"required": _("Say where the clip begins.")})
    last = forms.CharField(label=pgettext_lazy("a moment", "To"), max_length=20, widget=forms.TextInput(attrs=_LABEL),
                           error_messages={"required": _("Say which frame is its last.")})
    title = forms.CharField(label=pgettext_lazy("of a clip", "Title"), max_length=80, required=False,
                            widget=forms.TextInput(attrs={"autocomplete": "off"}))
    credit = forms.CharField(label=_("Line of credit"), max_length=120, required=False,
                             widget=forms.TextInput(attrs={"autocomplete": "off"}))
    original_name = forms.CharField(label=_("Name of the original"), max_length=40, required=False,
                                    widget=forms.TextInput(attrs={"autocomplete": "off", "data-half": ""}))
    restored_name = forms.CharField(label=_("Name of the restored side"), max_length=40, required=False,
                                    widget=forms.TextInput(attrs={"autocomplete": "off", "data-half": ""}))
    language = forms.ChoiceField(label=_("Language of the names"), choices=site.LANGUAGES,
                                 help_text=_("Names that are left empty are written in it."))

    def __init__(self, *args: Any, reel: ReelTime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reel = reel
        for name, side in (("original_name", PictureSide.ORIGINAL), ("restored_name", PictureSide.RESTORED)):
            self.fields[name].widget.attrs["placeholder"] = str(side.label)

    def clean_first(self) -> int:
        return self._frame(self.cleaned_data["first"])

    def clean_last(self) -> int:
        return self._frame(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is not None and last is not None and last < first:
            self.add_error("last", _("The last frame comes before the first."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        said = self.cleaned_data
        with translation.override(said["language"]):
            captions = Captions(said["original_name"] or str(PictureSide.ORIGINAL.label),
                                said["restored_name"] or str(PictureSide.RESTORED.label), said["title"], said["credit"])
        return {"style": said["style"], "start": said["first"], "end": said["last"] + 1, "captions": captions,
                "language": said["language"]}

    def _frame(self, text: str) -> int:
        if text.isdecimal() and len(text) < 10:
            return self._inside(int(text))
        try:
            return self.reel.frame_at(text)
        except SettingsError as error:
            raise ValidationError(_now(error.text).format(**error.values)) from None

    def _inside(self, frame: int) -> int:
        if frame >= self.reel.frames:
            raise ValidationError(_("This reel has frames 0 to %(last)s."), params={"last": self.reel.frames - 1})
        return frame


class ClipsField(forms.ModelMultipleChoiceField):
    """Clips by their style, their timecodes and what is written on them."""

    def label_from_instance(self, clip: BeforeAfterClip) -> str:
        reel = ReelTime.of(clip.version)
        said = (clip.get_style_display(), f"{reel.label(clip.start)} – {reel.label(clip.end - 1)}", clip.title)
        return " · ".join(str(part) for part in said if part)
