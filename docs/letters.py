"""Cuts the files of letters that the pages use out of those of their makers. `python docs/letters.py node_modules`.

It needs the packages source-serif (4.5.1) and inter-ui (4.1.1) in that folder, and fonttools, which comes with the
extra `pdf`. What is left out is what no page asks for: weights, optical sizes, alternate letters, hints for screens of
long ago, and kerning that differs by weight. A font that was changed may not bear the name "Source", which its makers
have reserved.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parents[1] / "analyst" / "static" / "fonts"
# What English is written with. Ranges are as in tokens.css, which a test compares with these files.
ENGLISH = (
    "0000-00FF,0131,0152-0153,02BB-02BC,02C6,02DA,02DC,0300-0301,0303-0304,0308-0309,0323,0329,2002,2009,200B,2011-2014,"
    "2018-201A,201C-201E,2020-2022,2026,2030,2032-2033,2039-203A,2044,20AC,20B8,20BA,20BD,2122,2190-2193,2212,2215"
)
# The letters of most names: Latin Extended-A, Vietnamese, Azerbaijani, Yoruba, Romanian, transliterated Arabic.
NAMES = (
    "0100-0130,0132-0151,0154-017F,018F,01A0-01A1,01AF-01B0,01E6-01E7,0218-021B,0259,02BD-02C5,0306,030C,"
    "1E0C-1E0D,1E24-1E25,1E62-1E63,1E6C-1E6D,1E92-1E93,1EA0-1EF9"
)
OTHER_LATIN = (
    "0180-02BA,02C7-02CC,02CE-02D9,02DB,02DD-02FF,0302,0307,030A-030B,0324-0328,032A-0331,1D00-1DBF,1E00-1EFF,20A0-20C4,"
    "2113,2C60-2C7F,A720-A7FF"
)
CYRILLIC = "0400-045F,0490-0491,04B0-04B1,2116"
OTHER_CYRILLIC = "0460-048F,0492-04AF,04B2-052F,1C80-1C8A,2DE0-2DFF,A640-A69F"
KERNED, COMPOSED = ["kern", "mark", "mkmk", "liga", "tnum"], ["ccmp", "locl"]
SERIF = {"Source Serif 4 Variable": "Analyst Serif", "Source Serif 4": "Analyst Serif", "SourceSerif4": "AnalystSerif"}


def letters(*ranges: str) -> list[int]:
    pairs = (part.partition("-") for text in ranges for part in text.split(","))
    return [letter for first, _, last in pairs for letter in range(int(first, 16), int(last or first, 16) + 1)]


def cut(file: Path, wanted: set[int], features: list[str], axes: dict[str, object]) -> TTFont:
    font = TTFont(file)
    options = Options(layout_features=features, hinting=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["BASE", "DSIG", "MVAR", "cvt ", "fpgm", "gasp", "prep"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted | {0x20, 0xA0}))  # a PDF cannot be read where a font lacks the space
    subsetter.subset(font)
    for glyph in font.getGlyphOrder():  # one that is alike in every weight has no entry, which the next step expects
        font["gvar"].variations.setdefault(glyph, [])
    return instantiateVariableFont(font, axes)


def save(file: Path, name: str, wanted: set[int], weights: tuple[int, int], kerned: int, features: list[str]) -> None:
    font = cut(file, wanted, features, {"wght": weights, "opsz": 14})
    one = cut(file, wanted, features, {"wght": kerned, "opsz": 14})
    for table in ("GPOS", "GDEF"):
        if table in one:
            font[table] = one[table]
    font["name"].names = [record for record in font["name"].names if record.nameID <= 6]  # the licence lies beside
    for record in font["name"].names:
        if record.nameID:  # who holds the rights stays as it is
            text = record.toUnicode()
            for theirs, ours in SERIF.items():
                text = text.replace(theirs, ours)
            record.string = text
    font.flavor = "woff2"
    font.save(FONTS / name)


def main(packages: Path) -> None:
    serif, inter = packages / "source-serif" / "VAR", packages / "inter-ui" / "variable" / "InterVariable.woff2"
    english = {*letters(ENGLISH, NAMES)}
    for script, wanted in (
        ("latin", english),
        ("latin-ext", {*letters(OTHER_LATIN)} - english),
        ("cyrillic", {*letters(CYRILLIC), 0x0301}),  # a stress mark stands right on these letters
        ("cyrillic-ext", {*letters(OTHER_CYRILLIC)}),
    ):
        features = KERNED + COMPOSED * (script != "latin")
        upright, italic = f"{script}-wght-normal.woff2", f"{script}-400-italic.woff2"
        save(serif / "SourceSerif4Variable-Roman.ttf", f"source-serif-4-{upright}", wanted, (400, 700), 400, features)
        save(serif / "SourceSerif4Variable-Italic.ttf", f"source-serif-4-{italic}", wanted, (400, 400), 400, features)
        save(inter, f"inter-{upright}", wanted, (400, 600), 500, features)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
