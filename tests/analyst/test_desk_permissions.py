"""Who may do what in the desk: every address, every action, every role. What is not in these tables fails the test.

A new page gets a row in PAGES, a new noun one in NOUNS, a new action of a list one in ACTIONS. That is all.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.template.response import SimpleTemplateResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from analyst.roles import ROLES, give
from articles.models import Autosave, Merger, SignOff, Source, Tag
from reads.models import ReportLink
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)
from tests.newsletter.makers import make_edition, make_event, make_subscriber

pytestmark = pytest.mark.django_db

WHO = ("Contributor", "Editor", "Publisher", "Newsletter", "Administrator")
# v: its list, a row, its history; a: add; c: change; d: delete. Of an article: of one's own draft / of all others.
NOUNS = """
noun                                     Contributor  Editor  Publisher  Newsletter  Administrator
articles.article                         vac/a        vacd    vacd       v           v
articles.author                          v            vacd    vacd       v           v
articles.category                        v            v       vacd       v           vacd
articles.image                           va           vacd    vacd       v           v
articles.issue                           v            vac     vacd       v           v
articles.deleted                         -            v       v          v           v
articles.oldaddress                      -            v       v          -           v
articles.tag                             v            vacd    vacd       v           v
publications.publication                 -            vacd    vacd       v           v
publications.partner                     -            v       vacd       -           vacd
analyst.page                             -            v       vacd       -           vacd
newsletter.edition                       -            -       -          vacd        -
newsletter.event                         -            -       -          vacd        -
newsletter.subscriber                    -            -       -          v           -
reads.reportlink                         -            vad     vad        -           v
django_tasks_database.dbtaskresult       -            -       -          -           v
auth.user                                -            -       -          -           vac
admin.logentry                           -            -       -          -           v
"""
# Method and address; for each role y or -. {own} is a draft of the contributor's, {other} somebody else's article; the
# unsaved text is nobody's of them.
PAGES = """
page                                                       Contributor  Editor  Publisher  Newsletter  Administrator
GET  admin/                                                y            y       y          y           y
GET  admin/password_change/done/                           y            y       y          y           y
GET  admin/jsi18n/                                         y            y       y          y           y
GET  admin/r/{article_type}/{other}/                       y            y       y          y           y
GET  admin/articles/                                       y            y       y          y           y
GET  admin/autocomplete/?app_label=articles&model_name=byline&field_name=author&term=a   y  y  y  y  y
GET  admin/autocomplete/?app_label=articles&model_name=author&field_name=photo&term=a   y  y  y  y  y
GET  admin/articles/preferences/                           y            y       y          y           y
POST admin/articles/preferences/                           y            y       y          y           y
GET  admin/articles/author/sort-name/?name=A               y            y       y          y           y
GET  admin/articles/author/merge/                           -            y       y          -           -
POST admin/articles/author/merge/                           -            y       y          -           -
GET  admin/articles/author/merges/                          y            y       y          y           y
POST admin/articles/author/merges/{author_merger}/undo/     -            y       y          -           -
GET  admin/articles/tag/merge/                              -            y       y          -           -
POST admin/articles/tag/merge/                              -            y       y          -           -
GET  admin/articles/tag/merges/                             y            y       y          y           y
POST admin/articles/tag/merges/{tag_merger}/undo/           -            y       y          -           -
GET  admin/articles/author/duplicates/                      -            y       y          -           -
POST admin/articles/author/duplicates/                      -            y       y          -           -
GET  admin/articles/author/{author}/as-printed/            y            y       y          y           y
GET  admin/articles/image/thumbnail/?pk={image}            y            y       y          y           y
GET  admin/articles/image/{key}/64.jpg                     y            y       y          y           y
GET  admin/articles/image/choose/                          y            y       y          y           y
POST admin/articles/image/upload/                          y            y       y          -           -
GET  admin/articles/tag/complete/?q=a                      y            y       y          y           y
GET  admin/articles/article/import/                        y            y       y          -           -
POST admin/articles/article/import/                        y            y       y          -           -
GET  admin/articles/article/{own}/preview/                 y            y       y          y           y
GET  admin/articles/article/{other}/preview/               -            y       y          y           y
GET  admin/articles/article/{own}/revisions/               y            y       y          y           y
GET  admin/articles/article/{other}/revisions/             -            y       y          y           y
GET  admin/articles/article/{own}/compare/?old=1&new=live  y            y       y          y           y
GET  admin/articles/article/{other}/compare/?old=1&new=live  -          y       y          y           y
POST admin/articles/article/{own}/revisions/1/restore/     y            y       y          -           -
POST admin/articles/article/{other}/revisions/1/restore/   -            y       y          -           -
POST admin/articles/article/{own}/discard/                 y            y       y          -           -
POST admin/articles/article/{other}/discard/               -            y       y          -           -
GET  admin/articles/article/{own}/sources/{own_source}/    y            y       y          -           -
GET  admin/articles/article/{other}/sources/{other_source}/  -          y       y          -           -
GET  admin/articles/article/{own}/new-version/              y            y       y          -           -
GET  admin/articles/article/{own}/intake/{own_source}/      y            y       y          -           -
GET  admin/articles/article/{own}/version/{own_source}/    y            y       y          -           -
GET  admin/articles/article/{other}/new-version/            -            y       y          -           -
GET  admin/articles/article/{other}/intake/{other_source}/  -            y       y          -           -
GET  admin/articles/article/{other}/version/{other_source}/ -            y       y          -           -
POST admin/articles/article/{own}/new-version/              y            y       y          -           -
POST admin/articles/article/{own}/intake/{own_source}/      y            y       y          -           -
POST admin/articles/article/{own}/version/{own_source}/    y            y       y          -           -
POST admin/articles/article/{other}/new-version/            -            y       y          -           -
POST admin/articles/article/{other}/intake/{other_source}/  -            y       y          -           -
POST admin/articles/article/{other}/version/{other_source}/ -            y       y          -           -
GET  admin/articles/article/add/at-work/                    y            y       y          -           -
GET  admin/articles/article/{own}/at-work/                  y            y       y          -           -
GET  admin/articles/article/{other}/at-work/                -            y       y          -           -
POST admin/articles/article/add/at-work/                    y            y       y          -           -
POST admin/articles/article/{own}/at-work/                  y            y       y          -           -
POST admin/articles/article/{other}/at-work/                -            y       y          -           -
POST admin/articles/article/autosaves/{autosave}/drop/      -            -       -          -           -
GET  admin/articles/article/{own}/sign-offs/                    y            y       y          y           y
GET  admin/articles/article/{other}/sign-offs/                  -            y       y          y           y
POST admin/articles/article/{own}/sign-offs/                    y            y       y          -           -
POST admin/articles/article/{other}/sign-offs/                  -            y       y          -           -
GET  admin/articles/article/{own}/sign-offs/{own_sign_off}/     y            y       y          y           y
GET  admin/articles/article/{other}/sign-offs/{other_sign_off}/ -            y       y          y           y
POST admin/articles/article/{own}/sign-offs/{own_sign_off}/revoke/ y            y       y          -           -
POST admin/articles/article/{other}/sign-offs/{other_sign_off}/revoke/ -            y       y          -           -
POST admin/articles/article/{own}/sign-offs/{own_sign_off}/take-over/ y            y       y          -           -
POST admin/articles/article/{other}/sign-offs/{other_sign_off}/take-over/ -            y       y          -           -
GET  admin/articles/issue/calendar/                         -            y       y          y           y
GET  admin/articles/issue/{issue}/board/                    -            y       y          y           y
POST admin/articles/issue/{issue}/board/                    -            y       y          -           -
POST admin/articles/issue/{issue}/slot/                     -            y       y          -           -
POST admin/articles/issue/{issue}/release/                  -            -       y          -           -
POST admin/articles/issue/{issue}/recall/                   -            -       y          -           -
GET  admin/newsletter/edition/compose/                      -            -       -          y           -
POST admin/newsletter/edition/compose/                      -            -       -          y           -
GET  admin/newsletter/edition/{edition}/send/               -            -       -          y           -
POST admin/newsletter/edition/{edition}/send/               -            -       -          y           -
GET  admin/newsletter/edition/{edition}/mail.html           -            -       -          y           -
GET  admin/newsletter/subscriber/import/                    -            -       -          y           -
POST admin/newsletter/subscriber/import/                    -            -       -          y           -
GET  admin/newsletter/subscriber/export.csv                 -            -       -          y           -
GET  admin/reads/total/                                    -            y       y          y           y
GET  admin/reads/total/items.csv                           -            y       y          y           y
GET  admin/reads/total/sources.csv                         -            y       y          y           y
GET  accounts/password/change/                             y            y       y          y           y
GET  accounts/2fa/                                         y            y       y          y           y
GET  accounts/2fa/webauthn/                                y            y       y          y           y
GET  accounts/sessions/                                    y            y       y          y           y
GET  admin/admin/logentry/audit-log.csv                    -            -       -          -           y
"""
ACTIONS = """
action                                   Contributor  Editor  Publisher  Newsletter  Administrator
articles.article publish                 -            -       y          -           -
articles.article withdraw                -            -       y          -           -
articles.author merge_selected           -            y       y          -           -
articles.tag merge_selected              -            y       y          -           -
articles.image make_anew                 -            y       y          -           -
articles.deleted put_back                -            y       y          y           y
newsletter.subscriber erase_selected     -            -       -          y           -
auth.user send_link                      -            -       -          -           y
auth.user sign_out                       -            -       -          -           y
"""
# Nouns that are one page, which stands in PAGES.
SHEETS = {"reads.total", "articles.preferences"}
# Open to whoever comes: signing in and out. What is asked there is asked by the pages themselves.
OPEN = {
    "admin/login/", "admin/logout/", "admin/password_change/", "accounts/login/", "accounts/logout/", "accounts/inactive/",
    "accounts/password/reset/", "accounts/password/reset/done/", "accounts/password/reset/key/done/",
    "accounts/password/reset/key/1-x/", "accounts/2fa/authenticate/", "accounts/2fa/webauthn/login/",
}  # fmt: skip
# One's own account: what is asked first is whether it is really they, see test_signing_in.
ONES_OWN = {
    "accounts/reauthenticate/", "accounts/2fa/reauthenticate/", "accounts/2fa/webauthn/reauthenticate/",
    "accounts/2fa/totp/activate/", "accounts/2fa/totp/deactivate/", "accounts/2fa/webauthn/add/",
    "accounts/2fa/webauthn/keys/1/remove/", "accounts/2fa/webauthn/keys/1/edit/", "accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/generate/",
}  # fmt: skip
# The two that Django leads on from: a row without its last part, and what is not there.
LEAD_ON = ("<path:object_id>/", "(?P<url>.*)$")
DESK = ("admin/", "accounts/")
STANDARD = ("changelist", "add", "history", "delete", "change")


def table(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each line as its subject and what each role may."""
    for line in text.strip().splitlines()[1:]:
        *subject, contributor, editor, publisher, newsletter, administrator = line.split()
        cells = (contributor, editor, publisher, newsletter, administrator)
        yield " ".join(subject), dict(zip(WHO, cells, strict=True))


