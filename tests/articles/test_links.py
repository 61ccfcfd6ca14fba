"""Links to other sites: whether they answer is asked by the worker, and told before a text is published."""

from datetime import timedelta
from threading import Event
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from articles import elsewhere
from articles.models import Article, Link
from articles.preflight import findings, unchecked
from tests.factories import make_article, make_draft, make_editor

from .desk import form_of
from .test_desk_article import ADD, DeskTests, change
from .test_preflight import WHOLE

A, B = "https://a.example/paper", "https://b.example/paper"


def linking(*addresses: str) -> str:
    return "".join(f'<p><a href="{address}">a</a></p>' for address in addresses)


def known(url: str, status: int | None = 200, trouble: str = "", days: float = 0) -> Link:
    at = timezone.now() - timedelta(days=days)
    return Link.objects.create(url=url, host=url.split("/")[2], status=status, trouble=trouble, checked_at=at)


def check(answers: dict[str, Any]) -> list[str]:
    """Let the worker do what is due; returns what it asked for."""
    with mock.patch.object(elsewhere, "status_of", side_effect=lambda url: answers[url]) as asked:
        Link.objects.check_due(Event())
    return [call.args[0] for call in asked.call_args_list]


@pytest.mark.django_db
class TestTelling:
    def says(self, *addresses: str, **changes: Any) -> list[str]:
        return [one.says for one in findings(None, WHOLE | {"background": linking(*addresses)} | changes)]

    @pytest.mark.parametrize("status", [404, 410, 500, 502])
    def test_a_link_that_leads_nowhere_is_doubtful_at_its_field(self, status: int) -> None:
        day = f"{timezone.localtime(known(A, status).checked_at):%-d %B %Y}"
        (found,) = findings(None, WHOLE | {"background": linking(f"{A}#page-3")})
        assert found.says == (f"has a link in background that does not answer ({status}), checked on {day}: {A}#page-3")
        assert (found.field, found.stops) == ("background", False)

    def test_no_answer_is_told_with_its_reason(self) -> None:
        known(A, None, "there is no such host")
        assert "does not answer (there is no such host), checked on" in self.says(A)[0]

    @pytest.mark.parametrize("status", [200, 206, 401, 403, 405, 429, 451, 503])
    def test_who_answers_or_refuses_a_machine_is_not_doubted(self, status: int) -> None:
        known(A, status)
        assert self.says(A) == []

    def test_a_link_in_a_bio_is_told_there(self) -> None:
        known(A, 404)
        row = {"author": None, "name": "Ada", "bio": f'<p><a href="{A}">Ada</a></p>'}
        (found,) = findings(None, WHOLE | {"bylines": [row]})
        assert found.field == "bylines-0-bio"
        assert found.says.startswith("has a link in a bio that does not answer (404)")

    def test_what_nobody_has_asked_for_is_said_and_is_no_doubt(self) -> None:
        known(A)
        text = WHOLE | {"background": linking(A, B, "https://c.example/", "/about/", "mailto:a@b.example")}
        assert [one.says for one in unchecked(text)] == ["has 2 links in background to other sites, not checked yet"]
        assert self.says(A, B) == []

    @override_settings(CHECK_LINKS=False)
    def test_where_the_operator_has_no_links_checked_nothing_is_said(self) -> None:
        known(A, 404)
        Link.objects.have_checked(WHOLE | {"background": linking(A, B)})
        assert self.says(A, B) == []
        assert unchecked(WHOLE | {"background": linking(B)}) == []
        assert Link.objects.filter(url=B).count() == 0


