"""Nobody twice, nobody missed: each mail's state is committed before it is handed over, and after."""

import threading
from collections import Counter
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.utils import timezone

from newsletter import sending
from newsletter.models import Consent, Delivery, Edition, SlowDomain, Subscriber
from newsletter.models.delivery import SILENT
from newsletter.people import erase
from newsletter.sending import Sender, send_due, start
from tests.factories import make_article, make_draft
from tests.newsletter.makers import make_edition, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["in turn", "ahead"])
def sink(request, sink):
    """A mail server that is told one command at a time, and one that takes an envelope ahead of its turn."""
    sink.pipelines = request.param
    return sink


def states(edition):
    return dict(Counter(edition.deliveries.values_list("state", flat=True)))


def later(**span):
    """What is not due yet is due."""
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    SlowDomain.objects.update(until=timezone.now() - timedelta(seconds=1))


def test_everybody_who_is_interested_gets_one_mail_over_one_connection(sink):
    readers = [make_subscriber() for _ in range(120)]
    make_subscriber(interests=["events"])
    make_subscriber(state="left")
    edition = make_edition(wants_articles=True)
    assert send_due() == {"sent": 120}
    assert sorted(sink.to) == sorted(reader.email for reader in readers)
    assert sink.connections == 1
    edition.refresh_from_db()
    assert (edition.state, edition.recipients, edition.tally().sent) == ("sent", 120, 120)
    assert send_due() == {}


def test_without_a_segment_it_goes_to_all(sink):
    make_subscriber(interests=["events"]), make_subscriber(interests=["news"])
    make_edition()
    assert send_due() == {"sent": 2}


def test_it_goes_out_at_its_moment_and_not_before(sink):
    make_subscriber()
    edition = make_edition(scheduled=False)
    assert send_due() == {}
    edition.schedule(timezone.now() + timedelta(hours=1))
    assert send_due() == {}
    Edition.objects.update(send_at=timezone.now())
    assert send_due() == {"sent": 1}


def test_of_many_who_start_it_one_does(sink):
    make_subscriber()
    edition = make_edition()
    twin = Edition.objects.get()
    assert [start(edition, timezone.now()), start(twin, timezone.now())] == [True, False]
    assert Delivery.objects.count() == 1
    assert not twin.schedule(timezone.now()), "nor can it be sent once more"


def test_what_readers_may_not_see_yet_is_not_sent(sink):
    make_subscriber()
    edition = make_edition(make_article(title="Grain"), make_draft(title="Not yet"))
    assert send_due() == {}
    edition.refresh_from_db()
    assert edition.state == "draft"
    assert "Not yet" in edition.trouble
    assert not Delivery.objects.exists()
    empty = make_edition(body="")
    send_due()
    empty.refresh_from_db()
    assert "nothing in it" in empty.trouble


# What servers say


def test_a_refused_address_fails_for_good_and_stops_nobody(sink):
    sink.at_rcpt = lambda email: "550 5.1.1 no such user" if email.startswith("gone") else None
    gone = make_subscriber("gone@example.org")
    others = [make_subscriber() for _ in range(3)]
    edition = make_edition()
    assert send_due() == {"sent": 3, "refused": 1}
    failed = edition.deliveries.get(subscriber=gone)
    assert (failed.state, failed.code, failed.attempts) == ("failed", "550 5.1.1", 1)
    gone.refresh_from_db()
    assert gone.state == "bounced", "5.1.1 says that nobody is there"
    assert failed.bounced_at
    assert sorted(sink.to) == sorted(reader.email for reader in others)
    edition.refresh_from_db()
    assert edition.state == "sent"


def test_the_last_of_all_is_scored_too(sink):
    sink.at_rcpt = lambda email: "550 5.1.1 no such user"
    reader = make_subscriber()
    make_edition()
    send_due()
    reader.refresh_from_db()
    assert reader.state == "bounced"


def test_the_reason_is_kept_without_the_address(sink):
    sink.at_rcpt = lambda email: f"550 <{email}> unknown"
    make_subscriber("ann@example.org")
    send_due() if make_edition() else None
    assert Delivery.objects.get().reason == "<the address> unknown"


def test_a_filter_that_dislikes_the_text_is_not_the_readers_fault(sink):
    sink.at_data = lambda email: "554 5.7.1 looks like spam"
    reader = make_subscriber()
    make_edition()
    assert send_due() == {"refused": 1}
    reader.refresh_from_db()
    assert (reader.state, reader.bounces) == ("active", 0)


def test_a_refusal_for_now_is_tried_again_for_three_days(sink):
    answers = {"later@example.org": "450 4.2.1 greylisted"}
    sink.at_rcpt = answers.get
    make_subscriber("later@example.org"), make_subscriber()
    edition = make_edition()
    assert send_due() == {"sent": 1, "later": 1}
    waiting = edition.deliveries.get(state="waiting")
    assert timedelta(minutes=4) < waiting.due_at - timezone.now() < timedelta(minutes=5)
    assert send_due() == {}
    later()
    assert send_due() == {"later": 1}
    waiting.refresh_from_db()
    assert timedelta(minutes=9) < waiting.due_at - timezone.now() < timedelta(minutes=10)
    later()
    answers.clear()
    assert send_due() == {"sent": 1}
    edition.refresh_from_db()
    assert edition.state == "sent"