@pytest.fixture
def people() -> dict[str, User]:
    people = {}
    for role in ROLES:
        people[role.name] = User.objects.create(username=role.name.lower())
        give(people[role.name], [role])
    return people


@pytest.fixture(autouse=True)
def nothing_is_drawn(settings) -> Iterator[None]:
    """Who is let in is asked here, not what they see."""
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000
    with patch.object(SimpleTemplateResponse, "rendered_content", ""):
        yield


def rows(people: dict[str, User]) -> dict[str, Any]:
    """One of each noun, by its name, and what the addresses of PAGES hold."""
    own, other = make_draft(created_by=people["Contributor"]), make_article(title="Other")
    sources, sign_offs = [], []
    for article in (own, other):
        sign_offs.append(SignOff.objects.ask(article.revise(), people["Editor"], timezone.now(), person="Ada")[0].pk)
        sources.append(Source(article=article, file_name="a.txt", sha256=str(article.pk), manuscript={}))
        sources[-1].original.save("a.txt", ContentFile(b"Text."))
    image, author, user = make_image(), make_author(), User.objects.create(username="another")
    tags = Tag.objects.create(name="Ports"), Tag.objects.create(name="Harbours")
    mergers = {
        f"{one._meta.model_name}_merger": Merger.objects.make(one, two, user, timezone.now()).pk
        for one, two in ((author, make_author()), tags)
    }
    nouns = [other, author, image, user, make_issue(), make_publication(), make_partner(), make_page()]
    nouns += [make_edition(scheduled=False), make_event(), make_subscriber()]
    nouns += [tags[0], other.category, ReportLink.objects.create(author=author)]
    return {row._meta.label_lower: row.pk for row in nouns} | mergers | {
        "own": own.pk, "other": other.pk, "own_source": sources[0].pk, "other_source": sources[1].pk, "key": image.key,
        "own_sign_off": sign_offs[0], "other_sign_off": sign_offs[1],
        "autosave": Autosave.objects.create(editor=user, snapshot={}, typed_at=timezone.now()).pk,
        "author": author.pk, "image": image.pk, "user": user.pk, "issue": nouns[4].pk, "edition": nouns[8].pk,
        "article_type": ContentType.objects.get_for_model(other).pk,
    }  # fmt: skip


