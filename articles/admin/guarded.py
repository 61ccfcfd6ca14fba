"""Two editors on one form: the second is told what the first has saved, and saves over it only knowingly.

An article has more, see merging.py; this is for everything else that the desk changes.
"""

from contextlib import suppress
from hashlib import sha256
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse

Row = TypeVar("Row", bound=models.Model)
TOLD = 200  # characters of what now stands in a field


def _state(form: "forms.ModelForm[Any]") -> str:
    """Of a row, what its form can change."""
    values = model_to_dict(form.instance, fields=list(form.fields))
    told = [(name, [row.pk for row in value] if isinstance(value, list) else value) for name, value in values.items()]
    return sha256(repr(sorted(told, key=lambda pair: pair[0])).encode()).hexdigest()[:32]


class GuardedForm(forms.ModelForm[Any]):
    """Carries the state that its page was made from; a row that is another by now is not overwritten unseen."""

    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state = _state(self) if self.instance.pk else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.data.get("seen_state")
        if seen and self.state and seen != self.state:
            self.is_stale = True
            raise ValidationError(
                "Somebody saved this after you opened the page, and nothing of yours is saved yet. %(now)s What you "
                "wrote is below: to put it in the place of theirs, save again.",
                params={"now": " ".join(self._now())},
                code="stale",
            )
        return cleaned

    def _now(self) -> list[str]:
        """What stands in each field that differs from what this editor wrote."""
        names = [name for name in self.changed_data if name in self.initial]
        return [f"{self.fields[name].label} is now “{self._written(name)}”." for name in names] or [""]

    def _written(self, name: str) -> str:
        value = self[name].initial
        shown = getattr(self.instance, f"get_{name}_display", None)
        text = shown() if shown else str(value if value is not None else "")
        return text[:TOLD] + "…" * (len(text) > TOLD)


class Guarded(admin.ModelAdmin[Row]):
    is_guarded = True

    def get_form(self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (GuardedForm, form), {}) if obj and self.is_guarded else form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Row | None:
        """While it is being changed, its row is locked: of two who save at once, the second one is told."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            with suppress(ValidationError, ValueError):
                pk = self.opts.pk.to_python(object_id)
                list(self.model._base_manager.select_for_update().only("pk").filter(pk=pk))
        return super().get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        context["seen_state"] = getattr(form, "state", "")
        response = super().render_change_form(request, context, *args, **kwargs)
        if isinstance(form, GuardedForm) and form.is_stale:
            response.status_code = 409
        return response
