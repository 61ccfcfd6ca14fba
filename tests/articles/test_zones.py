"""A moment is named in the zone of whoever reads it, and a doubtful clock is asked about."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.test import override_settings

from articles.models import Article, Preferences
from tests.factories import make_article, make_draft

from .desk import form_of
from .test_desk_article import DeskTests, change

PREFERENCES = "/admin/articles/preferences/"
NOON = datetime(2091, 1, 15, 12, tzinfo=UTC)


class ZoneTests(DeskTests):
    def choose(self, zone: str) -> None:
        answer = self.client.post(PREFERENCES, {"zone": zone, "mail_reviews": "on"})
        self.assertEqual(answer.status_code, 302)

    def schedule(self, day: str, clock: str, **more: Any) -> Any:
        self.article = make_draft()
        fields = {"status": "published", "published_at_0": day, "published_at_1": clock}
        return self.save(self.article, **fields, **more)

    def stored(self) -> datetime | None:
        return Article.objects.get(pk=self.article.pk).published_at

    def test_the_same_moment_is_named_right_in_almaty_and_in_stockholm(self) -> None:
        article = make_article(published_at=NOON)
        for zone, clock in {"Asia/Almaty": "17:00:00", "Europe/Stockholm": "13:00:00", "": "12:00:00"}.items():
            self.choose(zone)
            fields = form_of(self.client, change(article))
            self.assertEqual((fields["published_at_0"], fields["published_at_1"]), ("2091-01-15", clock), zone)
            self.assertContains(self.client.get(change(article)), zone or "UTC")

    def test_a_time_is_read_in_the_zone_that_stands_beside_it(self) -> None:
        self.choose("Asia/Almaty")
        self.assertSaved(self.schedule("2091-01-15", "17:00:00"))
        self.assertEqual(self.stored(), NOON)
        self.assertContains(self.client.get(change(self.article)), "Asia/Almaty = 15 January 2091, 12:00 (UTC)")

    def test_the_list_and_the_first_page_name_it_too(self) -> None:
        make_article(published_at=NOON)
        self.choose("Europe/Stockholm")
        for url in ("/admin/", "/admin/articles/article/"):
            self.assertContains(self.client.get(url), "15 January 2091, 13:00 (Europe/Stockholm)")

    def test_the_zone_is_there_after_the_next_login(self) -> None:
        self.choose("Asia/Almaty")
        self.client.logout()
        self.client.force_login(User.objects.get(pk=self.editor.pk))
        self.assertContains(self.client.get(change(make_draft())), "Asia/Almaty")

    def test_a_zone_that_there_is_not_is_refused(self) -> None:
        self.assertContains(self.client.post(PREFERENCES, {"zone": "Mars/Olympus"}), "Select a valid choice")
        self.assertFalse(Preferences.objects.exists())

    def test_a_time_that_comes_twice_is_asked_about(self) -> None:
        self.choose("Europe/Stockholm")
        page = self.schedule("2090-10-29", "02:30:00")  # the clocks go back at three
        self.assertRefused(page, "02:30 comes twice on 29 October 2090 in Europe/Stockholm")
        self.assertContains(page, "the first 02:30 (UTC+02:00)")
        self.assertIsNone(self.stored())
        for which, hour in (("0", 0), ("1", 1)):
            self.assertSaved(self.schedule("2090-10-29", "02:30:00", published_at_2=which))
            self.assertEqual(self.stored(), datetime(2090, 10, 29, hour, 30, tzinfo=UTC))

    def test_an_untouched_form_keeps_the_one_that_was_chosen(self) -> None:
        self.choose("Europe/Stockholm")
        for hour in (0, 1):
            moment = datetime(2090, 10, 29, hour, 30, tzinfo=UTC)
            self.article = make_article(published_at=moment)
            self.assertSaved(self.save(self.article))
            self.assertEqual((self.stored(), self.article.revisions.count()), (moment, 0))

    def test_a_time_that_does_not_exist_is_asked_about(self) -> None:
        self.choose("Europe/Stockholm")
        page = self.schedule("2090-03-26", "02:30:00")  # the clocks go forward at two
        self.assertRefused(page, "There is no 02:30 on 26 March 2090 in Europe/Stockholm")
        self.assertContains(page, "Give 01:30 or 03:30")
        self.assertIsNone(self.stored())

    def test_half_a_moment_is_asked_for_the_other_half(self) -> None:
        self.assertRefused(self.schedule("2090-03-26", ""), "Give the time as well.")
        self.assertRefused(self.schedule("", "12:00"), "Give the day as well.")

    @override_settings(TIME_ZONE="Europe/Stockholm")
    def test_what_readers_see_has_the_days_of_the_journal(self) -> None:
        article = make_article(slug="grain", published_at=datetime(2016, 3, 15, 23, 30, tzinfo=UTC))
        self.choose("America/New_York")
        self.assertSaved(self.save(article, tags="Ports"))
        for url in ("/articles/grain/", f"/admin/articles/article/{article.pk}/preview/"):
            page = self.client.get(url)
            self.assertContains(page, "Wednesday, 16 March 2016")
            self.assertContains(page, 'content="2016/03/16"')
