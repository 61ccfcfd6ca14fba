"""Who did what, and when: written by all, read by administrators, changed by nobody."""

import csv
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from analyst.roles import ADMINISTRATOR, EDITOR, PUBLISHER, give
from articles.audit import Act, note
from articles.models import Article
from tests.articles.desk import DeskClient, form_of
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db
LOG = "/admin/admin/logentry/"


@pytest.fixture
def ada() -> User:
    ada = User.objects.create(username="ada", email="ada@example.org")
    give(ada, [PUBLISHER, ADMINISTRATOR])
    return ada


@pytest.fixture
def desk(ada) -> DeskClient:
    desk = DeskClient()
    desk.force_login(ada)
    return desk


def said() -> list[str]:
    return [str(entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]


def rows(desk: DeskClient, query: str = "") -> list[list[str]]:
    return list(
        csv.reader(StringIO(desk.get("/admin/admin/logentry/audit-log.csv" + query).content.decode("utf-8-sig")))
    )


def test_what_an_editor_does_is_written_down(desk, ada):
    article = make_draft(title="Grain", body="<p>Text.</p>")
    url = f"/admin/articles/article/{article.pk}/change/"
    desk.post(url, form_of(desk, url) | {"title": "Grain and power"})
    desk.post("/admin/articles/article/", {"action": "publish", "_selected_action": article.pk})
    article.withdraw("Gone.", by=ada)
    draft = make_draft(title="A stray")
    desk.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    acts = set(LogEntry.objects.values_list("action_flag", flat=True))
    assert {Act.CHANGED, Act.DELETED} <= acts
    assert [words for words in said() if words in ("Published.", "Withdrawn.")] == ["Published.", "Withdrawn."]
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_roles_that_are_given_are_written_down(desk):
    ben = User.objects.create(username="ben", email="ben@example.org")
    url = f"/admin/auth/user/{ben.pk}/change/"
    desk.post(url, form_of(desk, url) | {"roles": ["Editor"]})
    entry = LogEntry.objects.get(action_flag=Act.ROLES)
    assert (entry.user.username, entry.object_repr, entry.change_message) == ("ada", "ben", "Roles: Editor.")


def test_numbers_that_are_taken_away_are_written_down(desk):
    desk.get("/admin/reads/total/sources.csv")
    desk.get("/admin/reads/total/items.json")
    assert [words.partition(",")[0] for words in said()] == ["Reads: sources", "Item report"]


def test_it_is_narrowed_by_deed_by_person_and_by_words(desk, ada):
    ben = User.objects.create(username="ben")
    note(Act.SIGNED_IN, ben, "Signed in from 198.51.100.0/24.")
    note(Act.REFUSED, ada, "A wrong password, from 203.0.113.0/24.")
    for query in (f"?act={Act.REFUSED}", f"?user__id__exact={ada.pk}", "?q=wrong"):
        page = desk.get(LOG + query).content.decode()
        assert "203.0.113.0" in page, query
        assert "198.51.100.0" not in page, query


def test_the_sheet_holds_what_the_list_shows_and_is_written_down_itself(desk, ada):
    note(Act.REFUSED, ada, "A wrong password, from 203.0.113.0/24.")
    note(Act.SIGNED_OUT, ada, "Signed out.")
    head, *lines = rows(desk, f"?act={Act.REFUSED}")
    assert head == ["When", "Who", "Did what", "To", "Which", "In words"]
    assert [line[1:] for line in lines] == [
        ["ada", "Sign-in failed", "user", "ada", "A wrong password, from 203.0.113.0/24."]
    ]
    assert LogEntry.objects.get(action_flag=Act.EXPORTED).change_message == "The audit log, 1 lines."


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋"])
def test_no_cell_of_the_sheet_is_a_formula(desk, ada, start):
    note(Act.CHANGED, ada, "Changed.", make_article(title=f"{start}cmd|' /C calc'!A0"))
    cell = rows(desk)[1][4]
    assert cell.startswith("'")


def test_nobody_changes_it_or_deletes_from_it(desk, ada):
    entry = note(Act.REFUSED, ada, "A wrong password.")
    ada.is_superuser = True
    ada.save()
    desk.force_login(ada)
    for page in ("change", "delete"):
        desk.post(f"{LOG}{entry.pk}/{page}/", {"post": "yes", "change_message": "Nothing."})
    desk.post(LOG, {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"})
    assert desk.get(f"{LOG}add/").status_code == 403
    entry.refresh_from_db()
    assert entry.change_message == "A wrong password."


def test_what_somebody_did_outlives_their_account(desk, ada):
    """A person is made inactive, and never deleted in the desk."""
    ben = User.objects.create(username="ben")
    give(ben, [EDITOR])
    note(Act.CHANGED, ben, "Changed.", make_article())
    assert desk.post(f"/admin/auth/user/{ben.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LogEntry.objects.filter(user=ben).exists()


def test_its_cost_does_not_grow_with_the_log(desk, ada, django_assert_max_num_queries):
    for _ in range(60):
        note(Act.CHANGED, ada, "Changed.", make_article())
    with django_assert_max_num_queries(11):
        desk.get(LOG)
