"""Whatever people do in whatever order, mail only goes to who confirmed last and has not left since."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.forgetting import forget
from newsletter.models import Consent, Edition, Knock, Letter, Signup, Subscriber
from newsletter.people import erase
from newsletter.signing_up import mail_waiting

PEOPLE = ("ann@example.org", "bo@example.org")
DOINGS = (
    "sign up",
    "mail",
    "look",
    "confirm",
    "replay",
    "expire",
    "leave",
    "leave again",
    "complain",
    "erase",
    "forget",
)


class World:
    """The site, and beside it what should be true of each person, kept as simply as can be."""

    def __init__(self):
        self.client = Client()
        self.subscribed = dict.fromkeys(PEOPLE, False)
        self.good = dict.fromkeys(PEOPLE, "")  # the link that would confirm now
        self.used = dict.fromkeys(PEOPLE, "/newsletter/confirm/never/")
        self.leave_url = dict.fromkeys(PEOPLE, "/newsletter/unsubscribe/never/")

    def do(self, what, who):
        getattr(self, what.replace(" ", "_"))(who)

    def sign_up(self, who):
        Knock.objects.all().delete()
        assert self.client.post("/newsletter/", {"email": who, "interests": ["news"]}).status_code == 303

    def mail(self, who):
        Letter.objects.all().delete()  # how often is asked elsewhere
        mail.outbox.clear()
        mail_waiting()
        for message in mail.outbox:
            self.good[message.to[0]] = re.search(r"https?://[^/]+(/newsletter/\S+)", message.body)[1]

    def look(self, who):
        for url in (self.good[who], self.used[who], self.leave_url[who]):
            if url:
                self.client.get(url), self.client.head(url)

    def confirm(self, who):
        if url := self.good[who]:
            assert self.client.post(url).status_code == 200
            self.subscribed[who], self.used[who], self.good[who] = True, url, ""
            self.leave_url[who] = f"/newsletter/unsubscribe/{Subscriber.objects.get(email=who).leave_token}/"

    def replay(self, who):
        assert self.client.post(self.used[who]).status_code == 404

    def expire(self, who):
        Signup.objects.filter(email=who).update(mailed_at=timezone.now() - timedelta(hours=73))
        self.used[who], self.good[who] = self.good[who] or self.used[who], ""
        self.replay(who)

    def leave(self, who):
        assert self.client.post(self.leave_url[who]).status_code == 200
        if "never" not in self.leave_url[who]:
            self.subscribed[who] = False

    leave_again = leave

    def complain(self, who):
        if subscriber := Subscriber.objects.of(who):
            subscriber.stop(Consent.Kind.COMPLAINED, timezone.now())
            self.subscribed[who] = False

    def erase(self, who):
        erase(who, timezone.now())
        self.used[who], self.good[who] = self.good[who] or self.used[who], ""
        self.subscribed[who] = False
        self.leave_url[who] = "/newsletter/unsubscribe/never/"
        self.replay(who)

    def forget(self, who):
        forget(timezone.now() + timedelta(days=8))
        for name in PEOPLE:
            self.used[name], self.good[name] = self.good[name] or self.used[name], ""
            self.replay(name)


@pytest.mark.django_db
@settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(doings=st.lists(st.tuples(st.sampled_from(DOINGS), st.sampled_from(PEOPLE)), max_size=14))
def test_mail_goes_to_the_confirmed_alone(doings):
    for rows in (Signup.objects.all(), Subscriber.objects.all()):
        rows.delete()
    world = World()
    # Each begins where something can happen.
    for what, who in (("sign up", PEOPLE[0]), ("sign up", PEOPLE[1]), ("mail", ""), ("confirm", PEOPLE[0])):
        world.do(what, who)
    for what, who in doings:
        world.do(what, who)
        reached = set(Edition().audience().values_list("email", flat=True))
        assert reached == {name for name, is_in in world.subscribed.items() if is_in}, (what, who)
