"""What schema.org (version 29) knows of the types that our pages use: their properties, inherited ones too."""

_THING = {"@context", "@id", "@type", "name", "url", "description", "identifier", "image", "sameAs", "mainEntityOfPage"}
_WORK = _THING | {
    "abstract", "author", "dateModified", "datePublished", "encoding", "hasPart", "headline", "inLanguage", "isAccessibleForFree",
    "correction", "isPartOf", "keywords", "license", "publisher",
}  # fmt: skip
_ARTICLE = _WORK | {"articleBody", "articleSection", "pageStart", "pageEnd", "pagination", "wordCount"}
PROPERTIES = {
    "CorrectionComment": _WORK | {"downvoteCount", "parentItem", "text", "upvoteCount"},
    "CreativeWork": _WORK,
    "ImageObject": _WORK | {"caption", "contentUrl", "creditText", "height", "width"},
    "MediaObject": _WORK | {"contentUrl", "encodingFormat"},
    "NewsArticle": _ARTICLE | {"dateline"},
    "Organization": _THING | {"address", "email", "logo"},
    "Periodical": _WORK | {"issn"},
    "Person": _THING | {"affiliation", "familyName", "givenName", "jobTitle"},
    "PublicationIssue": _WORK | {"issueNumber", "pageStart", "pageEnd", "pagination"},
    "PublicationVolume": _WORK | {"volumeNumber", "pageStart", "pageEnd", "pagination"},
    "ScholarlyArticle": _ARTICLE,
    "WebPageElement": _WORK | {"cssSelector", "xpath"},
}


def unknown(data: object) -> list[str]:
    """What in these data schema.org does not know."""
    if isinstance(data, list):
        return [word for item in data for word in unknown(item)]
    if not isinstance(data, dict):
        return []
    kind = data.get("@type")
    if kind not in PROPERTIES:
        return [f"type {kind}"]
    strange = [f"{kind}.{name}" for name in data if name not in PROPERTIES[kind]]
    return strange + [word for value in data.values() for word in unknown(value)]
