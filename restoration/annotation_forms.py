"""What a reviewer writes beside the picture, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from restoration import drawings
from restoration.actions.annotations import LONGEST_TEXT
from restoration.vocabularies import AnnotationCategory, PictureSide

HIGHEST_FRAME = 2**31 - 2
LARGEST_FILE_BYTES = 1024**2


class AnnotationForm(forms.Form):
    """A remark at frames `first` to `last`, both of them meant."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    first = forms.IntegerField(label=_("First frame"), min_value=0, max_value=HIGHEST_FRAME)
    last = forms.IntegerField(label=_("Last frame"), min_value=0, max_value=HIGHEST_FRAME, required=False)
    text = forms.CharField(
        label=pgettext_lazy("of a reviewer", "Note"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("What do you see? @name tells a colleague.")}))
    category = forms.ChoiceField(label=_("About"), choices=AnnotationCategory.choices, initial=AnnotationCategory.OTHER)
    side = forms.ChoiceField(label=_("Side"), choices=PictureSide.choices, initial=PictureSide.RESTORED)
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_drawing(self) -> list[dict[str, Any]]:
        return drawings.as_json(drawings.parse(self.cleaned_data["drawing"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first is not None and last is not None and last < first:
            raise ValidationError(_("The last frame comes before the first."))
        return cleaned

    def remark(self) -> dict[str, Any]:
        """What the action takes."""
        asked = self.cleaned_data
        last = asked["first"] if asked["last"] is None else asked["last"]
        return {name: asked[name] for name in ("key", "text", "category", "side", "drawing")} | {
            "start": asked["first"], "end": last + 1}


class WordsForm(forms.Form):
    """An answer, or other words for a remark of one's own."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=LONGEST_TEXT)
    category = forms.ChoiceField(choices=AnnotationCategory.choices, required=False)


class FilterForm(forms.Form):
    """Which remarks are listed."""

    STATES = (("", _("All")), ("open", pgettext_lazy("note", "Open")), ("resolved", _("Resolved")))
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    about = forms.ChoiceField(label=_("About"), required=False,
                              choices=[("", _("Everything")), *AnnotationCategory.choices])

    def chosen(self) -> dict[str, str]:
        """What was understood; a question that makes no sense is not asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class NotesFileForm(forms.Form):
    """A table or a timeline with notes. `text` is what it holds."""

    file = forms.FileField(label=_("File of notes"), allow_empty_file=True,
                           widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.otio,.json"}),
                           error_messages={"required": _("Choose a file.")})
    text = ""

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE_BYTES:
            raise ValidationError(_("A file of notes has up to %(size)s. Split it."),
                                  params={"size": filesizeformat(LARGEST_FILE_BYTES)})
        try:
            self.text = file.read().decode("utf-8-sig").replace("\0", "")
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not text in UTF-8. Save it as “CSV UTF-8” or as OTIO.")) from None
        if not self.text.strip():
            raise ValidationError(_("The file is empty."))
        return file