def is_let_in(client: Client, method: str, path: str) -> bool:
    with transaction.atomic():
        answer = client.generic(method, path)
        transaction.set_rollback(True)  # the next one who asks finds everything as it was
    assert answer.status_code < 500, path
    assert answer.status_code != 405, f"{method} {path} has another method"
    if answer.status_code in (301, 302):  # what one may not see is not there: Django leads to signing in, or home
        return answer["Location"] != "/admin/" and not answer["Location"].startswith(
            ("/admin/login/", "/accounts/login/")
        )
    return answer.status_code not in (401, 403, 404)


@pytest.fixture
def clients(people: dict[str, User]) -> dict[str, Client]:
    clients = {name: Client() for name in ("nobody", *people)}
    for name, person in people.items():
        clients[name].force_login(person)
    return clients


def test_the_table_is_of_all_roles():
    assert tuple(role.name for role in ROLES) == WHO


def test_each_page_lets_in_whom_the_table_says(people, clients):
    there = rows(people)
    wrong = []
    for line, may in table(PAGES):
        method, path = line.split()
        path = "/" + path.format(**there)
        for name, client in clients.items():
            let_in = is_let_in(client, method, path)
            if let_in != (may.get(name) == "y"):
                wrong.append(f"{name}, {method} {path}: {'let in' if let_in else 'refused'}")
    assert wrong == []


