from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest

from articles.admin.article import ArticleAdmin
from articles.admin.desk import DeskAdmin
from articles.intake import Manuscript
from articles.intake.draft import Outcome
from articles.models import Article

from .desk import audit, people
from .importing import import_file
from .models import Page

__all__ = ["audit", "people"]
# A person's address is a field of the person; keys and sessions are kept at /accounts/.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_title = f"{settings.JOURNAL_NAME}, the desk"
admin.site.site_header = settings.JOURNAL_NAME
admin.site.index_title = "The desk"


@admin.register(Page)
class PageAdmin(DeskAdmin[Page]):
    list_display = ["title", "slug", "place", "position", "is_published", "modified_at"]
    search_fields = ["title", "slug"]
    fieldsets = [
        (None, {"fields": ["title", "body"]}),
        ("Where it stands", {"fields": ["slug", ("place", "position"), "is_published"]}),
    ]


admin.site.unregister(Article)


@admin.register(Article)
class ArticleDesk(ArticleAdmin):
    """An article's page in the desk, where a manuscript also fills the staff publications."""

    def take_in(self, request: HttpRequest, name: str, data: bytes, manuscript: Manuscript) -> Outcome:
        done = import_file(name, data, manuscript=manuscript, editor=request.user)  # type: ignore[arg-type]
        if created := done.publications["created"]:
            messages.success(request, f"{created} staff publication{'s are' if created > 1 else ' is'} new.")
        return done.outcome
