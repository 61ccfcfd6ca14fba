"""Articles made by rule, for measuring: the same for the same seed, 1,700 words each, in bulk and with flat memory."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction

from articles.models import Article, Author, Byline, Category, Entry, Tag, TaggedArticle

BATCH = 500
PEOPLE = 400
FIRST_DAY = datetime(2000, 1, 5, 6, tzinfo=UTC)
SPAN = timedelta(days=26 * 365)
SUBJECTS = ("ports", "tariffs", "remittances", "courts", "harvests", "ferries", "banks", "visas", "grids", "wells")
PLACES = ("Arvenia", "Belmora", "Castrel", "Dunmark", "Estoria", "Fennland", "Gordova", "Haldria", "Istrova", "Lormont")
VERBS = ("reshape", "strain", "divide", "outlast", "replace", "finance", "delay", "reward", "test", "follow")
WORDS = re.findall(
    r"\w+",
    "the ministry of water says that tariffs on grain will rise again before winter while neighbours along the river "
    "argue over storage and release schedules that were agreed when the dams were new and the money was lent for a "
    "budget that depends on transit fees this is a narrow margin and officials know it traders have begun to hold "
    "stock in the ports and lenders ask for guarantees which no treasury can give",
)

# Three of these stand in each article, so each in 13 % of them; and one of the wells, which stand in few.
TOPICS = re.findall(
    r"\w+",
    "customs pipeline census drought fisheries asylum barter quarantine textile smuggling lignite monsoon pensions "
    "railway sanctions telegraph uranium vineyard wetlands yield zinc glacier harbour",
)
WELLS = [
    first + middle + last
    for first in ("Bar", "Kor", "Mel", "Sun", "Tav", "Zer")
    for middle in ("ad", "en", "il", "ov", "ut", "ash", "ekh", "irg", "oyn", "ulm")
    for last in ("abad", "ek", "is", "or", "una")
]


def _of_its_own(random: Random, n: int) -> str:
    """A paragraph with what few articles have, for measuring how it is found."""
    topics, well = random.sample(TOPICS, 3), f"{random.choice(WELLS)} {random.choice(WELLS)}"
    return f"<p>Beside {topics[0]}, {topics[1]} and {topics[2]} there is the well of {well}, number w{n}.</p>"


def _sentence(random: Random) -> str:
    words = random.choices(WORDS, k=random.randint(12, 28))
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def _paragraphs(random: Random, words: int) -> str:
    """Paragraphs of about this many words in all."""
    written, paragraphs = 0, []
    while written < words - 50:  # half a paragraph
        paragraph = " ".join(_sentence(random) for _ in range(5))
        written += paragraph.count(" ") + 1
        paragraphs.append(f"<p>{paragraph}</p>")
    return "".join(paragraphs)


class Synthetic:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.categories = list(Category.objects.all())
        self.authors = self._people()
        self.tags = [Tag.objects.get_or_create(name=subject)[0] for subject in SUBJECTS]

    def _people(self) -> list[Author]:
        names = [f"Person {chr(65 + n % 26)}. {PLACES[n % len(PLACES)]}{n}" for n in range(PEOPLE)]
        known = {author.name: author for author in Author.objects.filter(name__in=names)}
        return [known.get(name) or Author.objects.create(name=name) for name in names]

    def add(self, number: int) -> Iterator[int]:
        """Add this many, and say after each batch how many there are."""
        first = Article.objects.filter(slug__startswith=f"synthetic-{self.seed}-").count()
        for done in range(0, number, BATCH):
            size = min(BATCH, number - done)
            self._add_batch(range(first + done, first + done + size))
            yield done + size

    @transaction.atomic
    def _add_batch(self, numbers: range) -> None:
        articles = Article.objects.bulk_create(self._article(n) for n in numbers)
        bylines, tagged = [], []
        for n, article in zip(numbers, articles, strict=True):
            random = Random(f"{self.seed}-{n}-who")
            at = article.found_at()
            for position, author in enumerate(random.sample(self.authors, random.choice((1, 1, 1, 2, 3))), 1):
                line = Byline(article=article, author=author, position=position, name=author.name, published_at=at)
                bylines.append(line)
            for tag in random.sample(self.tags, 2):
                tagged.append(TaggedArticle(content_object=article, tag=tag, published_at=at))
        Byline.objects.bulk_create(bylines)
        TaggedArticle.objects.bulk_create(tagged)
        Entry.objects.write(Article.for_index([article.pk for article in articles]))

    def _article(self, n: int) -> Article:
        random = Random(f"{self.seed}-{n}")  # its own, so that the order of batches does not matter
        category = random.choice(self.categories)
        published_at = FIRST_DAY + SPAN * random.random()
        texts = self._texts(random, category)
        own = _of_its_own(Random(f"{self.seed}-{n}-own"), n)
        texts = {name: text + own if name in ("body", "background") else text for name, text in texts.items()}
        return Article(
            title=f"How {random.choice(SUBJECTS)} {random.choice(VERBS)} {random.choice(PLACES)} ({n})",
            slug=f"synthetic-{self.seed}-{n}",
            category=category,
            summary=_paragraphs(random, 100),
            status=Article.Status.PUBLISHED if random.random() < 0.97 else Article.Status.DRAFT,
            published_at=published_at,
            imported_reads=int(random.paretovariate(1.2) * 300),
            imported_reads_on=published_at.date(),
            **texts,
        )

    def _texts(self, random: Random, category: Category) -> dict[str, str]:
        if not category.has_sections:
            return {"body": _paragraphs(random, 1600)}
        return {name: _paragraphs(random, words) for name, words in zip(Article.SECTIONS, (800, 500, 300), strict=True)}
