"""From the form on every page to a confirmed subscriber, and back out again. A GET never changes anything."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.models import WORDING, Consent, Knock, Letter, Signup, Subscriber, Suppression
from newsletter.signing_up import mail_waiting

pytestmark = pytest.mark.django_db
ANN = {"email": "ann@example.org", "interests": ["events", "news"]}


def sign_up(client, **more):
    return client.post("/newsletter/", ANN | more)


def link_in(message):
    return re.search(r"https?://[^/]+(/newsletter/\S+)", message.body)[1]


def subscribe(client, **more):
    """All the way; returns the subscriber."""
    sign_up(client, **more)
    mail_waiting()
    client.post(link_in(mail.outbox[-1]))
    return Subscriber.objects.get(email=more.get("email", ANN["email"]))


# The form


def test_it_stands_on_every_page_and_needs_no_script(client):
    for path in ("/", "/articles/", "/search/", "/newsletter/", "/nothing/"):
        page = client.get(path).content.decode()
        form = re.search(r'<form id="newsletter-signup".*?</form>', page, re.DOTALL)[0]
        assert page.count('id="newsletter-signup"') == 1, path
        assert 'action="/newsletter/"' in form
        assert WORDING in form
        assert re.findall(r'name="(\w+)" value="(\w*)"', form) == [
            ("email", ""), ("interests", "events"), ("interests", "news"), ("interests", "articles"),
        ]  # fmt: skip
        assert " checked" not in form, "nobody consents to what was ticked for them"


def test_whoever_confirms_is_subscribed(client):
    assert sign_up(client).headers["Location"] == "/newsletter/sent/"
    assert client.get("/newsletter/sent/").status_code == 200
    assert not Subscriber.objects.exists()
    assert mail_waiting() == 1
    (message,) = mail.outbox
    assert message.to == ["ann@example.org"]
    path = link_in(message)
    assert path.startswith("/newsletter/confirm/")
    assert "upcoming events, latest news" in client.get(path).content.decode()
    assert not Subscriber.objects.exists(), "a scanner that follows the link changes nothing"
    assert "subscribed" in client.post(path).content.decode()
    ann = Subscriber.objects.get()
    assert (ann.email, ann.interests, ann.state) == ("ann@example.org", ["events", "news"], "active")
    assert not Signup.objects.exists()


def test_a_link_works_once_and_for_three_days(client):
    sign_up(client)
    mail_waiting()
    path = link_in(mail.outbox[0])
    Signup.objects.update(mailed_at=timezone.now() - timedelta(hours=73))
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert not Subscriber.objects.exists()
    Signup.objects.update(mailed_at=timezone.now() - timedelta(hours=71))
    assert client.post(path).status_code == 200
    Subscriber.objects.get().stop(Consent.Kind.LEFT, timezone.now())
    assert client.post(path).status_code == 404
    assert Subscriber.objects.get().state == "left", "a replayed link brings nobody back"


def test_a_link_that_is_over_stays_over_when_somebody_asks_anew(client):
    sign_up(client)
    mail_waiting()
    old = link_in(mail.outbox[-1])
    Signup.objects.update(mailed_at=timezone.now() - timedelta(hours=73))
    Letter.objects.all().delete()
    sign_up(client)
    mail_waiting()
    assert client.post(old).status_code == 404
    assert client.post(link_in(mail.outbox[-1])).status_code == 200


def test_a_link_that_never_was_is_answered_with_a_sentence(client):
    for token in ("x", "x" * 5000, "é", "%00"):
        for answer in (client.get(f"/newsletter/confirm/{token}/"), client.post("/newsletter/confirm/x/")):
            assert answer.status_code == 404
            assert "sign up" in answer.content.decode()


def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(client):
    for wrong, sentence in {
        "": "Tell us the e-mail address",
        "ann": "This is no e-mail address",
        "ann@example.org\r\nBcc: all@example.org": "This is no e-mail address",
        "ann\0@example.org": "Null characters are not allowed",
        "å@example.org": "Latin letters without accents",
        "a" * 250 + "@example.org": "longer than",
        "<b>@example.org": "This is no e-mail address",
    }.items():
        answer = sign_up(client, email=wrong)
        assert answer.status_code == 400, wrong
        assert sentence in answer.content.decode(), wrong
        assert answer.headers["Cache-Control"] == "private, no-store"
    answer = client.post("/newsletter/", {"email": "ann@example.org"})
    assert answer.status_code == 400
    assert 'value="ann@example.org"' in answer.content.decode()
    assert client.post("/newsletter/", {"email": "a@b", "interests": "events"}).content.decode().count(" checked") == 1
    assert client.post("/newsletter/", ANN | {"interests": ["everything"]}).status_code == 400
    assert not Signup.objects.exists()


def test_a_domain_in_another_script_is_written_as_mail_wants_it(client):
    sign_up(client, email="ann@Bücher.example")
    assert Signup.objects.get().email == "ann@xn--bcher-kva.example"


def test_nobody_learns_who_is_subscribed(client):
    subscribe(client, email="known@example.org")
    gone = subscribe(client, email="gone@example.org")
    gone.stop(Consent.Kind.COMPLAINED, timezone.now())
    sign_up(client, email="pending@example.org")
    Knock.objects.all().delete()
    answers = []
    for name in ("new", "pending", "known", "gone"):
        answer = sign_up(client, email=f"{name}@example.org")
        answers.append((answer.status_code, dict(answer.headers), answer.content))
        Knock.objects.all().delete()
    assert all(answer == answers[0] for answer in answers)


def test_the_work_done_for_an_answer_does_not_depend_on_the_address(client):
    subscribe(client, email="known@example.org")
    subscribe(client, email="gone@example.com").stop(Consent.Kind.LEFT, timezone.now())
    done = []
    for email in ("new@example.net", "known@example.org", "gone@example.com"):
        Knock.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            sign_up(client, email=email)
        done.append(re.sub(r"'[^']*'|[0-9a-f]{8,}", "", "\n".join(query["sql"].split(" ")[0] for query in queries)))
    assert len(set(done)) == 1


# The mail that asks


def test_it_says_that_a_machine_wrote_it_and_echoes_nothing_that_was_typed(client):
    evil = "buy-now-https://evil.example"
    sign_up(client, comment="", name=evil, subject=evil)
    mail_waiting()
    (message,) = mail.outbox
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert "evil" not in message.message().as_string()


def test_a_mailbox_is_asked_once_a_day_and_three_times_a_month(client):
    def ask(email):
        Knock.objects.all().delete()
        sign_up(client, email=email)

    now = timezone.now()
    for email in ("a.nn@gmail.com", "ann+1@gmail.com", "ANN@googlemail.com"):
        ask(email)
    assert mail_waiting(now + timedelta(seconds=1)) == 1
    for days in (2, 4, 6, 8):
        Signup.objects.update(is_waiting=True, due_at=now)
        mail_waiting(now + timedelta(days=days))
    assert Letter.objects.count() == 3


def test_more_than_two_hundred_an_hour_wait_and_the_operator_is_told(client, settings, caplog):
    settings.NEWSLETTER_CONFIRMATIONS_PER_HOUR = 2
    for n in range(4):
        Signup.objects.ask(f"a{n}@example.org", ["news"], "", "/", timezone.now())
    assert mail_waiting() == 2
    assert mail_waiting() == 0
    assert "signing up" in caplog.text
    assert mail_waiting(timezone.now() + timedelta(hours=1, seconds=1)) == 2


def test_when_mail_cannot_be_sent_it_is_tried_again(client, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    sign_up(client)
    assert mail_waiting() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_waiting() == 0
    assert mail_waiting(timezone.now() + timedelta(minutes=3)) == 1


def test_of_several_who_mail_the_queue_one_does(client):
    sign_up(client)
    first, second = Signup.objects.get(), Signup.objects.get()
    assert [first.take(timezone.now()), second.take(timezone.now())] == [True, False]


# Strangers who sign up others


def test_a_robot_that_fills_every_field_is_told_the_same_and_nothing_is_done(client):
    assert sign_up(client, comment="nice site").headers["Location"] == "/newsletter/sent/"
    assert not Signup.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_another_site_cannot_send_the_form(client, headers):
    assert client.post("/newsletter/", ANN, headers=headers).status_code == 403
    assert not Signup.objects.exists()


def pressing(client, **more):
    """The answer to a sign-up of which there were many, and its ticket."""
    for n in range(3):
        sign_up(client, email=f"other{n}@example.com")
    answer = sign_up(client, **more)
    return answer, re.search(r'name="ticket" value="([^"]+)"', answer.content.decode())[1]


def test_where_many_come_from_a_button_must_be_pressed(client, time_machine_at):
    answer, ticket = pressing(client)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Signup.objects.count() == 3
    early = client.post("/newsletter/", {"ticket": ticket})
    assert "press once more" in early.content.decode()
    with time_machine_at(timedelta(seconds=3)):
        assert client.post("/newsletter/", {"ticket": ticket}).status_code == 303
        assert Signup.objects.count() == 4
        assert client.post("/newsletter/", {"ticket": ticket}).status_code == 400, "each counts once"


def test_a_ticket_that_is_old_or_made_up_is_worth_nothing(client, time_machine_at):
    _, ticket = pressing(client)
    with time_machine_at(timedelta(hours=2)):
        assert client.post("/newsletter/", {"ticket": ticket}).status_code == 400
    for made_up in ("", "x", ticket[:9] + "A" + ticket[10:] + "A", ticket.replace(":", ".", 1)):
        assert client.post("/newsletter/", {"ticket": made_up}).status_code == 400
    assert Signup.objects.count() == 3


def test_a_network_that_never_stops_is_not_listened_to_for_an_hour(client):
    answers = {sign_up(client, email=f"v{n}@example.com").status_code for n in range(31)}
    assert answers == {303, 200, 429}


def test_neighbours_are_one_network_and_strangers_are_not(client):
    def from_(address):
        return client.post("/newsletter/", ANN, REMOTE_ADDR=address).status_code

    assert [from_(f"192.0.2.{n}") for n in range(4)] == [303, 303, 303, 200]
    assert from_("198.51.100.1") == 303
    assert [from_(f"2001:db8::{n}") for n in range(1, 5)] == [303, 303, 303, 200]


def test_an_honest_sign_up_in_the_middle_of_hostile_ones_is_mailed_with_the_next_look(client):
    """A hundred victims from two thousand addresses, all of whom press the button."""
    now = timezone.now()
    for n in range(600):
        if n == 300:
            sign_up(client)
        Signup.objects.ask(f"victim{n % 100}@example.com", ["news"], f"10.{n % 250}.{n // 250}.1", "/", now)
    for _ in range(30):  # a minute
        mail_waiting(now + timedelta(seconds=5))
    to = [message.to[0] for message in mail.outbox]
    assert to.count("ann@example.org") == 1
    assert len(to) == len(set(to)) == 101


# Choosing, and leaving


def test_a_subscriber_changes_what_is_written_about(client):
    ann = subscribe(client)
    path = f"/newsletter/preferences/{ann.choose_token}/"
    page = client.get(path)
    assert page.content.decode().count(" checked") == 2
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert client.post(path, {"interests": ["articles"]}).status_code == 200
    ann.refresh_from_db()
    assert ann.interests == ["articles"]
    assert client.post(path, {}).status_code == 400
    assert client.get(f"/newsletter/preferences/{ann.leave_token}/").status_code == 404, "a link is good for one thing"


def test_one_press_unsubscribes_and_a_look_does_not(client):
    ann = subscribe(client)
    path = f"/newsletter/unsubscribe/{ann.leave_token}/"
    client.get(path), client.head(path)
    ann.refresh_from_db()
    assert ann.state == "active"
    bodies = [
        {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"List-Unsubscribe": "One-Click"}},  # multipart/form-data
        {"data": b"\xff\0garbage", "content_type": "multipart/form-data; boundary=x"},
    ]
    strict = Client(enforce_csrf_checks=True)
    answers = [strict.post(path, **body) for body in bodies * 3]
    assert {answer.status_code for answer in answers[::3] + answers[1::3]} == {200}
    ann.refresh_from_db()
    assert ann.state == "left"
    assert Suppression.objects.count() == 1
    assert [row.kind for row in Consent.objects.all()].count("left") == 1


def test_it_answers_alike_whoever_asks(client):
    ann = subscribe(client)
    token, unknown = ann.leave_token, "x" * 32
    shown = [client.get(f"/newsletter/unsubscribe/{t}/") for t in (token, unknown, token[:-1], "%00", "é")]
    acted = [client.post(f"/newsletter/unsubscribe/{t}/") for t in (token, unknown, token[:-1], "%00", "é")]
    for answers in (shown, acted):
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}


def test_the_link_outlives_a_change_of_the_secret_key(client, settings):
    ann = subscribe(client)
    settings.SECRET_KEY = "another" * 9
    assert client.post(f"/newsletter/unsubscribe/{ann.leave_token}/").status_code == 200
    ann.refresh_from_db()
    assert ann.state == "left"


def test_a_reason_may_be_given_and_must_not(client):
    ann = subscribe(client)
    path = f"/newsletter/unsubscribe/{ann.leave_token}/"
    assert "Why do you leave?" in client.post(path).content.decode()
    assert "Thank you" in client.post(path, {"reason": "often"}).content.decode()
    assert Consent.objects.filter(note="Too many mails").count() == 1
    client.post(path, {"reason": "<script>"})
    assert not Consent.objects.filter(note__contains="script").exists()


def test_who_left_or_complained_comes_back_by_confirming_anew(client):
    ann = subscribe(client)
    ann.stop(Consent.Kind.COMPLAINED, timezone.now())
    Letter.objects.all().delete()
    assert subscribe(client).state == "active"
    assert not Suppression.objects.exists()
