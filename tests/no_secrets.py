"""Whether a file that is kept holds a secret: keys, tokens and passwords come from the environment. A step of `make test`."""

import subprocess
import sys
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parent.parent
PLUGINS = (
    "AWSKeyDetector", "ArtifactoryDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "DiscordBotTokenDetector",
    "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SquareOAuthDetector",
    "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
ENTROPY = [{"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "HexHighEntropyString", "limit": 3.0}]
# What only looks like one.
KNOWN = {
    ("analyst/settings.py", "Basic Auth Credentials"): "how an address with a password is written",
    ("analyst/settings.py", "Base64 High Entropy String"): "the hash of a style that a policy names",
    ("docs/newsletter.md", "Basic Auth Credentials"): "an example",
    ("docs/operators.md", "Basic Auth Credentials"): "an example",
    ("tests/articles/word_files.py", "Hex High Entropy String"): "a picture of one pixel",
}
HASHES = {"package-lock.json", "requirements.txt", "requirements-dev.txt", "requirements-pdf.txt"}


def found_in(paths: list[Path]) -> set[tuple[str, str]]:
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS] + ENTROPY}):
        secrets = SecretsCollection(root=str(ROOT))
        for path in paths:
            secrets.scan_file(str(path))
        return {(name, secret.type) for name, secret in secrets}


def main() -> int:
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = {".py", ".md", ".toml", ".html", ".js", ".css", ".sh", ".yml", ".yaml", ""}
    found = found_in([Path(name) for name in kept if name and name not in HASHES and Path(name).suffix in texts])
    for name, kind in sorted(found - set(KNOWN)):
        print(f"{name} holds what looks like a secret ({kind}). Take it out, or say in {__file__} why it is none.")
    return bool(found - set(KNOWN))


if __name__ == "__main__":
    sys.exit(main())
