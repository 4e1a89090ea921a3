"""Words that negate or weaken what stands near them, and words that end their reach.

English after NegEx and ConText (their pre- and post-negation, pseudo-negation and termination
terms, less what only a clinic says); Italian the same classes with the negative words of the
language and its *expletive* negation, which denies nothing (*finché non, più di quanto non*).

References
----------
Chapman, W. W. et al. (2001). A simple algorithm for identifying negated findings and diseases
in discharge summaries. Journal of Biomedical Informatics 34, 301-310.
Harkema, H. et al. (2009). ConText: an algorithm for determining negation, experiencer, and
temporal status from clinical reports. Journal of Biomedical Informatics 42, 839-851.
Renzi, L., Salvi, G. and Cardinaletti, A. (eds.) (2001). Grande grammatica italiana di
consultazione, vol. 2 (negation). Bologna: il Mulino.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["negation", "speculation"]
WIDE = 8


@dataclass(frozen=True)
class Cue:
    """A pattern that flags hits near it.

    Attributes
    ----------
    pattern : str
        In the pattern language; with a leading ``!`` it is a pseudo-cue (*not only*).
    kind : {"negation", "speculation"}
        What it says of the hit.
    before : bool
        The hit stands before the cue (*it is over*) and not after it.
    reach : int
        At most so many words between the cue and the hit, all in one clause.
    subject : bool
        A determiner (*no*): where it begins the clause it denies the whole of it, however
        short its reach is elsewhere.
    """

    pattern: str
    kind: Kind = "negation"
    before: bool = False
    reach: int = 5
    subject: bool = False


def _cues(negation: str, past: str, speculation: str, pseudo: str) -> tuple[Cue, ...]:
    def split(text: str) -> list[tuple[str, int, bool]]:
        """Cut a list; ``lost:3`` reaches three words, ``no:1^`` more where it is the subject."""
        rows = []
        for part in text.split(","):
            pattern, _, reach = part.strip().partition(":")
            rows.append((pattern, int(reach.rstrip("^") or 0), reach.endswith("^")))
        return rows

    return (
        *(Cue(p, reach=n or WIDE, subject=s) for p, n, s in split(negation)),
        *(Cue(p, before=True, reach=n or 2) for p, n, _ in split(past)),
        *(Cue(p, "speculation", reach=n or WIDE) for p, n, _ in split(speculation)),
        *(Cue("!" + p, k) for p, _, _ in split(pseudo) for k in ("negation", "speculation")),
    )


CUES: dict[str, tuple[Cue, ...]] = {
    "en": _cues(
        # not and its kin; negative subjects and objects
        "not, don't|doesn't|didn't|isn't|wasn't|aren't|weren't|haven't|hasn't|hadn't, "
        "cannot|can't|couldn't|won't|wouldn't|shouldn't|ain't, never, no:1^, nor, neither, "
        "without, nobody, no one, nothing, none, nowhere, hardly|barely|scarcely|rarely|seldom, "
        # verbs, nouns and phrases that deny what they govern
        "no longer, far from, anything but, lack|lacks|lacked|lacking (of), absence of, "
        "stopped|stops|stop|ceased, instead of, rather than, free of|from, "
        "unable|impossible|unwilling to, refus*|declin*|fail|fails|failed to, "
        "deny|denies|denied|denying, lost|loses|lose|losing:3, gave|give|gives|given|giving up:4, "
        "used to:4, yet to, no sign|trace of",
        "gone, is|was over, (has) passed, disappeared, vanished, has|have|had left, "
        "is|are|was|were yet to, is|are|was|were missing|lacking|absent, came to an end, "
        "faded|ceased|ended",
        "may|might, maybe|perhaps|possibly|probably, seem*, appear* to, as if, would like, hope*, "
        "wish*, if|whether, could be, suppose*, unsure, impression, wonder*, guess*",
        "not only|just|merely|simply, no|without_a|without doubt, no wonder, not to mention, "
        "nothing but, not|never without, not until, not that, "
        # two negatives that make a positive, and exclamations
        "not|never|doesn't|don't|didn't|cannot|can't|couldn't|no_longer ~1 "
        "hide*|hid|deny|denies|denied|doubt*|forget*|forgot|fail|fails|failed|lack|lacks, "
        "never ~1 miss|misses|missed, no|not a|one ~6 not|never|didn't|doesn't|don't|wasn't, "
        "without ~5 not|never|couldn't|wouldn't, "
        "couldn't|can't|cannot|could_not be|feel more|better|*er, nothing|nobody * * more|*er, "
        "cannot|can't|couldn't|could_not say|tell|express|describe how",
    ),
    "it": _cues(
        "non, mai, né, senza, nessuno|nessuna|nessun:2^, niente|nulla, neanche|nemmeno|neppure, "
        "smesso|smette|smettere|smetto|smise di, tutt'altro che, mica, mancanza|assenza di, "
        "manca|mancano|mancava|mancavano|mancato, priv* di, anziché, invece di, piuttosto che, "
        "incapace|incapaci di, impossibile, rifiut* di, nega|nego|negava|negato|negare|negando, "
        "rinuncia|rinuncio|rinunciato|rinunciare|rinunciava a|al|alla|ai|alle|allo|all':4, "
        "perso|persa|perde|perdere|perduto:3, fatica a:4, libera|libero|liberi|libere da|dal|dalla|"
        "dai|dalle|dall', lontan* da|dal|dalla|dai|dalle|dall':4",
        "passat*|sparit*|finit*|svanit*, mica, non c'è più, non c'era più, non ne, non ce n', "
        "se n'è andat*, se ne è andat*, se n'erano|era andat*, è|era venut* meno, "
        "è|era andat* via",
        "forse|magari|probabilmente, sembra*|pare|pareva, può darsi, come se, vorrebbe|vorrei, "
        "spera*|spero, se, chissà, a quanto pare, dovrebbe|potrebbe, impressione, chiede|chiedo se",
        "non solo|soltanto|solamente|semplicemente, senza dubbio, non c'è|c'era dubbio, "
        "non vedo|vede|vedeva|vedono l'ora, non appena, non a caso, nient'altro che, "
        "per non dire, non c'è che dire, non fa|faceva che, "
        # expletive negation
        "finché|fino_a_quando non, a meno che non, di quanto non, per poco non, se non, "
        "non è che non, non è che, chissà che non, "
        # two negatives that make a positive, and rhetorical questions
        "non ~1 nasconde|nascondo|nascondeva|nega|negava|dubita|dubito|dubitava|dimentica, "
        "senza ~4 non, chi non",
    ),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A conjunction or relative that begins a clause ends the reach of a cue.
ENDS: dict[str, frozenset[str]] = {
    "en": _set(
        "although as because but except however though if since so unless until when where "
        "whereas which while who whose yet"
    ),
    "it": _set(
        "anzi benche' dato eppure finche' ma mentre pero' perche' poiche' quando quindi salvo "
        "sebbene siccome tranne tuttavia"
    ),
}
# After "and" these begin a clause of their own.
AND = _set("and e ed")
SUBJECTS: dict[str, frozenset[str]] = {
    "en": _set("i she he they we you it this that there in now then is was has had"),
    "it": _set("io lei lui loro noi voi adesso ora poi invece intanto non"),
}
