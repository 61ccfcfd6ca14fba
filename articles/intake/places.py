"""Places that a byline names after an author: countries, and the towns where authors of such journals live."""

_NAMES = """
abkhazia, afghanistan, albania, algeria, almaty, ankara, argentina, armenia, ashgabat, astana, australia, austria,
azerbaijan, baku, bangladesh, beijing, belarus, belgium, berlin, bishkek, bosnia, brazil, brussels, budapest,
bulgaria, canada, chechnya, chile, china, croatia, cyprus, czech republic, czechia, dagestan, delhi, denmark,
dushanbe, egypt, england, estonia, finland, france, geneva, georgia, germany, greece, hong kong, hungary, iceland,
india, indonesia, iran, iraq, ireland, islamabad, israel, istanbul, italy, japan, jordan, kabul, karabakh,
kazakhstan, kenya, korea, kosovo, kuwait, kyiv, kyrgyz republic, kyrgyzstan, latvia, lebanon, lithuania, london,
luxembourg, macedonia, malaysia, malta, mexico, moldova, mongolia, montenegro, morocco, moscow, nepal, netherlands,
new delhi, new york, new zealand, nigeria, north korea, norway, osh, ossetia, pakistan, palestine, paris,
philippines, poland, portugal, prague, qatar, riga, romania, russia, saudi arabia, scotland, serbia, singapore,
slovakia, slovenia, south africa, south korea, south ossetia, spain, sri lanka, st. petersburg, stockholm, sweden,
switzerland, syria, tajikistan, tallinn, tashkent, tbilisi, tehran, thailand, the netherlands, tunisia, turkey,
turkmenistan, türkiye, ukraine, united arab emirates, united kingdom, united states, uzbekistan, vienna, vietnam,
vilnius, wales, warsaw, washington, washington d.c., washington dc, xinjiang, yemen, yerevan
"""
PLACES = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
