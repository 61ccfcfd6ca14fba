"""The people of the desk, and what each may do."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analyst.roles import ROLES, give, roles_of
from articles.admin.desk import DeskAdmin


def _with_its_sentence(name: str, says: str) -> SafeString:
    return format_html("<strong>{}</strong> <span>{}</span>", name, says)


class PersonForm(UserChangeForm[User]):
    roles = forms.MultipleChoiceField(
        choices=[(role.name, _with_its_sentence(role.name, role.says)) for role in ROLES],
        widget=forms.CheckboxSelectMultiple({"class": "roles"}),
        required=False,
        help_text="Several add up. Without a role, the desk stays closed to this person.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["roles"] = [role.name for role in roles_of(self.instance)] if self.instance.pk else []


class PersonAdmin(DeskAdmin[User], UserAdmin[User]):
    form = PersonForm
    list_display = ["username", "name", "email", "may", "last_login", "is_active"]
    list_filter = ["is_active", "groups"]
    ordering = ["username"]
    fieldsets = [
        (None, {"fields": ["username", ("first_name", "last_name"), "email", "password"]}),
        ("What this person may do", {"fields": ["roles", "is_active"]}),
    ]
    filter_horizontal = ()

    @admin.display(description="name")
    def name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="roles")
    def may(self, person: User) -> str:
        roles = ", ".join(group.name for group in person.groups.all())
        return f"{roles}; everything" if roles and person.is_superuser else roles or "everything" * person.is_superuser

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may do everything is changed by such a person alone."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what somebody did stays theirs; they are made inactive instead

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "roles" in form.cleaned_data:
            give(form.instance, [role for role in ROLES if role.name in form.cleaned_data["roles"]])


admin.site.unregister([User, Group])  # what a role may do is written in analyst.roles
admin.site.register(User, PersonAdmin)
