"""What a measurement must hold, printed beside it."""


def said_of(figure: float, most: float, unit: str = "") -> str:
    return f"{'met' if figure <= most else 'NOT MET'}, ≤ {most:g}{unit}"


def worst(name: str, figures: dict[str, float], most: float, unit: str = "") -> str:
    """One line for a table's end: the greatest of these figures, and whose it is."""
    whose = max(figures, key=lambda key: figures[key])
    return f"{name}: at most {figures[whose]:.2f}{unit} ({said_of(figures[whose], most, unit)}), {whose}"
