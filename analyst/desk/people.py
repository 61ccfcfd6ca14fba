"""The people of the desk: invited, given roles, let in again, shut out. What somebody did stays theirs."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analyst.roles import ROLES, give, roles_of
from analyst.signing_in import letters
from analyst.signing_in.refusals import NOBODY
from analyst.signing_in.second_step import has_one, is_guarded
from analyst.signing_in.sessions import end_sessions
from articles.admin.desk import DeskAdmin
from articles.audit import Act, note


def _with_its_sentence(name: str, says: str) -> SafeString:
    return format_html("<strong>{}</strong> <span>{}</span>", name, says)


class PersonForm(forms.ModelForm[User]):
    username = forms.CharField(
        label="Name to sign in with", max_length=150, validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({"class": "vTextField"}),
    )  # fmt: skip
    email = forms.EmailField(
        label="Address of mail",
        help_text="The invitation goes there, and a link when the password is forgotten.",
        widget=forms.EmailInput({"class": "vTextField"}),
    )
    roles = forms.MultipleChoiceField(
        choices=[(role.name, _with_its_sentence(role.name, role.says)) for role in ROLES],
        widget=forms.CheckboxSelectMultiple({"class": "roles"}),
        required=False,
        help_text="Several add up. Without a role, the desk stays closed to this person.",
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["roles"] = [role.name for role in roles_of(self.instance)] if self.instance.pk else []

    def clean_username(self) -> str:
        return self._only_theirs("username", "Somebody has this name already.")

    def clean_email(self) -> str:
        return self._only_theirs("email", "Somebody has this address already.")

    def _only_theirs(self, field: str, sentence: str) -> str:
        value: str = self.cleaned_data[field]
        if User.objects.filter(**{f"{field}__iexact": value}).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(sentence)
        return value


class PersonAdmin(DeskAdmin[User], UserAdmin[User]):
    form = add_form = PersonForm
    add_form_template = None
    list_display = ["username", "name", "email", "may", "second_step", "last_login", "is_active"]
    list_filter = ["is_active", "groups"]
    ordering = ["username"]
    fieldsets = [
        (None, {"fields": ["username", ("first_name", "last_name"), "email"]}),
        ("What this person may do", {"fields": ["roles", "is_active"]}),
    ]
    add_fieldsets = fieldsets
    filter_horizontal = ()
    actions = ["send_link", "sign_out"]

    def get_urls(self) -> list[URLPattern]:
        """Nobody sets somebody else's password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).exclude(username=NOBODY).prefetch_related("groups")

    @admin.display(description="name")
    def name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="roles")
    def may(self, person: User) -> str:
        roles = [group.name for group in person.groups.all()]
        return ", ".join([*roles, *["everything"] * person.is_superuser])

    @admin.display(description="second step")
    def second_step(self, person: User) -> str:
        return "yes" if has_one(person) else "missing" if is_guarded(person) else "no"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "People"} | (extra_context or {}))

    # Who may change whom

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may do everything is changed by such a person alone."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # they are made inactive instead

    # Saving

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person: User = form.instance
        roles = [role for role in ROLES if role.name in form.cleaned_data["roles"]]
        if roles != roles_of(person):
            give(person, roles)
            names = ", ".join(role.name for role in roles) or "none"
            note(Act.ROLES, request.user, f"Roles: {names}.", person)  # type: ignore[arg-type]
            end_sessions(person)
        if not change:
            letters.way_in.enqueue(person.pk, letters.INVITED)
            messages.success(request, f"An invitation is on its way to {person.email}.")

    # Letting in, and out

    @admin.action(description="Send a link to set a password", permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in self._below(request, queryset):
            letter = letters.FORGOTTEN if person.last_login else letters.INVITED
            letters.way_in.enqueue(person.pk, letter)
            note(Act.SAFETY, request.user, "A link to set a password was sent.", person)  # type: ignore[arg-type]
            messages.success(request, f"A link is on its way to {person.email}.")

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in self._below(request, queryset):
            number = end_sessions(person)
            note(Act.SAFETY, request.user, "Signed out everywhere.", person)  # type: ignore[arg-type]
            messages.success(request, f"{person} is signed out of {number} browser{'s' * (number != 1)}.")

    def _below(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        return [person for person in queryset if self.has_change_permission(request, person)]


admin.site.unregister([User, Group])  # what a role may do is written in analyst.roles
admin.site.register(User, PersonAdmin)
