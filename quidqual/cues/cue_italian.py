"""Italian cues: words that deny, suppose or put into the past what stands near them."""

from __future__ import annotations

from quidqual.cues.cue_kinds import Cue, cues_of, ended, pseudo

ITALIAN: tuple[Cue, ...] = (
    *cues_of(
        "non, mai, manco, ne', nessuno|nessuna|niente di|a|in|con|su cui|chi, nessuno|nessuna|"
        "nessun, niente|nulla, neanche|nemmeno|neppure, tutt'altro che, tutto|tutt'|tutta "
        "fuorche'|tranne|tranne_che|meno_che|eccetto|all'infuori_di, tutto|tutta|tutt' ~3 "
        "fuorche'|tranne_che|meno_che|eccetto_che, mica, macche', anziche', invece|al_posto di|"
        "del|dello|della|dell'|dei|degli|delle, raramente|difficilmente, di rado, piuttosto|"
        "piu'_che che, piuttosto che, a malapena|stento, deve|devo|devono|dobbiamo ancora, "
        "figurati|figuriamoci|figurarsi se, quasi mai|nessuno|nessuna|nessun, lungi da|dal|"
        "dall'|dalla, contrario|opposto di|del|della, ben|tutt' lungi da|dal|dall', guarda|"
        "guardo|guardano|guardava|guardarsi bene da|dal|dall', a corto di:3, non perche', "
        "libera|libero|liberi|libere da|dal|dalla|dai|dalle|dall'|dallo, lontan* da|dal|dalla|"
        "dai|dalle|dall'|dallo, troppo|troppa * per:6, ultima|ultimo cosa|persona, ultima|"
        "ultimo cosa|persona|posto ~5 e'|era|sarebbe, non ~2 una|uno|tipo|persona|donna che, "
        "neanche|nemmeno l' ombra di"
    ),
    *cues_of("zero:1, poco|poca|pochi|poche|scarso|scarsa|scarsi|scarse:2, meno:1"),
    *cues_of("altro che", first=True, reach=3),
    *cues_of("senza, mancanza|assenza|carenza di", phrase=True, turns=True),
    *cues_of(
        "manca|mancano|mancava|mancavano|mancato|mancata:5, priv* di, rifiut* di, stenta|stento|"
        "stentava a:4, fatica a:4, nega|nego|negano|negava|negato|negare|negando, dubit*, dubbi|"
        "dubbio (sul_fatto) che|su|sulla|sul, evita|evitano|evito|evitava|evitare (di|ogni|"
        "qualsiasi):3, incapace|incapaci di, impossibile|improbabile, sbagliato|falso dire|"
        "chiamare|definire, mette|mettono|metteva|messo in dubbio|discussione, impedisce|"
        "impediscono|impediva ~2 di|che:6, esclude|escludo|escludeva",
        turns=True,
    ),
    *ended(
        "smesso|smette|smettere|smetto|smettono|smise|cessato ~1 di, rinuncia|rinuncio|"
        "rinunciato|rinunciare|rinunciava a|al|alla|ai|alle|allo|all':4, perso|persa|persi|"
        "perde|perdo|perdere|perduto|perduta:3, finito|esaurito|esaurita|finita (la|il|ogni|l'):2",
        turns=True,
    ),
    *cues_of(
        "(ma) quando mai, lasciamo|lasci|lascia perdere, ma scherza|scherzi|scherziamo|"
        "scherzate, (e) chi ha|aveva tempo, credo|penso|direi (proprio) di no, non credo|penso "
        "(proprio|davvero), nemmeno|neanche un_po'|un_poco, figuriamoci|figurati|figurarsi, ma "
        "va'|va|dai|quale|che, non|mica tanto|molto|proprio|certo|qui|la'|li'|piu', neanche|"
        "nemmeno|neppure per sogno|idea|scherzo, questa|quella si' e' bella|buona, questa e'|"
        "si' bella|buona, (si') buonanotte, un corno|accidente|cavolo, qui|la'|li'|da_noi|a_me "
        "no, tutt' altro, (ma) per piacere|carita'|favore, magari, ma no, proprio no, quella|"
        "quello|quelle|quelli|io|lui|lei|noi|loro (proprio) no, non lo|ce_l' e'|sono|ha|ho|era, "
        "tutto il contrario, insomma no, non mi|ci faccia|fare|fate|far ridere, niente affatto, "
        "per niente|nulla, nemmeno|neanche|neppure una|un, al contrario, l' opposto, e invece|"
        "ma no, scuote|scuoteva|scosso la|il testa|capo, cioe' nessun*|niente|zero, che|come "
        "no, mica",
        answer=True,
    ),
    *cues_of(
        "alza|alzando|alzato gli occhi, ironic*, con|fa ironia|sarcasmo, virgolette", across=True
    ),
    *cues_of(
        "manca|mancano|mancava|mancavano|mancherebbe, cioe' nessun*|niente|zero:6, nessuno|"
        "nessuna:1, zero:1, niente:1, mica, non ne, non ce n'|ne, non la|lo|li|l':1, una|"
        "qualcosa|parola|cosa ~2 non, un corno|accidente|accidenti|cavolo:1, e'|era l' ultima|"
        "ultimo, non e'|era|sono una|qualcosa|cosa|quello|cio'|il|la, non esiste|esistono|"
        "arriva|arrivo'|c'e'",
        before=True,
        reach=2,
    ),
    *ended(
        "passat*|sparit*|finit*|svanit*|scompars*|esaurit*|spent*, non c' e'|era piu', se n' e'|"
        "erano|era andat*, se ne e'|sono andat*, e'|era venut* meno, e'|era|sono andat* via",
        before=True,
        reach=6,
    ),
    *cues_of(
        "forse|magari|probabilmente|possibilmente|eventualmente, puo'|potrebbe darsi, come "
        "se, spera*|spero|sperando|sperano|speriamo, speranza di|che, se, qualora, chissa', a meno "
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
    *cues_of("mi|si|ci immagino|immagina|immaginava|immaginiamo:4", kind="hypothetical"),
    *cues_of(
        "le|gli|ti|vi auguro|augura, quello|quel|cio' che vuole|voglio|vogliono|vorrebbe|"
        "vorrei|desidera|sogna|serve, e' questo|quello che|cio'_che vuole|voglio|vogliono|"
        "desidera",
        kind="hypothetical",
        across=True,
    ),
    *cues_of(
        "fosse|fossi|fossero|avesse|avessi|avessero|potesse|potessi",
        kind="hypothetical",
        first=True,
    ),
    *cues_of(
        "un tempo, i|quei tempi|giorni|anni in_cui|quando, all' epoca, a quel|quei tempo|tempi, "
        "da ragazzo|ragazza|bambino|bambina|bambini|piccolo|piccola|giovane|studente|"
        "studentessa, ex:3, in passato, precedente:2, c' e'|era|erano ~2 tempo|tempi|giorni|"
        "anni|momenti|periodo|momento|epoca in_cui|quando, anni fa, rimpiang*, nostalgia di|del|"
        "della|dei|delle",
        kind="past_only",
    ),
    *cues_of(
        "una volta, prima, al|nel|nella mio|suo|loro|nostro|vecchio|vecchia ~1 paese|"
        "villaggio|casa|palazzo|fabbrica|posto|lavoro",
        kind="past_only",
        past=True,
    ),
    *cues_of(
        "prima di|del|della|dello|dell'|dei|che, un tempo, in passato, all' epoca, a quei "
        "tempi, anni fa",
        kind="past_only",
        past=True,
        across=True,
    ),
    *cues_of("una volta", kind="past_only", first=True),
    *cues_of("una volta", kind="past_only", past=True, across=True),
    *pseudo(
        "non ~2 solo|soltanto|solamente|semplicemente|unicamente|meramente, non ~1 limita|"
        "limito|limitano|limitava a, senza|senz' dubbio|altro, non c'|ci ~2 dubbio|dubbi, non "
        "v' ~1 dubbio, nessun dubbio, non ~1 dubbi|dubbio, non ~1 vedo|vede|vedeva|vedono|"
        "vediamo l' ora, non appena, non a caso, non ~1 meno, non di meno, niente|nulla altro "
        "che, nient' altro che, non ~2 altro che, non puo'|posso|possono|poteva|potevo|possiamo "
        "che|fare_a_meno, per non dire|parlare, non c' e' che dire, niente da dire|ridire, non "
        "fa|faccio|faceva|fanno altro_che|che, non ~2 far|fare a meno, non (si) potrebbe|potrei|"
        "poteva|potevo|potevano|potrebbero|puo'|potremmo|posso ~1 essere|stare|sentir* ~1 piu'|"
        "meglio, non ~1 avrei|avrebbe|avremmo potuto ~3 piu'|meglio, piu' * di cosi' ~3 non|"
        "impossibile, non ~2 mai ~5 cosi'|tanto|tanta|piu'|talmente, niente|nulla|nessuno ~1 "
        "potrebbe|poteva|puo' ~2 piu'|meglio, nessuno|nessuna e'|era piu', nessuno ~4 di piu', "
        "stenta|fatica|stento a trattenere|nascondere|contenere|credere, giorni|tempi|anni in "
        "cui ~4 sono|erano finiti|passati|lontani, finche'|fino_a_quando|fintanto_che|"
        "fin_quando non, a meno che ~3 non, di quanto non, per poco non, se non altro|"
        "addirittura|proprio, se non, prima che ~1 non, non ~3 che non|nessuno, chissa' che "
        "non, nessuno|nessuna|pochi|non_tutti|non_molti|in_pochi ~3 SANNO ~2 quant*|come|che|"
        "di_che|di_quant*|cosa, non ~3 SANNO|immagini|sai|so|immaginate|sapete|idea|credere|"
        "dire|dirle|dirti|dirvi|spiegare|raccontare|descrivere (di) quant*|come, non ~2 SANNO "
        "che, nessuno|nessuna ~1 idea ~1 quant*|come|di_quant*, non c' e'|era|sono ~5 non, se "
        "mai, non dico|diciamo|voglio_dire|vuol_dire|e'_vero|e'_detto|e' ~3 non, non e'|era che "
        "~4 non, non ~2 conosco|conosce|chiedere|trovare|trova|trovo|immaginare|desiderare|"
        "esiste|c'_e' un|una|nessun * piu', niente|nulla|nessuno ~3 mai ~3 cosi'|tanto|tanta, "
        "mai * ~3 piu' * che|di, non ~1 puo'|potrebbe|posso|possono non, non ~2 nasconde*|"
        "nascondo|nascondeva|dimentica|dimentico|scordo|manca|mancano|mancava, senza ~5 non, "
        "chi non, se non fosse|fossi|fossero|avesse|avessi|avessero|ci_fosse, non se ne|n', pur "
        "non, perche' non, o no, come no, un|da|tra|fra|a poco, un po', poco|poche|pochi fa|"
        "dopo|prima|giorni|mesi|anni|settimane|ore|minuti, a poco a, non poco|poca|pochi|poche, "
        "ne' piu', niente di meglio|male|grave, per niente al, piu' che mai, mai come|cosi', "
        "non senza"
    ),
    *pseudo(
        "non ~2 chiamerei|direi|definirei, chi non, figurati|figuriamoci|figurarsi se, nessuno|"
        "nessuna|non ~3 immagina|immagino, se non, se ne|n', se stessa|stesso|stessi, anche se, "
        "non so se, se lo|la|li|le, non vuole|voglio|vogliono",
        "hypothetical",
    ),
    *pseudo(
        "per|ogni|ancora|qualche|altra|in una volta, una volta a|al|alla|all'|ogni|che|per|di, "
        "un tempo pieno|parziale|determinato|indeterminato, da|in|del passato ~1 settimana|mese|"
        "anno, non|nessuno|mai ~2 perso|persa|smesso|perde|smette|rinuncia|rinunciato",
        "past_only",
    ),
)
