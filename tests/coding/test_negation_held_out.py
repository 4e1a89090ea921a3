"""The cues of negation on sentences that they were not written from: the score as it is.

The sentences were written for this project, after the rules and in one go; nothing in either
was changed after the first count. (The word sought, whether the sentence denies it.)
"""

import re

from quidqual.coding.cues import Flagger

SENTENCES = {
    "en": [
        ("She says the [fear] has left her.", True),
        ("I wouldn't say I feel [safe] there.", True),
        ("There was not a day when she did not feel [safe].", False),
        ("She finds it impossible to [trust] him.", True),
        ("She couldn't be [prouder] of her work.", False),
        ("Not everyone is kind, but the trainer is [patient].", False),
        ("She used to be [afraid] of the machine.", True),
        ("Nothing makes her [happier] than the workshop.", False),
        ("I [trust] them, which I did not do before.", False),
        ("Her [confidence] is yet to come back.", True),
    ],
    "it": [
        ("Ha perso la [fiducia] nelle persone.", True),
        ("Non è che non si [fidi], è che è stanca.", False),
        ("Chi non ha [paura] il primo giorno?", False),
        ("Fa fatica a [fidarsi] delle colleghe.", True),
        ("La [paura] se n'è andata da tempo.", True),
        ("Non so come, ma adesso sono [tranquilla].", False),
        ("Di [amiche] non ne ha.", True),
        ("Senza il suo aiuto non sarei così [serena].", False),
        ("È lontana dal sentirsi [autonoma].", True),
        ("Non c'è dubbio che sia [orgogliosa].", False),
    ],
}


def flagged(marked: str, language: str) -> bool:
    start, end = marked.index("["), marked.index("]") - 1
    flag = Flagger(language).flag(re.sub(r"[\[\]]", "", marked), [(start, end)])[0]
    return flag is not None and flag.kind == "negation"


def test_the_score_is_the_one_that_the_page_tells(root):
    right = {
        language: sum(flagged(text, language) == denied for text, denied in rows)
        for language, rows in SENTENCES.items()
    }
    ignoring = sum(not denied for rows in SENTENCES.values() for _, denied in rows)
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    told = (
        f"gets {sum(right.values())} of 20 ({right['en']} of 10 English, {right['it']} of 10 "
        f"Italian), where ignoring negation gets {ignoring}"
    )
    assert told in page, told
