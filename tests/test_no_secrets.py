"""The step of `make test` that looks for secrets finds them."""

from tests.no_secrets import found_in


def test_a_key_or_a_password_would_be_found(tmp_path):
    key = "AKIA" + "QWERTYUIOP" + "ASDFGH"
    (tmp_path / "settings.py").write_text(f'KEY = "{key}"\nURL = "https://ada:{"x9" * 8}@mail.example/"\n')
    kinds = {kind for _, kind in found_in([tmp_path / "settings.py"])}
    assert kinds >= {"AWS Access Key", "Basic Auth Credentials"}