def test_after_three_days_it_is_given_up(sink):
    sink.at_rcpt = lambda email: "451 4.3.0 try again"
    make_subscriber()
    edition = make_edition()
    send_due()
    Delivery.objects.update(first_at=timezone.now() - timedelta(hours=73))
    later()
    send_due()
    assert states(edition) == {"failed": 1}


def test_a_provider_that_is_rushed_is_left_alone_and_others_are_not(sink):
    slow = iter([None, None, "421 4.7.0 too fast"])
    sink.at_rcpt = lambda email: next(slow, None) if email.endswith("slow.example") else None
    for n in range(5):
        make_subscriber(f"r{n}@slow.example"), make_subscriber(f"r{n}@quick.example")
    edition = make_edition()
    fates = send_due()
    assert fates["busy"] == 1
    assert [email for email in sink.to if email.endswith("quick.example")] == [f"r{n}@quick.example" for n in range(5)]
    assert states(edition) == {"sent": 7, "waiting": 3}
    assert SlowDomain.objects.get().domain == "slow.example"
    later()
    send_due()
    assert states(edition) == {"sent": 10}
    assert not edition.deliveries.filter(state="failed").exists()


def test_a_provider_is_left_alone_longer_only_while_it_takes_nothing():
    now = timezone.now()

    def rests(*takes_some):
        moments = [SlowDomain.slow_down("slow.example", now, takes_some=some) for some in takes_some]
        return [(until - now).total_seconds() for until in moments]

    assert rests(False, False, False, True, False, True, True) == [1, 2, 4, 1, 2, 1, 1]
    assert max(rests(*[False] * 20)) == 600


def test_a_server_that_takes_few_mails_over_a_connection_gets_all_over_several(sink):
    sink.most = 3
    for _ in range(10):
        make_subscriber()
    edition = make_edition()
    assert send_due() == {"sent": 10}
    assert sink.connections == 4
    edition.refresh_from_db()
    assert (edition.state, edition.trouble) == ("sent", "")


def test_a_tenth_refused_and_a_twentieth_put_off_leave_the_others_whole(sink):
    readers = [make_subscriber(f"r{n}@example.org") for n in range(100)]
    refused = {reader.email: "550 5.1.1 no" for reader in readers[::10]}
    put_off = {reader.email: "451 4.3.2 not now" for reader in readers[3::20]}
    sink.at_rcpt, sink.at_data = refused.get, put_off.get
    sink.drop = lambda email: email == readers[55].email
    edition = make_edition()
    send_due()
    assert states(edition) == {"sent": 84, "failed": 10, "waiting": 5, "unsure": 1}
    put_off.clear()
    later()
    send_due()
    edition.refresh_from_db()
    assert states(edition) == {"sent": 89, "failed": 10, "unsure": 1}
    assert edition.state == "sent"
    assert edition.tally().adds_up


def test_a_server_that_is_away_loses_nothing_and_is_told_of(settings, sink):
    make_subscriber()
    edition = make_edition()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert send_due() == {"down": 1}
    edition.refresh_from_db()
    assert edition.state == "sending"
    assert "mail server" in edition.trouble
    assert states(edition) == {"waiting": 1}
    settings.EMAIL_PORT = port
    assert send_due() == {"sent": 1}


# Ends of all kinds


class Killed(BaseException):
    pass


@pytest.mark.parametrize(("where", "is_handed_over"), [("_keep_pace", 2), ("_hand_over", 2), ("after", 3)])
def test_a_kill_leaves_one_mail_unsure_at_most_and_misses_nobody(sink, where, is_handed_over):
    for n in range(6):
        make_subscriber(f"r{n}@example.org")
    edition = make_edition()
    original = getattr(Sender, "_hand_over" if where == "after" else where)

    def killed(self, *args):
        if where == "after":
            original(self, *args)
        if len(sink.to) == is_handed_over:
            raise Killed
        return original(self, *args) if where != "after" else sending.Outcome(sending.Fate.SENT)

    # After a kill -9 no line runs, those of a finally included.
    name = "_hand_over" if where == "after" else where
    with mock.patch.object(Sender, name, killed), mock.patch.object(Sender, "_settle"), pytest.raises(Killed):
        send_due()
    assert len(sink.to) == is_handed_over
    Delivery.objects.exclude(sender="").update(claimed_at=timezone.now() - SILENT - timedelta(seconds=1))
    assert edition.deliveries.filter(state="sending").count() == 1
    send_due()
    unsure = edition.deliveries.get(state="unsure")
    assert sorted({*sink.to, unsure.subscriber.email}) == [f"r{n}@example.org" for n in range(6)], "nobody is missed"
    assert len(sink.to) == len(set(sink.to)), "nobody gets it twice"
    edition.refresh_from_db()
    assert (edition.state, edition.tally().adds_up) == ("sent", True)


