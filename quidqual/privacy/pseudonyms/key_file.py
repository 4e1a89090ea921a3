"""The key: who is behind which pseudonym, encrypted, outside the study and any repository.

Pseudonyms are random; nothing in them is computed from a name. (A hash of a name is no secret:
whoever has a list of names reverses it in a moment.) Only this file leads back.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, write_atomic

FORMAT = 1
_COST = {"n": 2**15, "r": 8, "p": 1}  # scrypt: about 0.1 s and 32 MB a try
_SHORTEST = 12
_REPOSITORIES = (".git", ".hg", ".svn", "_darcs", ".fossil")


@dataclass
class Key:
    """What a key file holds.

    Attributes
    ----------
    entities : list of dict
        One a person, body or place: ``kind, pseudonym, number, gender, participant, forms``.
    offsets : dict of str to list
        For each interview the stretches that were replaced (`OffsetMap`).
    owners : dict of str to str
        For each place that was searched the participant it is about, "" if it is about nobody.
    decisions : list of dict
        What was decided in reviews, with reasons.
    """

    entities: list[dict[str, Any]] = field(default_factory=list)
    offsets: dict[str, list[list[int]]] = field(default_factory=dict)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)


def check_place(path: Path, *, study: Path | None = None) -> None:
    """Refuse a place where a key would be shared with what it opens.

    Raises
    ------
    QuidqualError
        If the path lies in a study folder, or in a repository.
    """
    folder = path.resolve().parent
    within = [folder, *folder.parents]
    if study is not None and study.resolve() in within:
        raise _wrong_place("the key would lie in the study folder.")
    for place in within:
        if (place / "study.toml").exists():
            raise _wrong_place("the key would lie in a study folder.")
        if any((place / name).exists() for name in _REPOSITORIES):
            raise _wrong_place("the key would lie in a repository, and be shared with it.")


def _wrong_place(message: str) -> QuidqualError:
    return QuidqualError.of(
        message,
        remedy="Choose a folder of its own, on an encrypted disk, apart from the study.",
        field="key",
    )


def check_passphrase(passphrase: object) -> str:
    """Refuse a passphrase that is guessed in a day.

    Raises
    ------
    QuidqualError
        If it is none, or has fewer than twelve characters.
    """
    if not isinstance(passphrase, str) or len(passphrase) < _SHORTEST:
        raise QuidqualError.of(
            f"the passphrase must have at least {_SHORTEST} characters.",
            remedy="Take five words that do not belong together, and note where it is kept.",
            field="passphrase",
        )
    return passphrase


def write_key(path: str | Path, key: Key, passphrase: str, *, study: Path | None = None) -> Path:
    """Encrypt a key and write it, readable by its owner alone (mode 0600).

    Raises
    ------
    QuidqualError
        If the place or the passphrase will not do.
    """
    target = as_path(path, field="key")
    check_place(target, study=study)
    check_passphrase(passphrase)
    salt = secrets.token_bytes(16)
    plain = json.dumps(
        {
            "entities": key.entities,
            "offsets": key.offsets,
            "decisions": key.decisions,
            "owners": key.owners,
        },
        ensure_ascii=False,
    )
    sealed = _fernet(passphrase, salt, _COST).encrypt(plain.encode("utf-8"))
    outer = {
        "quidqual_key": FORMAT,
        "scrypt": _COST,
        "salt": base64.b64encode(salt).decode(),
        "sealed": sealed.decode(),
    }
    write_atomic(target, json.dumps(outer, indent=1), mode=0o600)
    return target


def read_key(path: str | Path, passphrase: str) -> Key:
    """Open a key file.

    Raises
    ------
    QuidqualError
        If it is not there, is no key, others may read it, or the passphrase is another.
    """
    target = as_path(path, field="key")
    outer = _outer(target)
    from cryptography.fernet import InvalidToken

    try:
        salt = base64.b64decode(outer["salt"], validate=True)
        cost = {name: int(outer["scrypt"][name]) for name in _COST}
        if cost != _COST:
            raise ValueError
        sealed = outer["sealed"].encode()
    except (KeyError, ValueError, TypeError, AttributeError):
        raise _no_key(target) from None
    try:
        plain = _fernet(passphrase, salt, cost).decrypt(sealed)
    except InvalidToken:
        raise QuidqualError.of(
            "the key does not open: the passphrase is another, or the file was changed.",
            remedy="Try again, or take the copy that was kept apart.",
            file=target.name,
            field="passphrase",
        ) from None
    return Key(**json.loads(plain))


def _outer(target: Path) -> Mapping[str, Any]:
    try:
        data = target.read_bytes()
    except FileNotFoundError:
        raise QuidqualError.of(
            "the key is not there.", remedy="Check the path.", file=target.name, field="key"
        ) from None
    if os.name == "posix" and stat.S_IMODE(target.stat().st_mode) & 0o077:
        raise QuidqualError.of(
            "others than its owner may read the key.",
            remedy="chmod 600, and think about who may have read it.",
            file=target.name,
            field="key",
        )
    try:
        outer = json.loads(data)
    except ValueError:
        raise _no_key(target) from None
    if not isinstance(outer, dict) or outer.get("quidqual_key") != FORMAT:
        raise _no_key(target)
    return outer


def _no_key(target: Path) -> QuidqualError:
    return QuidqualError.of(
        "this is not a key file of quidqual.",
        remedy="Check the path.",
        file=target.name,
        field="key",
    )


def destroy_key(path: str | Path) -> None:
    """Overwrite a key file and delete it: after that nobody leads a pseudonym back with it.

    Raises
    ------
    QuidqualError
        If it is not there or is no key.

    Notes
    -----
    Copies, backups, synchronised folders and what a flash disk kept of earlier writes are
    out of reach. Whoever has a copy and the passphrase can still open it.
    """
    target = as_path(path, field="key")
    _outer(target)
    size = target.stat().st_size
    with open(target, "r+b") as stream:
        stream.write(secrets.token_bytes(size))
        stream.flush()
        os.fsync(stream.fileno())
    target.unlink()


def _fernet(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> Any:
    try:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise QuidqualError.of(
            "the key needs the package cryptography.",
            remedy='Install it: pip install "quidqual[privacy]"',
        ) from None
    derived = Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode("utf-8"))
    return Fernet(base64.urlsafe_b64encode(derived))
