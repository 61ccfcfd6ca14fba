"""The search index. Each database keeps it in step with the table of entries by itself."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, migrations, models

COLUMNS = ("title", "about", "text", "conclusions", "filters")
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
ALL = ", ".join(COLUMNS)
FORGET = f"INSERT INTO articles_found (articles_found, rowid, {ALL}) VALUES ('delete', old.place, {OLD});"
LEARN = f"INSERT INTO articles_found (rowid, {ALL}) VALUES (new.place, {NEW});"

SQLITE = [
    # Its rows lie in the order newest last. The texts themselves stand in the table of entries alone.
    f"""CREATE VIRTUAL TABLE articles_found USING fts5 ({ALL}, content='articles_entry', content_rowid='place',
        prefix='3', tokenize='porter unicode61 remove_diacritics 2')""",
    # A thousand hits are read from this, and not from rows that are some pages long.
    "CREATE INDEX articles_entry_places ON articles_entry (place, filters)",
    f"CREATE TRIGGER articles_entry_learnt AFTER INSERT ON articles_entry BEGIN {LEARN} END",
    f"CREATE TRIGGER articles_entry_forgotten AFTER DELETE ON articles_entry BEGIN {FORGET} END",
    f"CREATE TRIGGER articles_entry_changed AFTER UPDATE ON articles_entry BEGIN {FORGET} {LEARN} END",
]
SQLITE_BACK = [
    "DROP TRIGGER articles_entry_learnt",
    "DROP TRIGGER articles_entry_forgotten",
    "DROP TRIGGER articles_entry_changed",
    "DROP INDEX articles_entry_places",
    "DROP TABLE articles_found",
]

# Every kind of token that folded words can be read as. No stop words: "The Who" can be found.
TOKENS = "asciiword, word, numword, int, uint, float, sfloat, version"
VECTORS = {
    "title": "title",
    "head": "title || ' ' || about",
    "words": "title || ' ' || about || ' ' || text",
    "conclusions": "conclusions",
    "filters": "filters",
}
POSTGRESQL = [
    "CREATE TEXT SEARCH DICTIONARY analyst_porter (TEMPLATE = pg_catalog.snowball, Language = porter)",
    "CREATE TEXT SEARCH CONFIGURATION analyst_words (PARSER = pg_catalog.default)",
    f"ALTER TEXT SEARCH CONFIGURATION analyst_words ADD MAPPING FOR {TOKENS} WITH unaccent, analyst_porter",
    "ALTER TABLE articles_entry "
    + ", ".join(
        f"ADD COLUMN {name}_vector tsvector GENERATED ALWAYS AS (to_tsvector('analyst_words', {text})) STORED"
        for name, text in VECTORS.items()
    ),
    # The texts and their vectors lie beside the table, so that thousands of hits are read from few pages.
    "ALTER TABLE articles_entry SET (toast_tuple_target = 128)",
    "ALTER TABLE articles_entry ALTER COLUMN filters SET STORAGE PLAIN",
    # Without a list of what is not yet sorted in: each search would have to read it.
    *(
        f"CREATE INDEX articles_entry_{name} ON articles_entry USING gin ({name}_vector) WITH (fastupdate = off)"
        for name in VECTORS
    ),
]
POSTGRESQL_BACK = [
    "ALTER TABLE articles_entry " + ", ".join(f"DROP COLUMN {name}_vector" for name in VECTORS),
    "DROP TEXT SEARCH CONFIGURATION analyst_words",
    "DROP TEXT SEARCH DICTIONARY analyst_porter",
]


def make(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        _make_unaccent(editor)
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unmake(apps: Any, editor: Any) -> None:
    for statement in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement)


def _make_unaccent(editor: Any) -> None:
    try:
        editor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    except ProgrammingError as problem:
        raise ImproperlyConfigured(
            "The search needs PostgreSQL's extension unaccent, and this account may not add it. As a superuser, run "
            f"CREATE EXTENSION unaccent in the database {editor.connection.settings_dict['NAME']}, then migrate again."
        ) from problem


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_four_categories")]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("owner", models.BigIntegerField(primary_key=True, serialize=False)),
                ("place", models.BigIntegerField(unique=True)),
                ("filters", models.TextField()),
                ("title", models.TextField()),
                ("about", models.TextField()),
                ("text", models.TextField()),
                ("conclusions", models.TextField()),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