@pytest.mark.django_db
class TestAsking:
    def test_each_page_is_asked_for_once(self) -> None:
        text = {"summary": linking(A, f"{A}#p"), "body": linking(A, B)}
        Link.objects.have_checked(text)
        Link.objects.have_checked(text)
        assert check({A: 200, B: 404}) == [A, B]
        assert check({}) == []
        assert list(Link.objects.order_by("pk").values_list("url", "status")) == [(A, 200), (B, 404)]

    def test_an_ampersand_is_one(self) -> None:
        Link.objects.have_checked({"body": linking("https://a.example/?a=1&amp;b=2")})
        assert check({"https://a.example/?a=1&b=2": 200}) == ["https://a.example/?a=1&b=2"]

    @pytest.mark.parametrize(
        ("status", "days", "again"), [(200, 8, True), (200, 6, False), (404, 0.1, True), (404, 0.01, False)]
    )
    def test_it_is_asked_again_after_a_week_and_after_an_hour_if_it_was_dead(
        self, status: int, days: float, again: bool
    ) -> None:
        known(A, status, days=days)
        Link.objects.have_checked({"body": linking(A)})
        assert check({A: 200}) == [A] * again

    def test_why_there_was_no_answer_is_kept_until_there_is_one(self) -> None:
        Link.objects.have_checked({"body": linking(A)})
        with mock.patch.object(elsewhere, "status_of", side_effect=elsewhere.NoAnswer("the connection failed")):
            Link.objects.check_due(Event())
        assert Link.objects.get().why_dead == "the connection failed"
        Link.objects.update(due_at=timezone.now())
        check({A: 200})
        assert Link.objects.get().why_dead == ""

    def test_a_host_is_asked_for_one_page_at_a_time(self) -> None:
        Link.objects.have_checked({"body": linking(A, "https://a.EXAMPLE:8443/2", B)})
        now = timezone.now()
        assert [Link.objects.take(now).host, Link.objects.take(now).host] == ["a.example", "b.example"]
        assert Link.objects.take(now) is None
        with pytest.raises(IntegrityError), transaction.atomic():
            Link.objects.filter(host="a.example").update(taken_at=now)

    def test_many_pages_of_one_host_are_not_in_the_way_of_another(self) -> None:
        Link.objects.have_checked({"body": linking(*(f"https://a.example/{n}" for n in range(12)), B)})
        now = timezone.now()
        assert [Link.objects.take(now).host, Link.objects.take(now).host] == ["a.example", "b.example"]

    def test_what_a_dead_worker_had_in_hand_is_asked_for_again(self) -> None:
        before = timezone.now() - timedelta(minutes=2)
        Link.objects.have_checked({"body": linking(A)}, before)
        assert Link.objects.take(before)
        assert check({A: 200}) == [A]

    def test_a_worker_that_is_stopped_begins_no_other(self) -> None:
        Link.objects.have_checked({"body": linking(A, B)})
        stop = Event()
        with mock.patch.object(elsewhere, "status_of", side_effect=lambda url: stop.set() or 200):
            assert Link.objects.check_due(stop) == 1

    def test_a_longer_address_than_can_be_kept_is_let_be(self) -> None:
        Link.objects.have_checked({"body": linking(f"https://a.example/{'ä' * 500}")})
        assert not Link.objects.exists()

    def test_what_came_by_import_waits_for_somebody_to_open_it(self) -> None:
        article = make_draft(body=linking(A))
        article.revise()
        assert not Link.objects.exists()
        article.revise(make_editor())
        assert Link.objects.get().url == A


class TestInTheDesk(DeskTests):
    def doubts(self, url: str, form: str) -> list[dict[str, Any]]:
        return self.client.post(url, form_of(self.client, form) | {"looks": "1"}).json()["doubts"]

    def test_saving_a_draft_has_its_links_asked_for_and_asks_nobody_itself(self) -> None:
        with mock.patch.object(elsewhere, "status_of") as asked:
            self.assertSaved(self.save(make_draft(), background=linking(A)))
        asked.assert_not_called()
        self.assertEqual(check({A: 200}), [A])

    def test_an_open_form_says_what_waits_and_has_it_asked_for(self) -> None:
        article = make_draft(**{name: f"<p>{name}</p>" for name in Article.SECTIONS} | {"background": linking(A)})
        url = f"/admin/articles/article/{article.pk}/at-work/"
        waits = {
            "says": "has 1 link in background to other sites, not checked yet",
            "field": "background",
            "stops": False,
            "waits": True,
        }
        self.assertEqual(self.doubts(url, change(article)), [waits])
        check({A: 404})
        (dead,) = self.doubts(url, change(article))
        self.assertIn("does not answer (404)", dead["says"])
        self.assertFalse(dead["waits"])

    def test_a_new_article_is_not_asked_for_before_it_is_saved(self) -> None:
        sent = form_of(self.client, ADD) | {"summary": linking(A), "looks": "1"}
        told = self.client.post("/admin/articles/article/add/at-work/", sent).json()["doubts"]
        self.assertIn("has 1 link in summary to other sites, not checked yet", [one["says"] for one in told])
        self.assertFalse(Link.objects.exists())

    def test_what_waits_holds_nobody_up_and_a_dead_link_needs_a_reason(self) -> None:
        whole = {name: f"<p>{name}</p>" for name in Article.SECTIONS}
        article = make_draft(**whole | {"background": linking(A)})
        self.assertSaved(self.save(article, status="published", though=""))
        known(B, 404)
        other = make_draft(title="Other", **whole | {"background": linking(B)})
        refused = self.save(other, status="published", though="")
        self.assertRefused(refused, "that does not answer (404)")
        self.assertSaved(self.save(other, status="published", though="It is in the archive."))

    def test_the_old_dead_link_of_a_public_text_is_not_asked_about_again(self) -> None:
        known(B, 404)
        article = make_article(background=linking(B))
        self.assertSaved(self.publish(article, conclusions="<p>More.</p>", though=""))
