"""Withdrawal, in the key: her names, her texts, what was decided in them, whom only she named."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from quidqual.privacy.identifiers.roster import plain
from quidqual.privacy.pseudonyms.key_file import Key


def forget_in_key(key: Key, participant: str, interviews: Collection[str]) -> dict[str, int]:
    """Take a participant out of an opened key.

    Parameters
    ----------
    key : Key
        It is changed.
    participant : str
        Her id in the study.
    interviews : collection of str
        Ids of her interviews in the study.

    Returns
    -------
    dict of str to int
        How many rows (of people, bodies, places), texts and decisions went.

    Notes
    -----
    The texts of a key go by the names of the raw files, which may be names of people
    (`Maria Conti-R1`), not by the ids of the study. Which are hers the key says; one that
    was made before it did is asked whose names the files have. A decision about her name in
    the note of somebody else goes too, and so do people and places named in her texts alone.
    """
    own = [e for e in key.entities if e["participant"] == participant]
    forms = {plain(form) for entity in own for form in entity["forms"]}
    texts = {*key.offsets, *key.owners, *(d["where"] for d in key.decisions)}
    hers = {t for t in texts if key.owners.get(t) == participant or t in interviews}
    hers |= {t for t in texts if t not in key.owners and plain(t.rpartition("-")[0]) in forms}
    before = {"row": len(key.entities), "text": len(key.offsets), "decision": len(key.decisions)}
    key.entities = [e for e in key.entities if e not in own and not _only_in(e, hers)]
    for entity in key.entities:
        if "where" in entity:
            entity["where"] = [where for where in entity["where"] if where not in hers]
    key.offsets = {where: pieces for where, pieces in key.offsets.items() if where not in hers}
    key.owners = {where: who for where, who in key.owners.items() if where not in hers}
    key.decisions = [
        d
        for d in key.decisions
        if d["where"] not in hers and plain(str(d.get("words", ""))) not in forms
    ]
    after = {"row": len(key.entities), "text": len(key.offsets), "decision": len(key.decisions)}
    return {what: before[what] - after[what] for what in before}


def _only_in(entity: dict[str, Any], hers: Collection[str]) -> bool:
    """Tell whether somebody who is no participant is named in her texts alone."""
    where = entity.get("where")
    return not entity["participant"] and bool(where) and set(where or ()) <= set(hers)
