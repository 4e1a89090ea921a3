"""Words by which clauses and their subjects are told, by language."""

from __future__ import annotations

# A negative word that opens its clause and is answered by "so": praise, not denial.
EXCLAMATIONS = {
    "en": ("never", ("so", "such")),
    "it": ("mai", ("cosi'", "tanto", "tanta", "tale", "tali", "talmente", "tanti", "tante")),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _plural(words: str) -> frozenset[str]:
    """English words, and the same with an s where they have none."""
    own = words.split()
    return frozenset(own) | {f"{word}s" for word in own if word[-1] not in "sy"}


# A conjunction or relative that begins a clause ends the reach of a cue.
ENDS: dict[str, frozenset[str]] = {
    "en": _set(
        "although as because but except however though if since so unless until till when where "
        "whereas which while who whom whose yet than"
    ),
    "it": _set(
        "anzi benche' dato cui dove eppure finche' ma mentre pero' perche' poiche' quando quindi "
        "salvo se sebbene siccome tuttavia pur chi come"
    ),
}
ONLY_WITH_CHE = _set("dato")
DEGREES = _set("so as")
EXPLAINING = _set("cioe' ossia namely meaning")
OR = _set("or nor o ne'")
JOINED = _set("or nor o ne' oppure and e ed")  # after a comma these go on with a list
AND = _set("and e ed")
# After "and" these begin a clause of their own.
SUBJECTS: dict[str, frozenset[str]] = {
    "en": _set(
        "looked felt seemed said went came took made stayed kept i she he they we you it this "
        "that there in now then is was has had i'm"
    ),
    "it": _set("io lei lui loro noi voi adesso ora poi invece intanto non si mi"),
}
# Where the reach of a preposition ends: a clause has begun.
BEGINS: dict[str, frozenset[str]] = {
    "en": _set(
        "feel feels felt get gets got seem seems i she he they we you it there is are was were "
        "am has had can could would will"
    ),
    "it": _set(
        "io lei lui loro noi voi si mi ti ci vi non e' sono sei siamo era ero erano eravamo ha "
        "ho "
        "hai abbiamo hanno aveva avevo avevano sta sto stanno stava va vado puo' posso deve devo "
        "vuole voglio fa resta rimane sarebbe sarei avrebbe avrei sarebbero trova sente vive"
    ),
}
# What stands between two commas and begins so is a remark: the clause goes on behind it.
REMARKS: dict[str, frozenset[str]] = {
    "en": _set(
        "whatever whoever whichever however wherever despite after before like according as if "
        "though although when even whether both be says said say i he she they"
    ),
    "it": _set(
        "qualunque qualsiasi chiunque comunque malgrado nonostante dopo prima come secondo "
        "dice racconta pure anche io lui lei a per quando benche' se"
    ),
}
# Verbs that open a clause of their own behind *e*, or behind a clause that stands in front.
FINITE: dict[str, frozenset[str]] = {
    "en": _set(
        "is are was were am has had have can could will would does did feels felt makes made gets "
        "get got seems looks gives gave says keeps lives works isn't wasn't aren't hasn't doesn't"
    ),
    "it": _set(
        "e' sono sei siamo era ero erano eravamo ha ho hai abbiamo hanno aveva avevo avevano "
        "sta sto stanno stava va vado puo' posso deve devo vuole voglio fa resta rimane sarebbe "
        "sarei avrebbe avrei trova sente sento sembra pare guarda ride vive dorme lavora tiene "
        "torna parla dice racconta riesce si"
    ),
}
FRONTED: dict[str, frozenset[str]] = {  # what opens a clause that stands before its main one
    "en": _set("since when because if although though while whenever after before once unless"),
    "it": _set("chi siccome quando se poiche' perche' mentre appena finche' dato sebbene benche'"),
}
NOMINATIVE = _set("i she he they we")
CLITICS = _set("non si mi ti ci vi lo la li le gli ne l' ce me te se che chi cui e ed o")
OF = _set("of di d'")
OF_IT = _set("di d' del della dei degli delle dell' dello")
QUANTITY = _set(
    "alcun alcuna alcuno nessun nessuna nessuno molta molto troppa troppo tanta "
    "tanto piu' solo sola grande vera vero"
)
THOUGHT = _set("detto immaginato pensato creduto")
N_WORDS = _set("nessuno nessuna nessun niente nulla mai")
BEFORE_VERB = _set("non si mi ti ci vi gli le")
NEGATIVE_REMARKS = {"en": _set("not nor never neither"), "it": _set("ne' nemmeno neanche neppure")}
# The main verb behind a relative clause of the subject.
MAIN = {"en": _set("is are was were has"), "it": _set("e' sono era erano ha")}
RELATIVES = {"en": _set("who which that"), "it": _set("che")}
SAYING = _set(
    "that says said say thinks think believes tells told knows swears claims insists admits "
    "reckons che dice dicono detto raccontato racconta pensa crede sa giura sostiene insiste "
    "ammette confessa"
)
CAUSING = _set(
    "make makes made making let lets help helps helped "
    "fa fanno faceva fatta fatto fatti rende rendono resa reso"
)
OBJECTS = _set("her him me them us la lo li le mi ci")
DETERMINERS: dict[str, frozenset[str]] = {
    "en": _set(
        "the a an my your his her our their some many most all several one two three this that "
        "these those every each another other"
    ),
    "it": _set(
        "il lo la l' i gli le un uno una un' mio mia miei mie tuo tua suo sua suoi sue nostro "
        "nostra nostri nostre loro alcuni alcune molti molte tutti tutte certi certe altri altre "
        "ogni quel quella quei quelle questo questa due tre"
    ),
}
ANSWERS: dict[str, frozenset[str]] = {  # a question answered so is denied
    "en": _set("no not never none hardly nothing nobody neither nope don't can't didn't zero"),
    "it": _set("no non mai nessuno nessuna niente nulla macche' tutt' zero neanche nemmeno"),
}
RESUMING = _set("la lo li le l' ne ce")
ELLIPTIC = _set("but ma any more anymore longer yet so much piu' ancora e and pero'")
CONTRASTS = _set("solo soltanto bensi' only just but ma")
YES = {
    "en": _set("yes yeah yep sure certainly of absolutely definitely indeed bet very always"),
    "it": _set("si' certo certamente eccome altroche' ovvio assolutamente sicuro sempre"),
}
# Pronoun and verb that, at the end of a clause, take a question up and affirm it.
AFFIRMED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "en": (
        _set("i she he they we it you"),
        _set("am is are was were do does did have has had can could will would 'm 's"),
    ),
    "it": (_set("lo ce eccome"), _set("sono e' era ero siamo")),
}
INVERTED = {"en": _set("do does did"), "it": frozenset[str]()}
ASKING = {
    "en": _set("asked ask asking"),
    "it": _set("chiesto chiedo domandato domando chieste"),
}
WITH_VERB = _set("non don't can't didn't not")  # answers of a question, else of their own verb
DENYING_VERBS = _set(
    "don't doesn't didn't isn't aren't wasn't weren't haven't hasn't can't couldn't won't not"
)
# A pronoun that goes on with what was named before a comma: "the trust, it is gone".
TOPIC = {"en": _set("it they that this those it's"), "it": _set("la lo li le l' ne quella quello")}
TAKEN_UP = _set("any none")
NOW: dict[str, frozenset[str]] = {
    "en": _set("now today nowadays here"),
    "it": _set("ora adesso oggi oggigiorno qui ormai qua"),
}
PAST = {"en": _set("was were had felt did went lived kept enjoyed loved trusted knew liked"),
        "it": _set("era ero eri erano eravamo eravate fui fu stata stato stati state")}  # fmt: skip
