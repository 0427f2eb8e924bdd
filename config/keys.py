"""First-start secrets: made once, kept in the data folder, readable by the owner alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def stored_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in `path`; make and write it (mode 0600) when there is none.

    Several processes may start at once: the first to create the file wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()


def new_secret_key() -> str:
    """Return a fresh Django secret key."""
    return secrets.token_urlsafe(50)


def new_field_key() -> str:
    """Return a fresh key for encrypted fields."""
    return Fernet.generate_key().decode()
