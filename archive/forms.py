"""What a cataloguer says, as forms. They check what can be seen from the form alone; the actions check the rest."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from archive.actions.catalogue import CreditLine, Date, Description, Place, Title
from archive.edtf import bounds
from archive.models import Asset, Collection
from archive.vocabularies import (
    AgentKind,
    AssetKind,
    CarrierFormat,
    Condition,
    CreditRole,
    DateType,
    Generation,
    Language,
    PlaceType,
    RightsBasis,
    TitleType,
)

# A field that shares its line with the next, where there is room.
HALF = {"data-half": True}
NO_FORMAT_YET = [("", _("Choose a format")), *CarrierFormat.choices]


class AssetForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetKind.choices)
    collection = forms.ModelChoiceField(label=_("Collection"), queryset=Collection.objects.all(),
                                        empty_label=_("Choose a collection"))
    accession_number = forms.CharField(
        label=_("Accession number"), max_length=100, required=False,
        help_text=_("The number given when it entered the archive. Left empty, it gets this year's next one."))
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    description_zh = forms.CharField(label=_("Description in Chinese"), required=False,
                                     widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}))
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                            help_text=_("For colleagues: what is written on the box, what is missing, who to ask."))
    subjects = forms.CharField(label=_("Subjects"), required=False, help_text=_("Separated by commas."))

    def terms(self) -> list[str]:
        words = self.cleaned_data["subjects"].replace("，", ",").replace("、", ",").split(",")
        return [word.strip() for word in words if word.strip()]


class TitleForm(forms.Form):
    value = forms.CharField(label=_("Title"), max_length=500, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    type = forms.ChoiceField(label=_("Type"), choices=TitleType.choices)


class DateForm(forms.Form):
    value = forms.CharField(label=_("Date"), max_length=40, required=False,
                            help_text=_("As it is known: 2000-07-31, 2000-07, 192X for the 1920s, 1934~ for about "
                                        "1934."))
    type = forms.ChoiceField(label=_("Type"), choices=DateType.choices)

    def clean_value(self) -> str:
        value = self.cleaned_data["value"].strip()
        if value:
            bounds(value)
        return value


class PlaceForm(forms.Form):
    value = forms.CharField(label=_("Place"), max_length=300, required=False)
    type = forms.ChoiceField(label=_("Type"), choices=PlaceType.choices)


class CreditForm(forms.Form):
    value = forms.CharField(label=_("Name"), max_length=300, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=CreditRole.choices)
    kind = forms.ChoiceField(label=_("Person or organisation"), choices=[
        (kind.value, kind.label) for kind in (AgentKind.PERSON, AgentKind.ORGANISATION)])


ROWS = {
    "titles": (TitleForm, _("Titles")),
    "dates": (DateForm, _("Dates")),
    "places": (PlaceForm, _("Places")),
    "credits": (CreditForm, _("Credits")),
}


class AssetForms:
    """The form of an asset with its rows of titles, dates, places and credits. An emptied row is taken away."""

    def __init__(self, data: Any = None, *, asset: Asset | None = None, collection: str | None = None) -> None:
        self.asset = AssetForm(data, initial=_said(asset) if asset else {"collection": collection})
        if asset is not None:
            self.asset.fields["accession_number"].required = True
            self.asset.fields["accession_number"].help_text = ""
        rows = _rows(asset) if asset else {"titles": [{"type": TitleType.PREFERRED}]}
        self.rows = {name: _formset(form, rows.get(name, []))(data, initial=rows.get(name, []), prefix=name)
                     for name, (form, _label) in ROWS.items()}

    @property
    def sections(self) -> list[tuple[str, Any, Any]]:
        return [(name, ROWS[name][1], formset) for name, formset in self.rows.items()]

    def is_valid(self) -> bool:
        are_valid = all([self.asset.is_valid(), *(formset.is_valid() for formset in self.rows.values())])
        if not are_valid:
            return False
        if not self.filled("titles"):
            self.asset.add_error(None, ValidationError(_("Give it a title, if only a provisional one.")))
            return False
        return True

    def filled(self, name: str) -> list[dict[str, Any]]:
        return [row for row in (form.cleaned_data for form in self.rows[name]) if row.get("value", "").strip()]

    def first_title(self) -> str:
        return self.filled("titles")[0]["value"]

    def description(self) -> Description:
        said = self.asset.cleaned_data
        return Description(
            kind=said["kind"], collection=said["collection"], accession_number=said["accession_number"] or None,
            description=said["description"], description_zh=said["description_zh"], notes=said["notes"],
            subjects=self.asset.terms(),
            titles=[Title(row["value"], row["language"], row["type"]) for row in self.filled("titles")],
            dates=[Date(row["value"], row["type"]) for row in self.filled("dates")],
            places=[Place(row["value"], row["type"]) for row in self.filled("places")],
            credits=[CreditLine(row["value"], row["role"], row["kind"]) for row in self.filled("credits")])


def _formset(form: type[forms.Form], rows: list[dict[str, Any]]) -> Any:
    return forms.formset_factory(form, extra=0 if rows else 1, max_num=200, absolute_max=200)


def _said(asset: Asset) -> dict[str, Any]:
    return {
        "kind": asset.kind, "collection": asset.collection_id, "accession_number": asset.accession_number,
        "description": asset.description, "description_zh": asset.description_zh, "notes": asset.notes,
        "subjects": ", ".join(subject.term for subject in asset.subjects.all()),
    }


def _rows(asset: Asset) -> dict[str, list[dict[str, Any]]]:
    return {
        "titles": [{"value": row.value, "language": row.language, "type": row.type} for row in asset.titles.all()],
        "dates": [{"value": row.value, "type": row.type} for row in asset.dates.all()],
        "places": [{"value": row.name, "type": row.type} for row in asset.places.all()],
        "credits": [{"value": row.agent.name, "role": row.role, "kind": row.agent.kind}
                    for row in asset.credits.select_related("agent")],
    }


class CarrierForm(forms.Form):
    carrier_format = forms.ChoiceField(label=_("Format"), choices=NO_FORMAT_YET, widget=forms.Select(attrs=HALF))
    generation = forms.ChoiceField(label=_("Generation"), choices=Generation.choices, initial=Generation.UNKNOWN,
                                   widget=forms.Select(attrs=HALF))
    label = forms.CharField(label=_("Label"), max_length=300, required=False,
                            help_text=_("What is written on it, where that says more than the format."))
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices, initial=Condition.UNKNOWN,
                                  widget=forms.Select(attrs=HALF))
    shelf = forms.CharField(label=_("Shelf"), max_length=100, required=False, widget=forms.TextInput(attrs=HALF))
    condition_note = forms.CharField(label=_("What was seen"), max_length=500, required=False)


class RightsForm(forms.Form):
    holder = forms.CharField(label=_("Rights holder"), max_length=300)
    holder_kind = forms.ChoiceField(
        label=_("Person or organisation"), initial=AgentKind.ORGANISATION, widget=forms.Select(attrs=HALF),
        choices=[(kind.value, kind.label) for kind in (AgentKind.ORGANISATION, AgentKind.PERSON)])
    basis = forms.ChoiceField(label=_("Basis"), choices=RightsBasis.choices, widget=forms.Select(attrs=HALF))
    territory = forms.CharField(label=_("Territory"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("From"), required=False, help_text=_("Empty: it was always so."),
                                widget=forms.DateInput(attrs={"type": "date", **HALF}))
    ends_on = forms.DateField(label=_("Until"), required=False,
                              widget=forms.DateInput(attrs={"type": "date", **HALF}),
                              help_text=_("The last day of the term. Empty: without end."))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CollectionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs=HALF))
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=300, required=False,
                              widget=forms.TextInput(attrs={**HALF, "lang": "zh-Hans"}))
    parent = forms.ModelChoiceField(label=_("Part of"), queryset=Collection.objects.all(), required=False,
                                    empty_label=_("Nothing: it stands by itself"))
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class PasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password1"].help_text = _("At least ten characters, and nothing that many people use.")
        self.fields["new_password2"].label = _("The same once more")


class UploadForm(forms.Form):
    """Where a file belongs: to an asset that is catalogued, or to a new one in a collection."""

    # An empty one is refused where every other is, in a sentence that names it and says what to do.
    file = forms.FileField(label=_("File"), allow_empty_file=True)
    kind = forms.ChoiceField(label=_("What it is"), choices=AssetKind.choices, initial=AssetKind.CONCERT)
    collection = forms.ModelChoiceField(label=_("Collection"), queryset=Collection.objects.all(),
                                        empty_label=_("Choose a collection"))

    def __init__(self, *args: Any, asset: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asset is not None:
            del self.fields["kind"], self.fields["collection"]
