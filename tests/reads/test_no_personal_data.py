"""After many visitors nothing at rest tells who they were."""

import logging
import random
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from reads import readers
from reads.models import Read, Salt
from reads.readers import reader_of
from reads.tallying import keep_up
from tests.factories import make_article

from .reading import read


def everything_stored() -> str:
    models = [model for model in apps.get_models() if model._meta.managed]
    return "\n".join(serializers.serialize("json", model._base_manager.all()) for model in models)


@pytest.mark.django_db
def test_no_address_and_no_user_agent_is_kept(caplog, capfd, rf):
    caplog.set_level(logging.DEBUG)
    make_article(slug="grain")
    random.seed(7)
    visitors = {}
    for n in range(250):
        address = f"2001:db8:{n:x}:7::9" if n % 3 == 0 else ".".join(str(random.randrange(10, 250)) for _ in range(4))
        visitors[address] = f"Mozilla/5.0 (Linux; Android 14; SM-{n + 1000}) Chrome/131.0.{n}.17 Mobile Safari/537.36"
        assert (
            read(agent=visitors[address], address=address, headers={"Referer": f"https://a.example/{n}x"}).status_code
            == 204
        )
    tomorrow = timezone.now() + timedelta(days=1, minutes=2)
    keep_up(tomorrow)
    said = capfd.readouterr()
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    kept = everything_stored() + logged + said.out + said.err
    assert Read.objects.count() == 250
    assert [address for address in visitors if address in kept] == []
    assert [agent for agent in visitors.values() if agent in kept] == []
    assert "a.example" not in kept


@pytest.mark.django_db
def test_a_day_later_nobody_is_found_again(rf):
    make_article(slug="grain")
    read()
    known = Read.objects.get()
    request = rf.post("/articles/grain/read", REMOTE_ADDR="192.0.2.1", headers={"User-Agent": "anything"})
    request.META["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
    assert reader_of(request, known.at).number == known.reader
    keep_up(known.at.replace(hour=0, minute=1, second=1) + timedelta(days=1))
    readers._salts.clear()
    assert not Salt.objects.exists()
    assert reader_of(request, known.at).number != known.reader
