"""Coming into the desk: by password and second step, with nobody locked out by those who guess."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory, TestCase
from django.utils import timezone

from analyst.roles import ADMINISTRATOR, EDITOR, NEWSLETTER, PUBLISHER, give
from analyst.signing_in import letters, throttle
from analyst.signing_in.second_step import is_guarded
from articles.audit import Act
from tests.articles.desk import form_of

pytestmark = pytest.mark.django_db
PASSWORD = "harbour lights at dusk"
WRONG = "harbour lights at dawn"


@pytest.fixture(autouse=True)
def as_at_first(settings: Any) -> Iterator[None]:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ada() -> User:
    ada = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    give(ada, [PUBLISHER])
    return ada


def sign_in(client: Client, name: str = "ada", password: str = PASSWORD, address: str = "198.51.100.7") -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def app_of(user: User) -> str:
    """An authenticator app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def test_it_works(client, ada):
    asked = client.get("/admin/articles/article/", follow=True)
    assert asked.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Farticles%2Farticle%2F"
    answer = client.post("/accounts/login/?next=/admin/articles/article/", {"login": "ada", "password": PASSWORD})
    assert answer["Location"] == "/admin/articles/article/"
    assert is_in(client)


def test_the_address_is_as_good_as_the_name(client, ada):
    sign_in(client, "Ada@example.org")
    assert is_in(client)


def test_a_wrong_password_and_a_wrong_name_are_told_alike(client, ada):
    pages = [sign_in(client, name, WRONG).content.decode() for name in ("ada", "nobody")]
    told = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert told[0] == told[1]
    assert "do not belong together" in told[0]


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize("path", ["login/", "password/reset/", "password/reset/done/", "inactive/", "password/reset/key/done/"])  # fmt: skip
def test_its_pages_are_kept_by_nobody(client, path):
    answer = client.get(f"/accounts/{path}")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_one_without_a_role_is_not_let_in(client, ada):
    give(ada, [])
    sign_in(client)
    assert client.get("/admin/", follow=True).status_code == 403


# The second step


def test_a_password_alone_opens_nothing_that_has_a_second_step(client, ada):
    secret = app_of(ada)
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 302
    assert is_in(client)


def test_a_code_is_good_for_one_time(ada):
    secret = app_of(ada)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert is_in(first)
    assert not is_in(second)


def test_codes_cannot_be_guessed(client, ada):
    secret = app_of(ada)
    sign_in(client)
    for number in range(12):
        answer = client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})
    assert "Wait ten minutes" in answer.content.decode() or "Too many" in answer.content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert not is_in(client)


def recovery_codes_of(user: User, client: Client) -> list[str]:
    """As they are shown to somebody who has just made new ones."""
    secret = app_of(user)
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    with TestCase.captureOnCommitCallbacks(execute=True):
        shown = client.post("/accounts/2fa/recovery-codes/generate/", follow=True).content.decode()
    return re.findall(r"<code>([\d ]+)</code>", shown)


def try_code(code: str) -> Client:
    client = Client()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return client


def test_a_recovery_code_opens_once(client, ada):
    first, second, *others = recovery_codes_of(ada, client)
    assert len(others) == 8
    assert is_in(try_code(first))
    assert not is_in(try_code(first))
    assert is_in(try_code(second.replace(" ", "")))
    assert "8\n" in client.get("/accounts/2fa/").content.decode()
    assert not is_in(try_code("0000 0000 0000"))


def test_recovery_codes_are_shown_once(client, ada):
    (one, *_) = recovery_codes_of(ada, client)
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert one not in again
    assert "They were shown when they were made" in again
    assert "10 are left" in " ".join(again.split())
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 404


def test_new_recovery_codes_void_the_old_ones(client, ada):
    (old, *_) = recovery_codes_of(ada, client)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    assert not is_in(try_code(old))
    assert "New recovery codes were made" in mail.outbox[-1].body


def test_a_recovery_code_is_good_where_one_is_asked_again(client, ada):
    (one, *_) = recovery_codes_of(ada, client)
    answer = client.post("/accounts/2fa/reauthenticate/", {"code": one})
    assert answer.status_code == 302
    assert not is_in(try_code(one))


def test_recovery_codes_come_with_the_first_app(client, ada):
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/")
    with TestCase.captureOnCommitCallbacks(execute=True):
        sent = {"code": code(page.context["form"].secret)}
        shown = client.post("/accounts/2fa/totp/activate/", sent, follow=True).content.decode()
    (one, *_) = re.findall(r"<code>([\d ]+)</code>", shown)
    assert is_in(try_code(one))


