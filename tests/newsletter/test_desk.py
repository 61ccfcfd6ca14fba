"""The newsletter in the desk: composed by one press, looked at, tried out, sent, watched; people taken in and out."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.models import Consent, Edition, Subscriber, Suppression
from newsletter.people import erase
from newsletter.preflight import problems_of
from newsletter.sending import send_due
from tests.articles.desk import DeskClient, form_of
from tests.factories import make_article, make_author, make_draft, make_editor, make_image, make_issue, make_publication
from tests.newsletter.makers import make_edition, make_event, make_subscriber
from tests.newsletter.test_consent import dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = DeskClient()
    client.force_login(make_editor(email="nadia@journal.example"))
    return client


def page_of(desk, edition):
    return f"/admin/newsletter/edition/{edition.pk}/send/"


def press(desk, edition, do, **more):
    answer = desk.post(page_of(desk, edition), {"do": do} | more, follow=True)
    edition.refresh_from_db()
    return answer.content.decode()


# Composing


def test_an_edition_is_composed_from_an_issue_by_one_press(desk):
    issue = make_issue()
    make_article(title="Grain", issue=issue)
    answer = desk.get(f"/admin/newsletter/edition/add/?issue={issue.pk}")
    assert answer.headers["Location"] == f"/admin/newsletter/edition/compose/?issue={issue.pk}"
    assert f'value="{issue.pk}" selected' in desk.get(answer.headers["Location"]).content.decode()
    assert not Edition.objects.exists(), "a look composes nothing"
    answer = desk.post("/admin/newsletter/edition/compose/", {"issue": issue.pk})
    edition = Edition.objects.get()
    assert answer.headers["Location"] == f"/admin/newsletter/edition/{edition.pk}/change/"
    assert [str(item) for item in edition.items.whole()] == ["Grain"]


def test_it_is_written_by_hand_with_the_editor_of_articles(desk):
    url = "/admin/newsletter/edition/add/"
    article = make_article()
    fields = {
        "subject": "By hand",
        "body": "<p>Dear <b>reader</b>.</p><script>x</script>",
        "items-0-article": article.pk,
        "items-0-position": 1,
    }
    assert desk.post(url, form_of(desk, url) | fields).status_code == 302
    edition = Edition.objects.get()
    assert (edition.body, edition.items.get().article) == ("<p>Dear <strong>reader</strong>.</p>", article)
    two = form_of(desk, url) | {
        "subject": "x",
        "items-0-article": article.pk,
        "items-0-event": make_event().pk,
        "items-0-position": 1,
    }
    assert "Choose one" in desk.post(url, two).content.decode()


def test_its_mail_is_shown_as_it_will_look(desk):
    edition = make_edition(make_article(title="Grain & power"), scheduled=False)
    answer = desk.get(f"/admin/newsletter/edition/{edition.pk}/mail.html")
    assert "Grain &amp; power" in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "@media (prefers-color-scheme: dark)" in answer.content.decode()
    assert "@media all" in desk.get(f"/admin/newsletter/edition/{edition.pk}/mail.html?night").content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    text = desk.get(f"/admin/newsletter/edition/{edition.pk}/mail.txt")
    assert "Grain & power" in text.content.decode()
    page = desk.get(page_of(desk, edition)).content.decode()
    assert page.count("<iframe") == 3


def test_what_stands_in_the_way_of_a_test_is_said(desk, settings):
    edition = make_edition()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    assert "The mail server did not take the test" in press(desk, edition, "test")
    User.objects.update(email="")
    assert "Ask an administrator to enter yours" in press(desk, edition, "test")


def test_what_stops_an_edition_is_said_when_it_is_sent_all_the_same(desk):
    edition = make_edition(subject="News", body="")
    assert "mend first what stops it" in press(desk, edition, "now")
    assert edition.is_open


def test_a_test_goes_to_who_asks_and_to_nobody_else(desk, mailoutbox):
    make_subscriber()
    edition = make_edition(scheduled=False)
    assert "nadia@journal.example" in press(desk, edition, "test")
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["nadia@journal.example"], f"[Test] {edition.subject}")
    assert edition.state == "draft"


# Before it goes out


def test_what_is_wrong_or_doubtful_is_said(desk):
    image = make_image()
    bad = make_edition(
        make_article(title="Bare", summary="", lead_image=image), make_draft(title="Not yet"), scheduled=False,
        body=f'<p><a href="/articles/nothing/">a</a> <a href="https://example.org/">b</a> <a href="mailto:x">c</a></p><figure data-image="{image.key}"></figure>',
    )  # fmt: skip
    said = {problem.sentence: problem.stops for problem in problems_of(bad, timezone.now())}
    stops = [sentence for sentence, stops in said.items() if stops]
    assert stops == ["The link to /articles/nothing/ leads nowhere.", "The link to mailto:x leads nowhere."]
    for words in (
        "“Bare” has no summary",
        "may not see “Not yet”",
        "no preheader",
        "reach nobody",
        "picture in the text",
        "picture of “Bare”",
    ):
        assert any(words in sentence for sentence in said), words
    page = press(desk, bad, "now")
    assert bad.state == "draft"
    assert "Stops it" in page


def test_a_good_one_has_no_problem():
    make_subscriber()
    article = make_article(slug="grain", lead_image=make_image(), lead_image_alt="A silo")
    body = '<p><a href="/articles/grain/">a</a> <a href="http://localhost:8000/events/">b</a></p>'
    assert problems_of(make_edition(article, preheader="Read this", body=body, scheduled=False), timezone.now()) == []
    empty = make_edition(body="", preheader="x", scheduled=False)
    assert [problem.stops for problem in problems_of(empty, timezone.now())] == [True]


# Going out


def test_it_is_scheduled_in_the_zone_of_who_schedules_and_taken_back(desk):
    make_subscriber()
    edition = make_edition(scheduled=False)
    page = press(desk, edition, "schedule", send_at_0="2040-03-01", send_at_1="09:00", send_at_2="")
    assert edition.state == "scheduled"
    assert edition.send_at.isoformat() == "2040-03-01T09:00:00+00:00"
    assert "1 March 2040, 09:00 (UTC)" in page
    press(desk, edition, "unschedule")
    assert (edition.state, edition.send_at) == ("draft", None)
    assert press(desk, edition, "schedule", send_at_0="x", send_at_1="", send_at_2="")
    assert edition.state == "draft"


def test_it_is_sent_watched_and_cannot_be_changed_any_more(desk, sink):
    readers = [make_subscriber() for _ in range(3)]
    edition = make_edition(scheduled=False)
    press(desk, edition, "now")
    sink.drop = lambda email: email == readers[1].email
    send_due()
    page = desk.get(page_of(desk, edition)).content.decode()
    assert " ".join(re.search(r"Recipients.*?closed", page, re.DOTALL)[0].split()).startswith(
        "Recipients 3 = sent 2 + failed 0 + not sent 0 + unsure 1."
    )
    assert readers[1].email in page
    assert 'value="100"' in page
    for verb in ("now", "pause", "stop", "schedule"):
        press(desk, edition, verb, send_at_0="2040-03-01", send_at_1="09:00")
        assert edition.state == "sent", verb
    assert desk.post(f"/admin/newsletter/edition/{edition.pk}/change/", {"subject": "x"}).status_code == 403
    sink.drop = lambda email: False
    press(desk, edition, "again")
    send_due()
    assert edition.tally().sent == 3


def test_ten_who_press_at_once_send_it_once(desk, sink):
    make_subscriber()
    edition = make_edition(scheduled=False)
    for _ in range(10):
        press(desk, edition, "now")
    send_due(), send_due()
    assert len(sink.to) == 1


def test_it_is_paused_resumed_and_stopped(desk):
    make_subscriber()
    edition = make_edition(state="sending", started_at=timezone.now(), recipients=0, scheduled=False)
    for verb, state in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped"), ("resume", "stopped")):
        press(desk, edition, verb)
        assert edition.state == state


def test_the_list_tells_how_each_went_and_that_nobody_is_watched(desk, sink):
    sink.at_rcpt = lambda email: "550 5.1.1 no" if email == "gone@example.org" else None
    ann = make_subscriber("ann@example.org")
    make_subscriber("gone@example.org")
    make_edition()
    send_due()
    desk.post(f"/newsletter/unsubscribe/{ann.leave_token}/")
    page = desk.get("/admin/newsletter/edition/").content.decode()
    cells = dict(re.findall(r'<td class="field-(\w+)">(.*?)</td>', page))
    assert {name: cells[name] for name in ("recipients", "sent", "failed", "bounced", "unsubscribed")} == {
        "recipients": "2", "sent": "1", "failed": "1", "bounced": "1", "unsubscribed": "1",
    }  # fmt: skip
    assert "do not see who opens" in page


def test_the_cost_of_the_desk_does_not_grow(desk):
    def costs():
        found = []
        for path in (
            "/admin/newsletter/edition/",
            "/admin/newsletter/subscriber/",
            "/admin/newsletter/event/",
            page_of(desk, edition),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(path).status_code == 200
            found.append(len(queries))
        return found

    edition = make_edition(make_article(authors=[make_author()]), scheduled=False)
    make_subscriber(), make_event()
    few = costs()
    for _ in range(5):
        make_subscriber(), make_event(), make_edition(scheduled=False)
        edition.items.create(article=make_article(authors=[make_author(), make_author()]))
        edition.items.create(publication=make_publication())
    many = costs()
    assert [b - a for a, b in zip(few, many, strict=True)] == [0, 0, 0, 1], (
        "the publications are asked for when there are some"
    )


# People


def upload(desk, text, **more):
    table = SimpleUploadedFile("list.csv", text.encode())
    fields = {"table": table, "interests": ["news"], "proof": "The sheet of the conference of 2019, box 4"}
    return desk.post("/admin/newsletter/subscriber/import/", fields | more).content.decode()


def test_a_list_is_taken_in_with_its_proof_after_a_trial(desk):
    make_subscriber("known@example.org")
    erase("erased@example.org", timezone.now())
    text = "Email,Interests\nnew@example.org,\nKnown@example.org,\nerased@example.org,\nnonsense,\nevents@example.org,events news\nNEW@example.org,\n"
    trial = upload(desk, text, is_trial="on")
    assert "New: 2. Known already: 2. Left, complained or erased" in " ".join(trial.split())
    assert "Line 5: This is no e-mail address" in trial
    assert Subscriber.objects.count() == 1
    upload(desk, text)
    assert {row.email: row.interests for row in Subscriber.objects.exclude(email="known@example.org")} == {
        "new@example.org": ["news"], "events@example.org": ["events", "news"],
    }  # fmt: skip
    consent = Consent.objects.get(person=Subscriber.objects.get(email="new@example.org").person)
    assert (consent.kind, consent.note) == ("imported", "The sheet of the conference of 2019, box 4")
    upload(desk, text)
    assert Subscriber.objects.count() == 3


def test_without_a_proof_or_a_column_nothing_is_taken_in(desk):
    assert "Without a proof" in upload(desk, "email\na@example.org\n", proof="")
    assert "one of them must be “email”" in upload(desk, "address\na@example.org\n")
    assert "no text in UTF-8" in desk.post(
        "/admin/newsletter/subscriber/import/", {"table": SimpleUploadedFile("x.csv", b"\xff\xfe"), "interests": ["news"], "proof": "x"}
    ).content.decode()  # fmt: skip
    assert not Subscriber.objects.exists()


def test_the_sheet_of_subscribers_runs_nothing_and_can_be_taken_in_again(desk):
    evil = "+cmd@example.org"
    make_subscriber(evil)
    sheet = desk.get("/admin/newsletter/subscriber/export.csv").content.decode()
    _, row = csv.reader(StringIO(sheet))
    assert row[0] == f"'{evil}"
    assert "Known already: 1" in " ".join(upload(desk, sheet).split())


def test_people_are_found_by_address_and_erased(desk):
    ann, bo = make_subscriber("ann@example.org"), make_subscriber("bo@example.com")
    page = desk.get("/admin/newsletter/subscriber/?q=ann@example").content.decode()
    assert ann.email in page
    assert bo.email not in page
    assert desk.get(f"/admin/newsletter/subscriber/{ann.pk}/change/").status_code == 200
    desk.post("/admin/newsletter/subscriber/", {"action": "erase_selected", "_selected_action": [ann.pk]})
    assert ann.email not in dump()
    assert Suppression.objects.get().person == ann.person
    assert desk.get("/admin/newsletter/subscriber/add/").status_code == 403


def test_growth_and_churn_are_shown_by_month(desk):
    now = timezone.now()
    for n in range(3):
        Consent.objects.note("confirmed", f"p{n}", now - timedelta(days=40))
    Consent.objects.note("left", "p0", now)
    page = " ".join(desk.get("/admin/newsletter/subscriber/").content.decode().split())
    assert f"{now - timedelta(days=40):%B %Y}: +3, −0" in page
    assert f"{now:%B %Y}: +0, −1" in page
    assert page.count("<rect") == 4
