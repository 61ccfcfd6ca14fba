"""What sitemaps.org allows of one file, even if every address were as long as it may be."""

from datetime import UTC, datetime

from articles.sitemaps import LAST, NEWS_MOST, SIZE, address, url_element
from articles.slugs import MAX_LENGTH


def test_no_map_grows_beyond_fifty_thousand_addresses_or_fifty_megabytes():
    longest = url_element(
        address("article_detail", "\U0001f33e" * MAX_LENGTH), datetime.now(UTC), address("media", "k" * 64, 2400, "jpg")
    )
    assert SIZE <= 50_000
    assert SIZE * len(longest) < 50_000_000
    assert NEWS_MOST <= 1000


def test_the_index_has_room_for_two_hundred_million_rows():
    assert min(LAST, 50_000) * SIZE >= 200_000_000