def test_recovery_codes_that_nobody_saw_are_shown_to_who_looks_first(client, ada):
    recovery_codes_of(ada, client)
    Authenticator.objects.filter(type="recovery_codes").delete()
    RecoveryCodes.activate(ada)
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<code>[\d ]+</code>", shown)) == 10
    assert "seed" not in Authenticator.objects.get(type="recovery_codes").data


def test_nobody_else_sees_recovery_codes(client, ada):
    recovery_codes_of(ada, client)
    assert Client().get("/accounts/2fa/recovery-codes/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert "reauthenticate" in client.get("/accounts/2fa/recovery-codes/")["Location"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_lies_in_the_database_is_no_secret_of_theirs(client, ada):
    """Of recovery codes nothing from which they could be made; neither before nor after they are shown."""
    recovery_codes_of(ada, client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    app, codes = (Authenticator.objects.get(type=kind).data for kind in ("totp", "recovery_codes"))
    assert app["secret"].startswith("gAAAA")  # as Fernet begins
    assert set(codes) == {"migrated_codes", "salt", "hashes"}
    assert codes["migrated_codes"] == []
    stored = str(codes) + str([session.get_decoded() for session in Session.objects.all()])
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    stored += str([session.get_decoded() for session in Session.objects.all()])
    for one in re.findall(r"<code>([\d ]+)</code>", shown):
        assert one.replace(" ", "") not in stored


def test_secrets_outlive_a_new_secret_key(client, ada, settings):
    secret = app_of(ada)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 9
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert is_in(client)


def test_no_other_way_leads_past_it(client, ada):
    """A session that came about without it, a new password, the admin's own login: each asks for it."""
    app_of(ada)
    client.force_login(ada)
    assert client.get("/admin/")["Location"] == "/accounts/login/?next=/admin/"
    assert not is_in(client)
    link = letters.link_for(ada).removeprefix("http://localhost:8000")
    form = client.get(link)["Location"]
    client.post(form, {"password1": "a quay in november", "password2": "a quay in november"})
    assert not is_in(client)
    assert client.post("/admin/login/", {"username": "ada", "password": "a quay in november"}).status_code == 302
    assert not is_in(client)
    assert sign_in(client, password="a quay in november")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


def test_who_can_publish_must_have_one_in_production(client, ada, settings):
    settings.PRODUCTION = True
    sign_in(client)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200
    app_of(ada)
    assert is_in(client)


@pytest.mark.parametrize("role", [PUBLISHER, NEWSLETTER, ADMINISTRATOR], ids=lambda role: role.name)
def test_whoever_reaches_readers_or_gives_rights_must_have_one(ada, role):
    give(ada, [role])
    assert is_guarded(User.objects.get(pk=ada.pk))


def test_who_takes_the_last_one_away_sets_another_up_first(client, ada, settings):
    sign_in(client)
    assert is_in(client)
    key = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "A key"})
    settings.PRODUCTION = True
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_who_cannot_publish_need_not(client, ada, settings):
    settings.PRODUCTION = True
    give(ada, [EDITOR])
    sign_in(client)
    assert is_in(client)


# Those who guess


def test_a_thousand_guesses_are_hardly_any_and_lock_nobody_out(ada, monkeypatch):
    """From 500 addresses within ten minutes; the owner signs in meanwhile, from home or with the browser at work."""
    home, work = Client(), Client()
    sign_in(home, address="203.0.113.9")
    sign_in(work, address="192.0.2.44")
    at, looked_at = timezone.now(), 0
    ask = RequestFactory()
    for n in range(1000):
        request = ask.post("/accounts/login/", REMOTE_ADDR=f"10.{n % 500}.7.{n % 250}")
        looked_at += throttle.may_try(request, "ada", at + timedelta(milliseconds=600 * n))
    assert 0 < looked_at <= 100
    with time_machine.travel(at + timedelta(seconds=599), tick=False):
        fresh = Client()
        assert "Too many passwords" in sign_in(fresh, address="10.7.7.7").content.decode()
        assert sign_in(fresh, address="203.0.113.200").status_code == 302, "the network is known"
        fresh.logout()
        assert sign_in(Client(), address="10.8.8.8").status_code == 200
        elsewhere = Client()
        elsewhere.cookies["known"] = work.cookies["known"].value
        assert sign_in(elsewhere, address="10.9.9.9").status_code == 302, "the browser is known"


