"""Words that turn what stands near them: deny it, suppose it, put it in the past.

English after NegEx and ConText (pre- and post-negation, pseudo-negation and termination terms,
hypothetical and historical triggers, less what only a clinic says); Italian the same classes with
the negative words of the language and its *expletive* negation, which denies nothing (*finché
non, più di quanto non*). :mod:`quidqual.coding.cues` says how far each one reaches.

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

from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["negation", "hypothetical", "past_only", "other_person"]
WIDE = 8


@dataclass(frozen=True)
class Cue:
    """A pattern that flags hits near it.

    Attributes
    ----------
    pattern : str
        In the pattern language; with a leading ``!`` it is a pseudo-cue (*not only*).
    kind : {"negation", "hypothetical", "past_only"}
        What it says of the hit. Who is meant (``other_person``) has no cues of its own: it is
        read off the subject of the clause.
    before : bool
        The hit stands before the cue (*it is over*) and not after it.
    reach : int
        At most so many words between the cue and the hit, all in one clause.
    subject : bool
        A determiner (*no*): where it begins the clause it denies the whole of it, however
        short its reach is elsewhere.
    first : bool
        A cue only where it begins its clause (*once*, *mai ... così*).
    phrase : bool
        A preposition (*without*): its reach ends where a clause begins.
    turns : bool
        It denies by its meaning (*lose, doubt, without*): after another denial, none is left.
    past : bool
        A cue only in a clause whose verb is in the past (*una volta*, *before the move*).
    answer : bool
        What answers a question or a few words without a verb (*Safe? Forget it*).
    across : bool
        Reaches every clause of its sentence, on either side (*rolling her eyes*).
    """

    pattern: str
    kind: Kind = "negation"
    before: bool = False
    reach: int = WIDE
    subject: bool = False
    first: bool = False
    phrase: bool = False
    turns: bool = False
    past: bool = False
    answer: bool = False
    across: bool = False


_NOT = (
    "not|never|don't|doesn't|didn't|isn't|wasn't|aren't|weren't|"
    "haven't|hasn't|hadn't|can't|cannot|couldn't|won't|wouldn't|shouldn't"
)


# What is known, noticed or suspected holds whether or not anyone knows it.
_KNOW = (
    "know|knows|knew|imagine|imagines|imagined|realise|realises|realised|realize|realizes|"
    "realized|see|sees|saw|guess|guesses|guessed|understand|understands|understood|suspect|"
    "suspects|suspected|notice|notices|noticed|appreciate|appreciates|dreamt|sense|senses"
)
_SA = (
    "immagina|immaginano|immaginava|immaginare|sa|sanno|sapeva|sapevano|sapere|seppe|saputo|"
    "capisce|capiscono|capiva|capito|capire|vede|vedono|vedeva|sospetta|sospettava|sospettano|"
    "accorge|accorto|accorti|accorgeva|conto|nota|notato|intuisce|intuiva|indovina"
)


def _whole(patterns: str) -> list[str]:
    """The patterns of a row, with the classes of words written out."""
    for name, words in (("NOT", _NOT), ("KNOW", _KNOW), ("SANNO", _SA)):
        patterns = patterns.replace(name, words)
    return patterns.split(",")


def _cues(patterns: str, **how: Any) -> tuple[Cue, ...]:
    """One cue a pattern; ``lost:3`` reaches three words and not as far as the others."""
    rows = []
    for part in _whole(patterns):
        pattern, _, reach = part.strip().partition(":")
        cue = Cue(pattern, **how)
        rows.append(replace(cue, reach=int(reach)) if reach else cue)
    return tuple(rows)


def _pseudo(patterns: str, *kinds: Kind) -> tuple[Cue, ...]:
    chosen: tuple[Kind, ...] = kinds or ("negation",)
    return tuple(
        Cue("!" + p.strip(), kind)
        for p in _whole(patterns)
        for kind in chosen
    )


def _ended(patterns: str, **how: Any) -> tuple[Cue, ...]:
    """What has ended is denied now and was so once."""
    return _cues(patterns, **how) + _cues(patterns, kind="past_only", **how)


CUES: dict[str, tuple[Cue, ...]] = {
    "en": (
        *_cues(
            "not, don't|doesn't|didn't|isn't|wasn't|aren't|weren't|haven't|hasn't|hadn't, "
            "cannot|can't|couldn't|won't|wouldn't|shouldn't|ain't|needn't|mustn't|nor, dont|"
            "doesnt|didnt|isnt|wasnt|cant|wont, never, neither, nobody, no one, noone, "
            "nothing, none, nowhere, no longer, hardly|barely|scarcely|rarely|seldom, at no "
            "point|time|moment|stage, in no way, under no circumstances, by no means, far "
            "from, anything|everything but|except|other_than|save, all but|except, not as "
            "if|though, nothing like, instead of, rather than, in place of, free of|from, devoid|"
            "bereft|empty|starved|short|shorter|shy of, (run|runs|ran|running) out of:3, 's|is|am|are|"
            "was|were|'m|'re past|beyond:1, so much for, absence of, no sign|trace|hint of, not a|one shred|bit|ounce|trace of, "
            "yet to, no way|reason|chance to|of|that, last thing|person, last thing|person|place ~5 is|was|'d, too * to:6, "
            "what they|he|she|you call|calls|called:2, not "
            "because|that, not as|like a|an|one:4, not|isn't|wasn't|aren't|never ~3 someone|"
            "one|person|people|type|kind|sort|woman|man|people who|that|to"
        ),
        *_cues("no", reach=1, subject=True),
        *_cues("little|few|zero:2, less than:2"),
        *_cues("without", phrase=True, turns=True),
        *_cues("lack|lacks|lacked|lacking (of|in)", phrase=True, turns=True),
        *_cues(
            "refus*|declin*, fail|fails|failed to, deny|denies|denied|denying, doubt|doubts|"
            "doubted|doubting, reject|rejects|rejected:4, avoid|avoids|avoided:3, prevent|"
            "prevents|prevented|keep|keeps|kept ~2 from, struggles|struggled|struggle to:4, "
            "finds|found|find it hard|difficult|impossible to:6, unable|impossible|unwilling|"
            "reluctant|unlikely|incapable|powerless to|of, wrong|untrue|false|mistaken to call|say|describe|claim,  doubtful|sceptical|skeptical|"
            "unconvinced|unsure|uncertain that|about|of|whether|if, beware|wary|careful of|not",
            turns=True,
        ),
        *_ended(
            "stopped|stops|stop|ceased|ceases|quit, gave|give|gives|given|giving up:4",
            turns=True,
        ),
        *_ended("lost|loses|lose|losing:3, run|runs|ran|running (clean|right|quite) out of:3", turns=True),
        *_cues("no longer", kind="past_only"),
        *_cues(
            "forget it, not at_all|here|there|any_more|really|exactly|much|one_bit|a_bit|once|"
            "on_your_life|by|in|with|for|from|a_chance, far from it, anything|everything but, "
            "(of) course not, as if, yeah right, that's|that_is|what a|another good_one|good|"
            "joke|laugh|matter, you|you're|he|she|must be|are joking|kidding, don't make me "
            "laugh, in your|his|her|their dreams, dream on, if only, quite the contrary|"
            "opposite, on the contrary, the opposite, hell|god no, fat|no chance, she|he|"
            "they|i doesn't|don't|isn't|aren't|wasn't|didn't|hasn't|haven't, tell me another, "
            "shook|shakes|shaking his|her|their head",
            answer=True,
        ),
        *_cues(
            "rolls|rolled|rolling her|his|their|my eyes, ironically|sarcastically, with a "
            "sneer|snort, air quotes",
            across=True,
        ),
        *_ended("not any_more|anymore|any_longer|now|today", across=True, first=True),
        *_cues(
            "is|was|are|were|'s|being missing|lacking|absent|nowhere|impossible, yet to, is|"
            "are|was|were|'s not|never something|what|how|who|the|a, isn't|wasn't|aren't "
            "something|what|how|who|the|a, something|what|word|thing ~3 NOT, is|was|'s the|about_the "
            "last thing|person, out of the question, none:3, never came:2, escape|escapes|elude|"
            "eludes|eluded, doesn't|don't|didn't|does_not exist|come, has|have|had|is|are|was|"
            "were yet to, not at all, not so|much:1",
            before=True, reach=2,
        ),
        *_ended(
            "has|have|had|is|are|'s gone, all but gone|vanished|disappeared|lost, gone, is|was|"
            "are|'s over, (has) passed, disappeared|vanished|evaporated, has|have|had left, "
            "came to an end, faded|ceased|ended|evaporated|died, went away|with|out, worn|wore|"
            "wears off|thin, dried up, run|ran out",
            before=True, reach=6,
        ),
        *_cues(
            "may|might, maybe|perhaps|possibly|probably|presumably, as if|though, would|i'd|"
            "she'd|he'd|they'd|we'd|you'd, should|ought, hope*|hoping, wish*, if|whether|"
            "unless|in_case|suppose|supposing|provided|imagine|imagines|lest, could be|feel|"
            "become|have|one|get|make, wonder|wonders|wondered|wondering, want|wants|wanted "
            "to, dream|dreams|dreamed|dreamt of|that, one day, afraid|scared|frightened|"
            "worried|fears|feared|worries|terrified|anxious *ing|that|she|he|i|they|we|it|"
            "of_being|of_becoming|of_ending|of_losing|of_getting|about_being, long|longs|"
            "longed|yearns|aims|plans|expects|intends|trying|tries|waiting|waits|waited|hopes|"
            "needs|begs|begged to|for, told|tells|tell|says|said|asked|asks|supposed|meant|"
            "advised|advises|expected|encouraged|ordered|reminded ~2 to be|feel|stay|become|"
            "have|show|trust|keep, risk|risks|risked of:2, dread|dreads|dreaded, promised|promises|promise to|that",
            kind="hypothetical",
        ),
        *_cues(
            "what i|she|he|they|we want|wants|wanted|need|needs|would_like|hopes|hope|long|"
            "dream|dreams", kind="hypothetical", across=True,
        ),
        *_cues("were|had|should i|she|he|they|we|you|it|the", kind="hypothetical", first=True),
        *_cues(
            "used to, did|didn't i|he|she|they|we|you use to, until|till last|recently|then, at "
            "first|initially, former|formerly|previously|erstwhile:3, gone are|is ~3 when, was|"
            "were|had|felt once, back then, in those|earlier|former days|years|times, in the "
            "past|old_days, at|there one|was_a|was_once_a time, years|decades ago, miss|misses|"
            "missed|missing being|feeling|having|the|that, nostalgic for, long|no since "
            "gone|past, at one time, the|those days|years|time when, as a child|boy|girl|kid|"
            "teenager|student|youth",
            kind="past_only",
        ),
        *_cues("once", kind="past_only", first=True, reach=5),
        *_cues("back home|there|then, in|at the|her|his|my|our old|previous|first|last",
               kind="past_only", past=True),
        *_cues("before the|her|his|my|our|that|it|they|she|he|i|we", kind="past_only", past=True,
               across=True),
        *_cues("once:2, before:1", kind="past_only", before=True),
        *_pseudo(
            "who wouldn't|would_not|doesn't|isn't, NOT ~1 only|just|merely|simply|solely|surprisingly|unexpectedly|infrequently|"
            "unusually|without, no|without_a|without|not_a|little doubt, "
            "there's|there_is|is|was no denying|question|mistaking, no wonder|surprise|matter|"
            "secret, not to mention|say, no small, none other, nothing but|short, not|never "
            "without, not|never a|one ~3 without, not until|till, not least|long|far, if not, "
            "no|not|never less|fewer|worse, no * other|else than, no other than, cannot|can't|"
            "couldn't|could_not but|help|stop|wait, get|got me|him|her wrong, don't|do_not ~2 "
            "wrong, NOT|no_longer ~2 hide*|hid|hiding|forget*|forgot|miss|misses|missed|wait|"
            "conceal*|disguise*, nobody|no_one|nobody|none|few|not_everyone|not_many|nobody_else "
            "~5 KNOW ~2 how|what|that|whether|just_how, NOT|wouldn't|couldn't ~1 KNOW|believe|"
            "tell|say|describe|explain|express ~2 how|just_how|what_a, NOT|no|any (have|has|"
            "had) (any|no|the) (idea|notion|clue|inkling|faintest|slightest) (of) how|what|"
            "just_how, have|has|had no idea|notion|clue ~1 how|what|that, no|not|"
            "isn't|wasn't|never a|one ~6 NOT, NOT (saying|say|think|mean|mind) that ~4 NOT, "
            "can't|cannot|couldn't|could_not|won't not, NOT ~1 saying|say|claim|pretend|deny "
            "(that) ~2 NOT, never|not doesn't|don't|didn't|isn't|without|unless, without ~5 not|never|couldn't|wouldn't, couldn't|can't|cannot|"
            "could_not|couldn|never be|feel|been|felt more|better|*er|so, couldn't|can't|"
            "could_not|cannot ~1 any more|*er, couldn't|can't|cannot|could_not|wouldn't ~3 a "
            "more|better|*er, can't|couldn't|cannot|could_not ~3 enough of|about|for, couldn't|could_not have been|felt|asked more|"
            "better|*er, never have|had|has|do|did|was|were|am|is|in ~4 so|such|more, nothing "
            "* * more|*er, never so|such|more|been_so|felt_so, rarely|seldom have|had|has * ~2 "
            "so|such, nobody|no_one|nothing is|was|feels|could_be more|*er than, nothing|"
            "nobody|no_one ~4 more|better, no one|body ~3 more than, hardly|barely|scarcely ~1 "
            "hide|contain|conceal|wait|believe, the|those days|years|times|time when ~4 are|is|"
            "were over|gone, cannot|can't|couldn't|could_not say|tell|express|describe how, "
            "told|tell|tells|asked|asks|begged|ordered ~1 not to, never ~3 so|"
            "such|more|as, if|unless * weren't|wasn't|"
            "hadn't|didn't|were_not|was_not|had_not, why|how not, or not, not * enough * but, "
            "nothing to complain|say|hide|fear, few|little months|weeks|days|years|minutes|"
            "hours|miles|steps, a|quite_a little|few, as little|few, the few, not a little|"
            "few, less than a|an|one|two|three|half, too * to say|mention|count, left school|"
            "home|work|early|me|him|it, no more|less|fewer than, nothing wrong|more, not by a, "
            "not bad"
        ),
        *_pseudo(
            "would|i'd|she'd|he'd rather, would|wouldn't|would_not|not say|call, who wouldn't|"
            "would_not, would|wouldn't ~1 believe|imagine, nobody|no_one|few|NOT ~5 imagine|"
            "imagines|wonder|wonders how|what|that, not as if|though, doubt|doubts|doubted|unsure|sure|doubtful|uncertain whether|if, nothing|nobody|no_one could|would ~4 more|better|*er, couldn't|could_not ~2 more|better|*er, would|could deny,  if not|"
            "anything, nobody|no_one would, if|unless * weren't|wasn't|hadn't|didn't|were_not|"
            "was_not|had_not, even if, no wonder, used|seems as if",
            "hypothetical",
        ),
        *_pseudo(
            "am|is|are|was|were|be|been|get|gets|got|getting|become|became|grown|'m|'s|'re|not "
            "(so|quite|very|well|more) used to, once|twice a|an|every|each day|week|month|year|"
            "night|while, once more|again|every|in, at once, for once, in the past ~1 week|month|year|days|weeks|months, NOT|no_one ~1 lost|stopped|given_up|ceased|quit|lose|loses|stop|stops|"
            "cease|ceases",
            "past_only",
        ),
    ),
    "it": (
        *_cues(
            "non, mai, manco, ne', nessuno|nessuna|niente di|a|in|con|su cui|chi, nessuno|"
            "nessuna|nessun, niente|nulla, neanche|nemmeno|neppure, tutt'altro che, tutto|"
            "tutt'|tutta fuorche'|tranne|tranne_che|meno_che|eccetto|all'infuori_di, mica, macche', anziche', invece|al_posto "
            "di, piuttosto|piu'_che che, piuttosto che, a malapena|stento, deve|devo|devono|"
            "dobbiamo ancora, figurati|figuriamoci|figurarsi se, quasi mai|nessuno|nessuna|"
            "nessun, lungi da|dal|dall'|dalla, ben|tutt' lungi da|dal|dall', guarda|guardo|"
            "guardano|guardava|guardarsi bene da|dal|dall', a corto di:3, non perche', libera|libero|liberi|libere da|dal|"
            "dalla|dai|dalle|dall'|dallo, lontan* da|dal|dalla|dai|dalle|dall'|dallo, troppo|"
            "troppa * per:6, ultima|ultimo cosa|persona, "
            "ultima|ultimo cosa|persona|posto ~5 e'|era|sarebbe, non ~2 una|uno|tipo|persona|donna "
            "che, neanche|nemmeno l' ombra di"
        ),
        *_cues("zero:1, poco|poca|pochi|poche|scarso|scarsa|scarsi|scarse:2, meno:1"),
        *_cues("altro che", first=True, reach=3),
        *_cues("senza", phrase=True, turns=True),
        *_cues(
            "mancanza|assenza|carenza di, manca|mancano|mancava|mancavano|mancato|mancata:5, "
            "priv* di, rifiut* di, stenta|stento|stentava a:4, fatica a:4, nega|nego|negano|"
            "negava|negato|negare|negando, dubit*, dubbi|dubbio (sul_fatto) che|su|sulla|sul, evita|"
            "evitano|evito|evitava|evitare di:4, incapace|incapaci di, impossibile|improbabile, sbagliato|falso dire|chiamare|definire, "
            "impedisce|impediscono|impediva ~2 di|che:6, esclude|"
            "escludo|escludeva",
            turns=True,
        ),
        *_ended(
            "smesso|smette|smettere|smetto|smettono|smise|cessato ~1 di, rinuncia|rinuncio|"
            "rinunciato|rinunciare|rinunciava a|al|alla|ai|alle|allo|all':4, perso|persa|persi|"
            "perde|perdo|perdere|perduto|perduta:3, finito|esaurito|esaurita|finita (la|il|ogni|l'):2",
            turns=True,
        ),
        *_cues(
            "(ma) quando mai, figuriamoci|figurati|figurarsi, ma va'|va|dai|quale|che, "
            "non|mica tanto|molto|proprio|certo|qui|la'|li'|piu', neanche|nemmeno|neppure per "
            "sogno|idea|scherzo, questa|quella si' e' bella|buona, questa e'|si' bella|buona, "
            "(si') buonanotte, un corno|accidente|cavolo, qui|la'|li'|da_noi|a_me no, "
            "tutt' altro, (ma) per piacere|carita'|favore, magari, ma no, proprio no, "
            "quella|quello|quelle|quelli (proprio) no, niente affatto, per niente|nulla, "
            "nemmeno|neanche|neppure una|un, al contrario, l' opposto, e invece|ma no, scuote|"
            "scuoteva|scosso la|il testa|capo, cioe' nessun*|niente|zero, che|come no, mica",
            answer=True,
        ),
        *_cues("alza|alzando|alzato gli occhi, ironic*, con|fa ironia|sarcasmo, virgolette",
               across=True),
        *_cues(
            "manca|mancano|mancava|mancavano|mancherebbe, cioe' nessun*|niente|zero:6, nessuno|nessuna:1, zero:1, niente:1, "
            "mica, non ne, non ce n'|ne, non la|lo|li|l':1, una|qualcosa|parola|cosa ~2 non, "
            "un corno|accidente|accidenti|cavolo:1, e'|era l' ultima|ultimo, non e'|era|sono "
            "una|qualcosa|cosa|quello|cio'|il|la, non esiste|esistono|arriva|arrivo'|c'e'",
            before=True, reach=2,
        ),
        *_ended(
            "passat*|sparit*|finit*|svanit*|scompars*|esaurit*|spent*, non c' e'|era piu', se n' e'|erano|era "
            "andat*, se ne e'|sono andat*, e'|era venut* meno, e'|era|sono andat* via",
            before=True, reach=6,
        ),
        *_cues(
            "forse|magari|probabilmente|possibilmente|eventualmente, puo'|potrebbe darsi, come "
            "se, spera*|spero|sperando|sperano, speranza di|che, se, qualora, chissa', a meno "
            "che, nel caso, casomai, ammesso|purche'|nell'ipotesi, vuole|voglio|vogliono|"
            "voleva|volevo|sogna|sogno|sognava|sognano|desidera|desiderava, teme|temo|temono|"
            "temeva|temevo, paura|timore|terrore|ansia|preoccupa|preoccupata|preoccupato di|"
            "che, rischia|rischio|rischiava|rischiano di, cerca|cerco|cercava|prova|provo di|"
            "a, aspira|punta|aspetta|aspetto a|di, un giorno|domani, mi|gli|le|ci|vi|scritto|"
            "chiesto|detto|raccomandato|consigliato|ordinato ~1 dice|dicono|ripete|ripetono|"
            "chiede|chiedono|raccomanda|raccomandano|consiglia|consigliano di, c'|ci|sta|e' ~1 "
            "scritto di, bisogna|bisognerebbe, promette*|promesso di|che",
            kind="hypothetical",
        ),
        *_cues("quello|quel|cio' che vuole|voglio|vogliono|vorrebbe|vorrei|desidera|sogna|serve, "
               "e' questo|quello che|cio'_che vuole|voglio|vogliono|desidera",
               kind="hypothetical", across=True),
        *_cues("fosse|fossi|fossero|avesse|avessi|avessero|potesse|potessi",
               kind="hypothetical", first=True),
        *_cues(
            "un tempo, i|quei tempi|giorni|anni in_cui|quando, all' epoca, a quel|quei tempo|"
            "tempi, da ragazzo|ragazza|bambino|bambina|bambini|piccolo|piccola|giovane|"
            "studente|studentessa, ex:3, in passato, precedente:2, c' e'|era stato|un|un_tempo ~2 "
            "tempo|periodo|momento|epoca in_cui|quando, anni fa, rimpiang*, nostalgia di|del|"
            "della|dei|delle",
            kind="past_only",
        ),
        *_cues("una volta, prima, al|nel|nella mio|suo|loro|nostro|vecchio|vecchia ~1 paese|"
               "villaggio|casa|palazzo|fabbrica|posto|lavoro", kind="past_only", past=True),
        *_cues("prima di|del|della|dello|dell'|dei|che", kind="past_only", past=True,
               across=True),
        *_cues("una volta", kind="past_only", first=True),
        *_cues("una volta", kind="past_only", past=True, before=True, reach=3),
        *_pseudo(
            "non ~2 solo|soltanto|solamente|semplicemente|unicamente|meramente, non ~1 limita|"
            "limito|limitano|limitava a, senza|senz' dubbio|"
            "altro, non c'|ci ~2 dubbio|dubbi, non v' ~1 dubbio, nessun dubbio, non ~1 vedo|"
            "vede|vedeva|vedono|vediamo l' ora, non appena, non a caso, non ~1 meno, non di "
            "meno, niente|nulla altro che, nient' altro che, non ~2 altro che, non puo'|posso|"
            "possono|poteva|potevo|possiamo che|fare_a_meno, per non dire|parlare, non c' e' "
            "che dire, niente da dire|ridire, non fa|faccio|faceva|fanno altro_che|che, non ~2 "
            "far|fare a meno, non (si) potrebbe|potrei|poteva|potevo|potevano|potrebbero|puo'|"
            "potremmo|posso ~1 essere|stare|sentir* ~1 piu'|meglio, non ~1 avrei|avrebbe|avremmo "
            "potuto ~3 piu'|meglio, piu' * di cosi' ~3 non|impossibile, non ~2 mai ~5 "
            "cosi'|tanto|tanta|piu'|talmente, niente|nulla|nessuno ~1 potrebbe|poteva|puo' ~2 piu'|"
            "meglio, nessuno|nessuna e'|era piu', nessuno ~4 di piu', stenta|fatica|stento a "
            "trattenere|nascondere|contenere|credere, giorni|tempi|anni in cui ~4 sono|erano "
            "finiti|passati|lontani, finche'|fino_a_quando|fintanto_che|fin_quando non, a meno "
            "che ~3 non, di quanto non, per poco non, se non altro|addirittura|proprio, se "
            "non, prima che ~1 non, non ~3 che non|nessuno, chissa' che non, nessuno|nessuna|pochi|"
            "non_tutti|non_molti|in_pochi ~3 SANNO ~2 quant*|come|che|di_che|di_quant*|cosa, non ~3 "
            "SANNO|immagini|sai|so|immaginate|sapete|idea|credere|dire|dirle|dirti|dirvi|"
            "spiegare|raccontare|descrivere (di) quant*|come, non ~2 SANNO che, non dico|"
            "diciamo|voglio_dire|vuol_dire ~2 non, non ~1 puo'|potrebbe|posso|possono non, non ~2 "
            "nasconde*|nascondo|nascondeva|dimentica|dimentico|scordo|manca|mancano|mancava, "
            "senza ~5 non, chi non, se non fosse|fossi|fossero|avesse|avessi|avessero|"
            "ci_fosse, non se ne|n', pur non, perche' non, o no, come no, un|da|tra|fra|a "
            "poco, un po', poco|poche|pochi fa|dopo|prima|giorni|mesi|anni|settimane|ore|"
            "minuti, a poco a, non poco|poca|pochi|poche, ne' piu', niente di meglio|male|"
            "grave, per niente al, piu' che mai, mai come|cosi', non senza"
        ),
        *_pseudo(
            "non ~2 chiamerei|direi|definirei, chi non, figurati|figuriamoci|figurarsi se, se non, se ne|n', se "
            "stessa|stesso|stessi, anche se, non so se, se lo|la|li|le, non vuole|voglio|"
            "vogliono",
            "hypothetical",
        ),
        *_pseudo(
            "per|ogni|ancora|qualche|altra|in una volta, una volta a|al|alla|all'|ogni|che|per|"
            "di, un tempo pieno|parziale|determinato|indeterminato, da|in|del passato ~1 settimana|mese|anno, non|nessuno|mai ~2 perso|"
            "persa|smesso|perde|smette|rinuncia|rinunciato",
            "past_only",
        ),
    ),
}  # fmt: skip
