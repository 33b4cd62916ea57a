"""What a person says when they judge a version. The digests say what they looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from restoration.vocabularies import Verdict


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