def test_an_unsure_mail_is_sent_again_only_when_an_editor_says_so_and_is_the_same_mail(sink):
    make_subscriber("ann@example.org")
    sink.drop = lambda email: True
    edition = make_edition()
    assert send_due() == {"unsure": 1}
    edition.refresh_from_db()
    assert edition.state == "sent"
    assert send_due() == {}
    sink.drop = lambda email: False
    assert edition.send_unsure_again(timezone.now()) == 1
    assert send_due() == {"sent": 1}
    first, second = (mail["Message-ID"] for mail in sink.mails)
    assert first == second


def test_a_server_that_gives_no_receipts_does_not_make_everybody_unsure(sink):
    for _ in range(6):
        make_subscriber()
    sink.drop = lambda email: True
    edition = make_edition()
    assert send_due() == {"unsure": 3}
    edition.refresh_from_db()
    assert edition.state == "paused"
    assert "no receipt" in edition.trouble
    sink.drop = lambda email: False
    assert edition.resume()
    assert send_due() == {"sent": 3}
    assert states(edition) == {"unsure": 3, "sent": 3}


def test_senders_share_the_work_and_no_mail(sink):
    for _ in range(20):
        make_subscriber()
    edition = make_edition()
    start(edition, timezone.now())
    now = timezone.now()
    first = Delivery.objects.claim(edition, "a", [], 8, now)
    second = Delivery.objects.claim(edition, "b", [], 50, now)
    assert (len(first), len(second)) == (8, 12)
    assert not {row.pk for row in first} & {row.pk for row in second}
    assert Delivery.objects.release("a") == 8


def test_a_pause_holds_and_a_resume_goes_on(sink):
    for _ in range(10):
        make_subscriber()
    edition = make_edition()
    original = Sender._hand_over

    def pausing(self, *mail):
        outcome = original(self, *mail)
        if len(sink.to) == 3:
            assert edition.pause()
        return outcome

    with mock.patch.object(Sender, "_hand_over", pausing):
        send_due()
    assert states(edition) == {"sent": 3, "waiting": 7}
    assert send_due() == {}
    assert edition.resume()
    assert send_due() == {"sent": 7}


def test_who_is_not_reached_when_it_is_stopped_is_counted_as_such(sink):
    for _ in range(3):
        make_subscriber()
    edition = make_edition()
    start(edition, timezone.now())
    edition.refresh_from_db()
    assert edition.stop(timezone.now())
    assert send_due() == {}
    assert edition.tally().suppressed == edition.recipients == 3
    assert not edition.resume()


def test_who_leaves_while_it_is_sent_gets_it_no_more(sink):
    for n in range(6):
        make_subscriber(f"r{n}@example.org")
    edition = make_edition()
    original = Sender._hand_over

    def leaving(self, *mail):
        outcome = original(self, *mail)
        if len(sink.to) == 2:
            Subscriber.objects.get(email="r2@example.org").stop(Consent.Kind.LEFT, timezone.now())
            erase("r4@example.org", timezone.now())
        return outcome

    with mock.patch.object(Sender, "_hand_over", leaving):
        send_due()
    assert sink.to == [f"r{n}@example.org" for n in (0, 1, 3, 5)]
    edition.refresh_from_db()
    assert (states(edition), edition.state) == ({"sent": 4, "suppressed": 2}, "sent")


def test_an_account_that_does_not_close_is_not_called_finished(sink):
    make_subscriber(), make_subscriber()
    edition = make_edition()
    start(edition, timezone.now())
    Delivery.objects.first().delete()
    send_due()
    edition.refresh_from_db()
    assert edition.state == "sending"
    assert "1 of 2" in edition.trouble


def test_a_stop_is_obeyed_between_two_mails(sink):
    for _ in range(5):
        make_subscriber()
    edition = make_edition()
    stop, original = threading.Event(), Sender._hand_over

    def stopping(self, *mail):
        outcome = original(self, *mail)
        if len(sink.to) == 2:
            stop.set()
        return outcome

    with mock.patch.object(Sender, "_hand_over", stopping):
        send_due(stop)
    assert states(edition) == {"sent": 2, "waiting": 3}
    assert not edition.deliveries.exclude(sender="").exists()


def test_it_keeps_its_pace(sink, settings):
    settings.NEWSLETTER_RATE = 20
    for _ in range(5):
        make_subscriber()
    make_edition()
    began = timezone.now()
    send_due()
    assert timezone.now() - began > timedelta(seconds=0.2)


def test_any_backend_of_django_sends_it_too(settings, mailoutbox):
    reader = make_subscriber()
    make_edition(subject="By a provider")
    assert send_due() == {"sent": 1}
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([reader.email], "By a provider")
    assert (
        mail.extra_headers["List-Unsubscribe"]
        == f"<http://localhost:8000/newsletter/unsubscribe/{reader.leave_token}/>"
    )
    assert reader.leave_token in mail.body
    assert reader.leave_token in mail.alternatives[0].content


def test_the_command_does_what_is_due_and_says_so(sink, capsys):
    make_subscriber()
    make_edition()
    call_command("send_editions")
    assert capsys.readouterr().out == "Links to confirm: 0. Editions: 1 sent.\n"
