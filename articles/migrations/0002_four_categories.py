from django.db import migrations

CATEGORIES = [
    ("Analytical Articles", "analytical-articles", True),
    ("Field Reports", "field-reports", True),
    ("Feature Articles", "feature-articles", False),
    ("News Digest", "news-digest", False),
]


def add_the_four_categories(apps, schema_editor):
    Category = apps.get_model("articles", "Category")
    for position, (name, slug, has_sections) in enumerate(CATEGORIES, 1):
        Category.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "has_sections": has_sections,
                "is_news": slug == "news-digest",
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(add_the_four_categories, migrations.RunPython.noop)]