def test_a_known_browser_is_known_for_its_own_account(ada):
    User.objects.create_user("ben", "ben@example.org", WRONG)
    client = Client()
    sign_in(client)
    request = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1")
    request.COOKIES["known"] = client.cookies["known"].value
    at = timezone.now()
    assert sum(throttle.may_try(request, "ben", at) for _ in range(60)) <= throttle.EACH


# Passwords


@pytest.mark.parametrize(
    ("password", "says"),
    [("short", "at least 12"), ("ada@example.org", "too similar"), ("password12345", "too common")],
)  # fmt: skip
def test_a_weak_password_is_refused_with_a_sentence(client, ada, password, says):
    sign_in(client)
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert says in answer.content.decode()


def test_they_are_hashed_with_argon2():
    from analyst import settings as shipped  # noqa: PLC0415

    assert shipped.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_a_forgotten_one_is_set_anew_by_a_link(client, ada):
    client.post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"host": "localhost"})
    (letter,) = mail.outbox
    (link,) = re.findall(r"http://localhost:8000(/\S+)", letter.body)
    form = client.get(link)["Location"]
    assert "ada" not in form
    client.post(form, {"password1": "a quay in november", "password2": "a quay in november"})
    assert sign_in(client, password="a quay in november").status_code == 302
    assert "This link is used up" in Client().get(link).content.decode()


def test_an_unknown_address_is_answered_alike_and_gets_no_letter(client, ada):
    known, unknown = (
        client.post("/accounts/password/reset/", {"email": address}) for address in ("ada@example.org", "x@example.org")
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


# Sessions


def test_a_session_ends_after_an_hour_without_a_sign_of_life(client, ada):
    with time_machine.travel("2026-11-26 09:00", tick=False) as clock:
        sign_in(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=50))
            assert is_in(client)
        clock.shift(timedelta(minutes=61))
        assert not is_in(client)


def test_and_after_twelve_hours_in_any_case(client, ada):
    with time_machine.travel("2026-11-26 09:00", tick=False) as clock:
        sign_in(client)
        for _ in range(14):
            clock.shift(timedelta(minutes=50))
            assert is_in(client)
        clock.shift(timedelta(minutes=50))
        assert not is_in(client)


def other_browser() -> Client:
    client = Client()
    sign_in(client)
    assert is_in(client)
    return client


def test_signing_out_ends_it_for_good(client, ada):
    sign_in(client)
    old = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = old
    assert not is_in(client)


def test_the_key_of_a_session_changes_with_signing_in(client, ada):
    client.get("/accounts/login/")
    client.session["x"] = 1
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_new_password_ends_all_others(client, ada):
    sign_in(client)
    other = other_browser()
    new = {"oldpassword": PASSWORD, "password1": "a quay in november", "password2": "a quay in november"}
    client.post("/accounts/password/change/", new)
    assert is_in(client)
    assert not is_in(other)


def test_other_roles_end_it(ada):
    other = other_browser()
    give(ada, [EDITOR, PUBLISHER])
    assert not is_in(other)


def test_closing_the_account_ends_it(ada):
    other = other_browser()
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert not is_in(other)


def test_they_are_listed_and_ended(client, ada):
    sign_in(client)
    other = other_browser()
    assert "Sign out everywhere else" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert is_in(client)
    assert not is_in(other)


# People


@pytest.fixture
def master(client) -> User:
    master = User.objects.create_user("master", "master@example.org", PASSWORD)
    give(master, [ADMINISTRATOR])
    client.force_login(master)
    return master


def test_somebody_is_invited_by_mail(client, master):
    sent = form_of(client, "/admin/auth/user/add/") | {
        "username": "ben",
        "email": "ben@example.org",
        "roles": ["Editor"],
    }
    assert client.post("/admin/auth/user/add/", sent).status_code == 302
    (letter,) = mail.outbox
    (link, *_) = re.findall(r"http://localhost:8000(/accounts/\S+)", letter.body)
    guest = Client()
    guest.post(guest.get(link)["Location"], {"password1": "a quay in november", "password2": "a quay in november"})
    sign_in(guest, "ben", "a quay in november")
    assert is_in(guest)


def test_a_person_needs_an_address_of_their_own(client, master):
    sent = form_of(client, "/admin/auth/user/add/")
    assert "required" in client.post("/admin/auth/user/add/", sent | {"username": "ben"}).content.decode()
    answer = client.post("/admin/auth/user/add/", sent | {"username": "ben", "email": "Master@example.org"})
    assert "Somebody has this address already." in answer.content.decode()


