"""The pictures of the sample journal, drawn by the project itself: the same name and seed, the same picture."""

from collections.abc import Callable

from . import charts, landscapes, plates, portraits, towns, waters, works
from .paper import Sheet

DRAWINGS: dict[str, Callable[[Sheet], None]] = {
    "containers": works.containers,
    "cover": plates.cover,
    "delta": waters.delta,
    "doorways": towns.doorways,
    "dot_map": charts.dot_map,
    "dunes": landscapes.dunes,
    "exchange_band": charts.exchange_band,
    "facade": towns.facade,
    "ferry": waters.ferry,
    "furrows": landscapes.furrows,
    "highlands": landscapes.highlands,
    "logo": plates.logo,
    "meanders": charts.meanders,
    "night_grid": towns.night_grid,
    "orbits": charts.orbits,
    "port_cranes": works.port_cranes,
    "portrait": portraits.portrait,
    "pylons": works.pylons,
    "rails": works.rails,
    "reservoir": waters.reservoir,
    "ring_map": charts.ring_map,
    "shelves": towns.shelves,
    "strait": waters.strait,
    "tide_chart": charts.tide_chart,
    "viaduct": works.viaduct,
}

FLAT = {"logo"}


def draw(name: str, seed: int, size: tuple[int, int], text: str = "") -> bytes:
    """Return the bytes of a drawing: JPEG, or PNG where the colours are flat."""
    sheet = Sheet(size, seed, text)
    DRAWINGS[name](sheet)
    return sheet.encoded("PNG" if name in FLAT else "JPEG")
