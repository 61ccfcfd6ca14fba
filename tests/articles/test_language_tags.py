import pytest
from django.core.exceptions import ValidationError

from articles.models.article import validate_language


@pytest.mark.parametrize("tag", ["en", "kk", "zh-Hant", "uz-Cyrl", "pt-BR", "es-419", "zh-Hant-TW", "EN", "ast"])
def test_a_language_tag_is_taken(tag):
    validate_language(tag)


@pytest.mark.parametrize(
    "tag", ["english", "e", "en_GB", "en-", "Қазақша", '"><b>', "en GB", "en\n", "1", "x-klingon", "en-GB-oed"]
)
def test_nonsense_is_refused_with_what_to_write(tag):
    with pytest.raises(ValidationError, match="two or three letters"):
        validate_language(tag)