def test_nobody_sets_the_password_of_another(client, master, ada):
    assert client.get(f"/admin/auth/user/{ada.pk}/password/").status_code in (302, 404)
    client.post(f"/admin/auth/user/{ada.pk}/password/", {"password1": WRONG, "password2": WRONG})
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_an_administrator_signs_somebody_out(client, master, ada):
    other = other_browser()
    client.post("/admin/auth/user/", {"action": "sign_out", "_selected_action": ada.pk})
    assert not is_in(other)


def test_an_administrator_sends_a_link(client, master, ada):
    client.post("/admin/auth/user/", {"action": "send_link", "_selected_action": ada.pk})
    assert mail.outbox[0].to == ["ada@example.org"]


def test_a_former_page_of_the_admin_leads_to_the_new_one(client, master):
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    client.post("/admin/logout/")
    assert not is_in(client)


# The last way in


def test_an_operator_lets_somebody_in(client, ada):
    app_of(ada)
    out = StringIO()
    call_command("way_in", "ada", "--forget-second-step", stdout=out)
    link = out.getvalue().strip().removeprefix("http://localhost:8000")
    client.post(client.get(link)["Location"], {"password1": "a quay in november", "password2": "a quay in november"})
    sign_in(client, password="a quay in november")
    assert is_in(client)


def test_for_an_unknown_name_they_are_told_so():
    with pytest.raises(CommandError, match="Nobody signs in as 'zoe'"):
        call_command("way_in", "zoe")


# What is written down


def test_coming_and_going_is_written_down(client, ada):
    sign_in(client, password=WRONG)
    sign_in(client)
    client.post("/accounts/logout/")
    said = list(LogEntry.objects.order_by("pk").values_list("action_flag", "change_message"))
    assert said == [
        (Act.REFUSED, "A wrong password, from 198.51.100.0/24."),
        (Act.SIGNED_IN, "Signed in from 198.51.100.0/24."),
        (Act.SIGNED_OUT, "Signed out."),
    ]


def refused() -> list[tuple[str, str]]:
    entries = LogEntry.objects.filter(action_flag=Act.REFUSED).order_by("pk")
    return list(entries.values_list("user__username", "change_message"))


def test_a_name_that_nobody_has_is_written_down_without_what_was_typed(client, ada):
    sign_in(client, "harbour lights, typed into the wrong field")
    assert refused() == [("(nobody)", "A name that nobody has, from 198.51.100.0/24.")]
    assert "harbour" not in str(LogEntry.objects.values())


def test_nobody_is_no_person_of_the_desk(client, master):
    sign_in(Client(), "zoe")
    assert "(nobody)" not in client.get("/admin/auth/user/").content.decode()
    assert ">(nobody)</a>" not in client.get("/admin/admin/logentry/").content.decode()
    assert client.get(f"/admin/auth/user/{User.objects.get(username='(nobody)').pk}/change/").status_code == 302
    assert sign_in(Client(), "(nobody)", "").status_code == 200


def test_a_wrong_code_of_the_second_step_is_written_down(client, ada):
    secret = app_of(ada)
    sign_in(client)
    for one in ("000000", code(secret)):
        client.post("/accounts/2fa/authenticate/", {"code": one}, REMOTE_ADDR="203.0.113.9")
    assert refused() == [("ada", "A wrong code of the second step, from 203.0.113.0/24.")]


def test_many_guesses_are_one_line_a_minute_and_account(client, ada):
    with time_machine.travel("2026-11-26 09:00", tick=False) as clock:
        for n in range(60):
            sign_in(client, "ada", WRONG, address=f"10.0.{n}.1")
            sign_in(client, f"zoe{n}", WRONG, address=f"10.0.{n}.1")
        clock.shift(timedelta(seconds=61))
        sign_in(client, "zoe", WRONG, address="10.1.0.1")
    assert refused() == [
        ("ada", "A wrong password, 40 times within a minute, the last time from 10.0.39.0/24."),
        ("(nobody)", "A name that nobody has, 60 times within a minute, the last time from 10.0.59.0/24."),
        (
            "ada",
            "A password that was not looked at, after too many, 20 times within a minute, the last time from 10.0.59.0/24.",
        ),
        ("(nobody)", "A name that nobody has, from 10.1.0.0/24."),
    ]


def test_a_change_of_the_account_is_written_down_and_told_by_mail(client, ada):
    sign_in(client)
    new = {"oldpassword": PASSWORD, "password1": "a quay in november", "password2": "a quay in november"}
    client.post("/accounts/password/change/", new)
    assert LogEntry.objects.filter(action_flag=Act.SAFETY, change_message="A new password.").count() == 1
    assert "Your password was changed." in mail.outbox[0].body
