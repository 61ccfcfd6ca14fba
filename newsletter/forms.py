from typing import Any

from django import forms

from .addresses import clean_address
from .models import NAMES


class InterestsForm(forms.Form):
    interests = forms.MultipleChoiceField(
        choices=list(NAMES.items()),
        error_messages={
            "required": "Choose what you would like to hear of: events, news or articles.",
            "invalid_choice": "Choose among events, news and articles.",
        },
    )


class SignupForm(InterestsForm):
    email = forms.CharField(
        max_length=1000, error_messages={"required": "Tell us the e-mail address that we may write to."}
    )
    # No person sees it. The name tempts robots, and no browser fills it in.
    comment = forms.CharField(required=False)

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])

    def clean_comment(self) -> bool:
        return bool(self.cleaned_data["comment"])

    @property
    def is_by_a_robot(self) -> bool:
        return bool(self.cleaned_data.get("comment"))

    @property
    def troubles(self) -> list[str]:
        return [str(sentence) for sentences in self.errors.values() for sentence in sentences]


def one_reason(data: Any) -> str:
    """What somebody who left said of it: one of ours, or nothing."""
    return REASONS.get(str(data.get("reason", "")), "")


REASONS = {
    "often": "Too many mails",
    "other": "Not what I expected",
    "never": "I did not sign up",
    "elsewhere": "I read the journal elsewhere",
}
