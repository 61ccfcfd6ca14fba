"""The page at which somebody without an account reads a proof and answers. The address is the right to do so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.forms import BoundField
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from . import images, prose
from .models import Article, Image, SignOff
from .proofs import proof_of
from .rich_text import clean_summary, image_keys, text_of
from .views import send_rendition

LONGEST = 5_000  # characters of a comment
QUOTED = 200
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


class ProofImage:
    """An image of a proof, at an address under that of the proof."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.credit_line = image.credit_line

    def picture(self, alt: str, *, view: str = "media") -> SafeString:
        src = f"images/{self.image.key}.jpg"
        return render_to_string("articles/_picture.html", {"image": self.image, "alt": alt, "src": src})


@dataclass(frozen=True)
class Block:
    """A paragraph, a table, a figure, with what is said about it."""

    html: SafeString
    part: str
    place: int
    field: BoundField | None = None
    said: str = ""

    @property
    def name(self) -> str:
        return f"{self.part}-{self.place}"


class Proof:
    """The text of one revision, block by block."""

    def __init__(self, sign_off: SignOff, pictures: Mapping[str, prose.Picture], view: str = "media") -> None:
        self.sign_off = sign_off
        self.article: Article = proof_of(sign_off.revision.article, sign_off.revision.snapshot)
        lead = pictures.get(self.article.lead_image.key) if self.article.lead_image else None
        self.lead = lead.picture(self.article.lead_image_alt, view=view) if lead else ""
        laid_out = prose.lay_out(self.article.texts(), pictures, view)
        self.notes = laid_out.notes
        self.texts = {"summary": prose.show(self.article.summary)} | laid_out.parts

    def blocks(self) -> Iterator[Block]:
        for part, html in self.texts.items():
            for place, block in enumerate(prose.in_blocks(html)):
                yield Block(block, part, place)

    def parts(self, form: "SignOffForm | None" = None) -> list[tuple[str, list[Block]]]:
        """By part; with the fields for comments, or with the comments that were made."""
        said = {(row["part"], row["place"]): row["text"] for row in self.sign_off.comments}
        found: dict[str, list[Block]] = {}
        for block in self.blocks():
            field = form[block.name] if form else None
            comment = said.get((block.part, block.place), "")
            whole = Block(block.html, block.part, block.place, field, comment)
            found.setdefault("" if block.part in ("summary", "body") else block.part.capitalize(), []).append(whole)
        return list(found.items())


def pictures_of(sign_off: SignOff) -> dict[str, ProofImage]:
    """The images that stand in the text of the revision, and no others."""
    snapshot = sign_off.revision.snapshot
    keys = [key for name in Article.TEXTS for key in image_keys(snapshot.get(name) or "")]
    rows = Image.objects.filter(key__in=keys) | Image.objects.filter(pk=snapshot.get("lead_image"))
    return {image.key: ProofImage(image) for image in rows if image.width}


class SignOffForm(forms.Form):
    message = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 5}))
    affiliation = forms.CharField(max_length=300, required=False)
    bio = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 5}))
    answer = forms.ChoiceField(
        choices=SignOff.Answer,
        error_messages={"required": "Press one of the two buttons.", "invalid_choice": "Press one of the two buttons."},
    )

    def __init__(self, proof: Proof, data: QueryDict | None) -> None:
        self.printed = proof.sign_off.printed()
        self.quotes = {block.name: block for block in proof.blocks()}
        super().__init__(data, initial=self.printed)
        for name in self.quotes:
            self.fields[name] = forms.CharField(
                max_length=LONGEST, required=False, widget=forms.Textarea({"rows": 3}), label="Your comment"
            )
        if not self.printed:
            del self.fields["affiliation"], self.fields["bio"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks = cleaned.get("answer") == SignOff.Answer.CHANGES
        if asks and not self.errors and not any((cleaned["message"], self.comments(), self.corrections())):
            self.add_error("message", "Say what should change: here, or in a comment on a paragraph.")
        return cleaned

    def comments(self) -> list[dict[str, Any]]:
        return [
            {"part": block.part, "place": block.place, "quote": text_of(block.html)[:QUOTED], "text": text}
            for name, block in self.quotes.items()
            if (text := self.cleaned_data.get(name))
        ]

    def corrections(self) -> dict[str, str]:
        """What the person wants printed otherwise than it is."""
        said = {name: _one_way(self.cleaned_data.get(name, "")) for name in self.printed}
        new = {name: text for name, text in said.items() if text != _one_way(self.printed[name])}
        return new | ({"bio": clean_summary(new["bio"])} if "bio" in new else {})


def _one_way(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, token: str) -> HttpResponse:
    with transaction.atomic():
        found = _opened(token, for_update=request.method == "POST")
        proof = Proof(found, pictures_of(found))
        form = SignOffForm(proof, request.POST if request.method == "POST" and not found.answer else None)
        if form.is_valid():
            said = {"comments": form.comments(), "corrections": form.corrections()}
            found.reply(form.cleaned_data["answer"], timezone.now(), message=form.cleaned_data["message"], **said)
    if request.method == "POST" and found.answer:
        return HttpResponseRedirect(reverse("sign_off", args=[token]), status=303, headers=HEADERS)
    context = {"sign_off": found, "proof": proof, "form": form, "parts": proof.parts(None if found.answer else form)}
    response = render(request, "articles/sign_off.html", context, status=400 if form.is_bound else 200)
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _opened(token: str, for_update: bool = False) -> SignOff:
    """The one door: it is shut when the time is over, or the link is taken back."""
    rows = SignOff.objects.opened_by(token, timezone.now()).select_related("revision__article", "asked_by", "author")
    return get_object_or_404(rows.select_for_update(of=("self",)) if for_update else rows)


@require_safe
def sign_off_image(request: HttpRequest, token: str, key: str) -> HttpResponseBase:
    found = pictures_of(_opened(token)).get(key)
    image = get_object_or_404(Image, key=found.image.key if found else "")
    response: FileResponse = send_rendition(image, images.first_width(image.width), "jpg")
    for name, value in HEADERS.items():
        response[name] = value
    return response