def doings(model: type[Model], pk: int | None) -> Iterator[tuple[str, str, str]]:
    """What Django's admin offers for a noun: the letters of NOUNS that permit it, method, path."""
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    yield "v", "GET", base
    yield "a", "GET", f"{base}add/"
    yield "a", "POST", f"{base}add/"
    if pk:
        yield "v", "GET", f"{base}{pk}/change/"
        yield "c", "POST", f"{base}{pk}/change/"
        yield "v", "GET", f"{base}{pk}/history/"
        yield "d", "GET", f"{base}{pk}/delete/"


def test_what_is_ones_own_is_nobodys_before_they_have_signed_in(client):
    for path in ONES_OWN:
        answer = client.get(f"/{path}")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_each_noun_lets_in_whom_the_table_says(people, clients):
    there = rows(people)
    wrong = []
    for noun, may in table(NOUNS):
        model = apps.get_model(noun)
        for name, client in clients.items():
            own, _, other = may.get(name, "-").partition("/")
            asked = [(other or own, there.get(noun))]
            if noun == "articles.article":
                asked.append((own, there["own"]))
            for letters, pk in asked:
                for letter, method, path in doings(model, pk):
                    let_in = is_let_in(client, method, path)
                    # An empty list is a list: who has drafts of their own has one.
                    expected = letter in letters or (
                        letter == "v" and letter in own and "change" not in path and "history" not in path
                    )
                    if let_in != expected:
                        wrong.append(f"{name}, {method} {path}: {'let in' if let_in else 'refused'}")
    assert wrong == []


def test_each_action_is_offered_to_whom_the_table_says(people):
    offered = {}
    for model, desk in admin.site._registry.items():
        for name, person in people.items():
            request = RequestFactory().get("/admin/")
            request.user = person
            for action in desk.get_actions(request):
                offered.setdefault(f"{model._meta.label_lower} {action}", set()).add(name)
    # Deleting several is permitted as deleting one is.
    offered = {action: who for action, who in offered.items() if not action.endswith(" delete_selected")}
    assert offered == {action: {name for name in WHO if may[name] == "y"} for action, may in table(ACTIONS)}


# Nothing is left out


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith(DESK):
            yield route.replace("^", ""), pattern.name


def test_every_address_of_the_desk_has_a_row(people):
    there = rows(people)
    standard = {f"{noun.replace('.', '_')}_{page}" for noun, _ in table(NOUNS) for page in STANDARD}
    paths = [line.split()[1].format(**there).partition("?")[0] for line, _ in table(PAGES)]
    known = {resolve(f"/{path}").route.replace("^", "") for path in [*paths, *OPEN, *ONES_OWN]}
    unknown = [
        route
        for route, name in routes(get_resolver().url_patterns)
        if route not in known and name not in standard and not route.endswith(LEAD_ON)
    ]
    assert unknown == [], "Give each a row in PAGES, or its noun one in NOUNS."


def test_every_noun_of_the_desk_has_a_row():
    shown = {model._meta.label_lower for model in admin.site._registry}
    named = {noun for noun, _ in table(NOUNS)}
    assert shown - named == SHEETS


def test_every_post_of_the_desk_needs_its_token(people):
    """Asked of somebody who may do all of it, so that nothing but the token is missing."""
    there = rows(people)
    master = User.objects.create(username="master", is_staff=True, is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(master)
    paths = {line.split()[1].format(**there).partition("?")[0] for line, _ in table(PAGES)} | OPEN | ONES_OWN
    paths = {f"/{path}" for path in paths}
    for noun, _ in table(NOUNS):
        paths |= {path for _, _, path in doings(apps.get_model(noun), there.get(noun) or 1)}
    taken = [path for path in sorted(paths) if client.post(path).status_code != 403]
    assert taken == []
