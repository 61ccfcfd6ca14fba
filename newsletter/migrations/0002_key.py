"""The key that people's names are hashed with."""

import secrets

from django.db import migrations


def make_key(apps, schema_editor):
    apps.get_model("newsletter", "Key").objects.create(pk=1, value=secrets.token_bytes(32))


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_initial")]

    operations = [migrations.RunPython(make_key, migrations.RunPython.noop, elidable=False)]