UNTIL = {"en": _set("until till"), "it": _set("finche'")}
CONDITIONS = {"en": _set("if unless"), "it": _set("se qualora meno chissa' caso")}
FUTURE = {
    "en": _set("will won't 'll i'll he'll she'll they'll we'll you'll it'll"),
    "it": frozenset[str](),
}
NO_FUTURE = _set("pero' oro' loro' estremo supremo remo")
NOBODY = _set("non niente nulla nessuno nessuna difficilmente")
BEST = _set("piu' meglio quanto quanta quanti quante")
NO_CONDITIONAL = _set("aerei corei pirrei")
CALLING = _set("chiamerei direi definirei")  # "non lo chiamerei eroismo": said of what is
ONCE = _set("i she he they we you it the")
PRONOUNS: dict[str, frozenset[str]] = {
    "en": _set("i she he we you it who i'm"),
    "it": _set("io lei lui noi voi me"),
}
PEOPLE: dict[str, frozenset[str]] = {  # who is not the person the note is about
    "en": _plural(
        "sister brother mother father mum mom dad husband wife son daughter child children kids "
        "parents aunt uncle cousin grandmother grandfather grandma grandpa niece nephew partner "
        "boyfriend girlfriend fiance family friend friends neighbour neighbours neighbor "
        "neighbors boss manager supervisor foreman employer owner landlord landlady colleague "
        "colleagues coworker coworkers workmate workmates teacher trainer nurse doctor officer "
        "clerk lawyer police tenants tenant residents girls boys women men people others "
        "somebody someone everyone everybody flatmate flatmates roommate roommates classmates "
        "pupils students customers clients guests driver drivers priest social-worker worker "
        "workers guard team crew in-laws mother-in-law ex twin baby man woman girl boy lady guy "
        "they"
    ),
    "it": _set(
        "capocantiere capoturno capogruppo sorella sorelle fratello fratelli madre padre mamma "
        "papa' babbo marito moglie figlio figlia figli figlie bambino bambina bambini genitori "
        "zio zia cugino cugina nonno nonna nonni nipote nipoti suocera suocero cognata cognato "
        "compagno compagna compagni compagne fidanzato fidanzata famiglia amico amica amici "
        "amiche vicino vicina vicini vicine capo caporeparto caposquadra titolare padrone "
        "padrona responsabile datore collega colleghi colleghe maestra maestro insegnante "
        "insegnanti formatrice formatore infermiera infermiere medico dottore dottoressa "
        "avvocato assistente operatrice operatore impiegato impiegata polizia inquilini "
        "inquilino inquilina inquiline coinquilini ragazze ragazzi ragazza ragazzo donne uomini "
        "donna uomo gente altri altre qualcuno tutti clienti ospiti autista prete signora "
        "signore direttore direttrice coinquilina coinquilino coinquiline portiere loro alunni "
        "studenti squadra gemella gemello ex"
    ),
}  # fmt: skip
THEY = {"en": _set("they"), "it": _set("loro")}
ONE_PERSON = {  # beside whom *they* are others
    "en": _set("i me my she her he him his i'm"),
    "it": _set("io mi me mio mia lei lui le gli suo sua"),
}
NOMINAL: dict[str, frozenset[str]] = {  # adjectives that name people, before a verb or comma
    "en": _set("youngest eldest oldest elder younger ones others rest lads lad newcomers"),
    "it": _set(
        "quelli piccola piccolo grande maggiore minore piccoli grandi nuovi nuove vecchi "
        "vecchie anziani giovani"
    ),
}
OPEN_QUESTION = _set("how quanto quanta quanti quante")
INDEFINITE = _set("a an una un uno un'")
QUANTITIES = _set(
    "some many most all one few half none each alcune alcuni molte molti una uno tutte tutti parte "
    "maggior qualcuno qualcuna nessuno nessuna"
)
MINE = {"en": _set("my our"), "it": _set("mio mia miei mie nostro nostra")}
SAID_TO = _set("le gli mi ti ci vi")
POSSESSED = {"en": _set("her his"), "it": frozenset[str]()}
SAME = {"he": _set("he him his"), "she": _set("she her")}
FIRST_PERSON = _set("sono ho mi io siamo abbiamo ci noi ero avevo sto")
_HE = _set(
    "brother father dad husband son boyfriend uncle grandfather grandpa nephew boss landlord "
    "foreman manager supervisor cousin colleague neighbour neighbor friend doctor owner guard "
    "flatmate roommate partner lawyer trainer twin youngest eldest oldest"
)
_SHE = _set(
    "sister mother mum mom wife daughter girlfriend aunt grandmother grandma niece landlady boss "
    "manager supervisor cousin colleague neighbour neighbor friend doctor owner flatmate roommate "
    "partner lawyer trainer twin youngest eldest oldest teacher nurse"
)
GENDER = {"he": _HE, "she": _SHE}
PREPOSITIONS: dict[str, frozenset[str]] = {
    "en": _set(
        "with to for from of about at by in on among between against without than like behind "
        "before after near around towards because"
    ),
    "it": _set(
        "con col coi a al alla ai alle allo all' agli per da dal dalla dai dalle dall' dagli "
        "dallo di del della dei delle dell' degli dello in nel nella nei nelle nell' su sul "
        "sulla sui sulle tra fra contro senza come verso"
    ),
}
