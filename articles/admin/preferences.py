"""Each editor's own preferences: nobody sees another's."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles.models import Preferences

ZONE = "zone"  # in the session, where no page has to ask for it


class PreferencesForm(forms.ModelForm[Preferences]):
    class Meta:
        model = Preferences
        fields = ["zone", "mail_reviews", "mail_answers", "mail_published", "mail_failures"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        journal = ("", f"The journal's: {settings.TIME_ZONE}")
        self.fields["zone"] = forms.ChoiceField(
            label="Time zone", choices=[journal, *zones], required=False, help_text=self.fields["zone"].help_text
        )


@admin.register(Preferences)
class PreferencesAdmin(admin.ModelAdmin[Preferences]):
    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(self.mine), name="articles_preferences_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # it stands beside the editor's name, not among what the journal consists of

    def mine(self, request: HttpRequest) -> HttpResponse:
        assert request.user.pk
        own = Preferences.objects.filter(user=request.user.pk).first() or Preferences(user_id=request.user.pk)
        form = PreferencesForm(request.POST or None, instance=own)
        if request.method == "POST" and form.is_valid():
            form.save()
            request.session[ZONE] = own.zone
            messages.success(request, "Your preferences are saved.")
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {"title": "Preferences", "form": form}
        return TemplateResponse(request, "admin/articles/preferences.html", context)
