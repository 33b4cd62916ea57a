"""What a person says when they judge a version. The digests say what they looked at."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.models import User
from restoration.models.policy import ROLES_THAT_DECIDE
from restoration.vocabularies import Preference, Verdict


class DecisionForm(forms.Form):
    master_sha256 = forms.CharField(widget=forms.HiddenInput)
    pair_reel_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    watched = forms.CharField(widget=forms.HiddenInput(attrs={"data-watched": ""}), required=False)

    def verdict(self) -> Verdict:
        raise NotImplementedError


class RejectionForm(DecisionForm):
    """A rejection says why."""

    reason = forms.CharField(
        label=_("What must change"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The restorer reads this. Name the shot or the timecode and what you see there."),
        error_messages={"required": _("A rejection needs a reason. Say what must change.")})

    def verdict(self) -> Verdict:
        return Verdict.REJECTED


class ApprovalForm(DecisionForm):
    reason = forms.CharField(label=_("Remark"), required=False, max_length=4000,
                             widget=forms.Textarea(attrs={"rows": 3}),
                             help_text=_("Stays with the approval for good."))
    with_notes = forms.BooleanField(
        label=_("There are things to know about it: approve with notes"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("with_notes") and not cleaned.get("reason"):
            self.add_error("reason", _("Write the notes that go with your approval."))
        return cleaned

    def verdict(self) -> Verdict:
        return Verdict.APPROVED_WITH_NOTES if self.cleaned_data["with_notes"] else Verdict.APPROVED


class AbstentionForm(DecisionForm):
    reason = forms.CharField(label=_("Why"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
                             help_text=_("It is recorded that you looked and did not judge; somebody else decides."))

    def verdict(self) -> Verdict:
        return Verdict.ABSTAINED


class AssignmentForm(forms.Form):
    """Whom to ask, and until when."""

    reviewer = forms.ModelChoiceField(User.objects.none(), label=_("Ask"), empty_label=_("Choose a person"),
                                      error_messages={"required": _("Choose whom to ask.")})
    due_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
                             error_messages={"invalid": _("Write the day as 2026-11-30.")})

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["reviewer"]).queryset = people


class StageForm(forms.Form):
    """One stage of an approval; without a role it is none."""

    role = forms.ChoiceField(label=_("Who decides"), required=False, choices=lambda: [
        ("", _("nobody: no such stage")), *((role.value, role.label) for role in ROLES_THAT_DECIDE)])
    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    quorum = forms.IntegerField(label=_("How many"), min_value=1, max_value=20, error_messages={
        "min_value": _("At least one."), "max_value": _("At most 20."), "required": _("Say how many.")})
    veto = forms.BooleanField(label=_("One rejection ends it"), required=False)


class TrialForm(forms.Form):
    """Two versions, what is to be judged, and where."""

    other = forms.ModelChoiceField(User.objects.none(), label=_("Against"), empty_label=_("Choose a version"),
                                   error_messages={"required": _("Choose the version to compare with.")})
    question = forms.CharField(label=_("What is to be judged"), max_length=300,
                               help_text=_("One question, such as: whose faces look alive?"),
                               error_messages={"required": _("Say what is to be judged.")})
    frames = forms.CharField(label=_("Frames to show"), max_length=100,
                             help_text=_("Up to six numbers with commas between; they are shown as exact stills."))

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["other"]).queryset = others

    def clean_frames(self) -> list[int]:
        told = [part.strip() for part in self.cleaned_data["frames"].replace("，", ",").split(",") if part.strip()]
        if not told or not all(part.isdecimal() and len(part) < 10 for part in told):
            raise forms.ValidationError(_("Write frame numbers with commas between, such as 40, 120."))
        return [int(part) for part in told]


class VoteForm(forms.Form):
    preference = forms.ChoiceField(label=_("Which one?"), choices=Preference.choices, widget=forms.RadioSelect,
                                   error_messages={"required": _("Choose left, right, or no difference.")})
    words = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
