"""English cues: words that deny, suppose or put into the past what stands near them."""

from __future__ import annotations

from quidqual.cues.cue_kinds import Cue, cues_of, ended, pseudo

ENGLISH: tuple[Cue, ...] = (
    *cues_of(
        "not, don't|doesn't|didn't|isn't|wasn't|aren't|weren't|haven't|hasn't|hadn't, cannot|"
        "can't|couldn't|won't|wouldn't|shouldn't|ain't|needn't|mustn't|nor, dont|doesnt|didnt|"
        "isnt|wasnt|cant|wont, never, neither, nobody, no one, noone, nothing, none, nowhere, "
        "no longer, hardly|barely|scarcely|rarely|seldom, at no point|time|moment|stage, in no "
        "way, under no circumstances, by no means, far from, anything|everything but|except|"
        "other_than|save, all but|except, not as if|though, nothing like, instead of, rather "
        "than, in place of, free of|from, devoid|bereft|empty|starved|short|shorter|shy of, "
        "(run|runs|ran|running) out of:3, 's|is|am|are|was|were|'m|'re past|beyond:1, so much "
        "for, opposite|reverse of, no sign|trace|hint of, not a|one shred|bit|ounce|trace of, "
        "yet to, no way|reason|chance to|of|that, last thing|person, last thing|person|place ~5 "
        "is|was|'d, too * to:6, what they|he|she|you call|calls|called:2, not because|that, not "
        "as|like a|an|one:4, not|isn't a|the person|type|kind|sort|woman|man who|that, not|"
        "isn't|wasn't|never someone|one|people who|that|to, not|isn't the|a kind|sort|type of "
        "person|woman|man|people who|that"
    ),
    *cues_of("no", reach=1, subject=True),
    *cues_of("little|few|zero:2, less than:2"),
    *cues_of("without, absence of", phrase=True, turns=True),
    *cues_of("lack|lacks|lacked|lacking (of|in)", phrase=True, turns=True),
    *cues_of(
        "refus*|declin*, fail|fails|failed to, deny|denies|denied|denying, doubt|doubts|doubted|"
        "doubting, reject|rejects|rejected:4, avoid|avoids|avoided:3, prevent|prevents|"
        "prevented|keep|keeps|kept ~2 from, struggles|struggled|struggle to:4, finds|found|find "
        "it hard|difficult|impossible to:6, unable|impossible|unwilling|reluctant|unlikely|"
        "incapable|powerless to|of, wrong|untrue|false|mistaken to call|say|describe|claim, "
        "question|questions|questioned|questioning|disputes|disputed her|his|my|their:3, "
        "doubtful|sceptical|skeptical|unconvinced|unsure|uncertain that|about|of|whether|if, "
        "beware|wary|careful of|not",
        turns=True,
    ),
    *ended(
        "stopped|stops|stop|ceased|ceases|quit, gave|give|gives|given|giving up:4",
        turns=True,
    ),
    *ended(
        "lost|loses|lose|losing:3, run|runs|ran|running (clean|right|quite) out of:3", turns=True
    ),
    *cues_of("no longer", kind="past_only"),
    *cues_of(
        "forget it, not at_all|here|there|any_more|really|exactly|much|one_bit|a_bit|once|"
        "on_your_life|by|in|with|for|from|a_chance, far from it, anything|everything but, (of) "
        "course not, as if, yeah right, that's|that_is|what a|another good_one|good|joke|laugh|"
        "matter, you|you're|he|she|must be|are joking|kidding, don't make me laugh, in your|his|"
        "her|their dreams, dream on, if only, quite the contrary|opposite, on the contrary, the "
        "opposite, hell|god no, fat|no chance, she|he|they|i|it|we|that doesn't|don't|isn't|"
        "aren't|wasn't|didn't|hasn't|haven't, like hell, tell me another, who has|needs|wants "
        "time|that|them|it, don't|do_not ask, don't get me started, forget about it, are you "
        "kidding|joking|serious, i think|suppose not, not in the least, shook|shakes|shaking "
        "his|her|their head",
        answer=True,
    ),
    *cues_of(
        "rolls|rolled|rolling her|his|their|my eyes, ironically|sarcastically, with a "
        "sneer|snort, air quotes",
        across=True,
    ),
    *ended("not any_more|anymore|any_longer|now|today", across=True, first=True),
    *cues_of(
        "is|was|are|were|'s|being missing|lacking|absent|nowhere|impossible, yet to, is|are|was|"
        "were|'s not|never something|what|how|who|the|a, isn't|wasn't|aren't something|what|how|"
        "who|the|a, something i|she|he|they|we don't|doesn't|didn't|can't|never|not, thing|word "
        "i|she|he|they don't|doesn't|didn't, something that|which i|she|he|they don't|doesn't|"
        "didn't, is|was|'s the|about_the last thing|person, out of the question, none:3, never "
        "came:2, escape|escapes|elude|eludes|eluded, doesn't|don't|didn't|does_not exist|come, "
        "has|have|had|is|are|was|were yet to, not at all, not so|much:1",
        before=True,
        reach=2,
    ),
    *ended(
        "has|have|had|is|are gone, 's gone, all but gone|vanished|disappeared|lost, gone, is|"
        "was|are over, 's over, (has) passed, disappeared|vanished|evaporated, has|have|had "
        "left, came to an end, faded|ceased|ended|evaporated|died, went away|with|out, worn|"
        "wore|wears off|thin, dried up, run|ran out",
        before=True,
        reach=6,
    ),
    *cues_of(
        "may|might, maybe|perhaps|possibly|probably|presumably, as if|though, would|i'd|she'd|"
        "he'd|they'd|we'd|you'd, should|ought, hope*|hoping, wish*, if|whether|unless|in_case|"
        "suppose|supposing|provided|imagine|imagines|lest, could be|feel|become|have|one|get|"
        "make, wonder|wonders|wondered|wondering, want|wants|wanted to, dream|dreams|dreamed|"
        "dreamt of|that, one day, afraid|scared|frightened|worried|fears|feared|worries|"
        "terrified|anxious *ing|that|she|he|i|they|we|it|of_being|of_becoming|of_ending|"
        "of_losing|of_getting|about_being, long|longs|longed|yearns|aims|plans|expects|intends|"
        "trying|tries|waiting|waits|waited|hopes|needs|begs|begged to|for, told|tells|asked|"
        "asks|advised|advises her|him|me|them|us|you to, supposed|meant|expected|encouraged|"
        "ordered|reminded (her|him|me|them|us|you) to, told|asked|advised|says|said to be|feel|"
        "stay|become|trust, risk|risks|risked of:2, dread|dreads|dreaded, promised|promises|"
        "promise to|that",
        kind="hypothetical",
    ),
    *cues_of(
        "what i|she|he|they|we want|wants|wanted|need|needs|would_like|hopes|hope|long|"
        "dream|dreams",
        kind="hypothetical",
        across=True,
    ),
    *cues_of("were|had|should i|she|he|they|we|you|it|the", kind="hypothetical", first=True),
    *cues_of(
        "used to, did|didn't i|he|she|they|we|you use to, until|till last|recently|then, at "
        "first|initially, former|formerly|previously|erstwhile:3, gone are|is ~3 when, was|were|"
        "had|felt once, back then, in those|earlier|former days|years|times, in the past|"
        "old_days, at one time, there was|were (once) a|days|times|years (time) when|that, time "
        "was when, years|decades ago, miss|misses|missed|missing being|feeling|having|the|that, "
        "nostalgic for, long|no since gone|past, at one time, the|those days|years|time when, "
        "as a child|boy|girl|kid|lad|teenager|student|youth, as a young|small|little child|boy|"
        "girl|man|woman, the|a|her|his|my once:2",
        kind="past_only",
    ),
    *cues_of("once", kind="past_only", first=True, reach=5),
    *cues_of(
        "back home|there|then, in|at the|her|his|my|our old|previous|first|last",
        kind="past_only",
        past=True,
    ),
    *cues_of(
        "once upon a time, back then, in the past, at one time, before the|her|his|my|our|that|"
        "it|they|she|he|i|we",
        kind="past_only",
        past=True,
        across=True,
    ),
    *cues_of("once:2, before:1", kind="past_only", before=True),
    *pseudo(
        "who wouldn't|would_not|doesn't|isn't, NOT ~1 only|just|merely|simply|solely|"
        "surprisingly|unexpectedly|infrequently|unusually|without, no|without_a|without|not_a|"
        "little doubt, there's|there_is|is|was no denying|question|mistaking, no wonder|"
        "surprise|matter|secret, not to mention|say, no small, none other, nothing but|short, "
        "not|never without, not|never a|one ~3 without, not until|till, not least|long|far, if "
        "not, no|not|never less|fewer|worse, no * other|else than, no other than, cannot|can't|"
        "couldn't|could_not but|help|stop|wait, get|got me|him|her wrong, don't|do_not ~2 "
        "wrong, NOT|no_longer ~2 hide*|hid|hiding|forget*|forgot|miss|misses|missed|wait|"
        "conceal*|disguise*, nobody|no_one|none|few|hardly_anyone|hardly_anybody|"
        "scarcely_anyone|not_everyone|not_many|nobody_else ~5 KNOW ~2 how|what|that|whether|"
        "just_how, NOT|wouldn't|couldn't ~1 KNOW|believe|tell|say|describe|explain|express ~2 "
        "how|just_how|what_a, NOT|no|any (have|has|had) (any|no|the) (idea|notion|clue|inkling|"
        "faintest|slightest) (of) how|what|just_how, have|has|had no idea|notion|clue ~1 how|"
        "what|that, no|not|isn't|wasn't|never a|one ~6 NOT, NOT (saying|say|think|mean|mind) "
        "that ~4 NOT, can't|cannot|couldn't|could_not|won't not, NOT ~1 saying|say|claim|"
        "pretend|deny|true (that) ~2 NOT, never|not doesn't|don't|didn't|isn't|without|unless, "
        "without ~5 not|never|couldn't|wouldn't, couldn't|can't|cannot|could_not|couldn|never|"
        "could_hardly|could_scarcely|could_barely be|feel|been|felt more|better|*er|so, "
        "couldn't|can't|could_not|cannot ~1 any more|*er, couldn't|can't|cannot|could_not|"
        "wouldn't ~3 a more|better|*er, can't|couldn't|cannot|could_not ~3 enough of|about|for, "
        "couldn't|could_not have been|felt|asked more|better|*er, never have|had|has|do|did|was|"
        "were|am|is|in ~4 so|such|more, nothing * * more|*er, never so|such|more|been_so|"
        "felt_so, rarely|seldom have|had|has * ~2 so|such, nobody|no_one|nothing is|was|feels|"
        "could_be more|*er than, nothing|nobody|no_one ~4 more|better, no one|body ~3 more "
        "than, hardly|barely|scarcely ~1 hide|contain|conceal|wait|believe, the|those days|"
        "years|times|time when ~4 are|is|were over|gone, cannot|can't|couldn't|could_not say|"
        "tell|express|describe how, told|tell|tells|asked|asks|begged|ordered ~1 not to, never "
        "~3 so|such|more|as, if|unless * weren't|wasn't|hadn't|didn't|were_not|was_not|had_not, "
        "why|how not, or not, not * enough * but, nothing to complain|say|hide|fear, few|little "
        "months|weeks|days|years|minutes|hours|miles|steps, a|quite_a little|few, as little|"
        "few, the few, not a little|few, less than a|an|one|two|three|half, too * to say|"
        "mention|count, left school|home|work|early|me|him|it, no more|less|fewer than, nothing "
        "wrong|more, not by a, not as if|though ~4 NOT, nothing|nobody|no_one (that|who) ~2 "
        "NOT, nothing|nobody|no_one ~2 ever ~3 so|such|more, nobody|no_one (here|else|there) "
        "has|had|have any|an|the idea|clue|notion (of) how|what, not bad"
    ),
    *pseudo(
        "would|i'd|she'd|he'd rather, i'd|she'd|he'd|they'd|we'd never|been|had|seen|known|felt|"
        "already|just|gone, would|wouldn't|would_not|not say|call, who wouldn't|would_not, "
        "would|wouldn't ~1 believe|imagine, nobody|no_one|few|NOT ~5 imagine|imagines|wonder|"
        "wonders how|what|that, not as if|though, doubt|doubts|doubted|unsure|sure|doubtful|"
        "uncertain whether|if, nothing|nobody|no_one could|would ~4 more|better|*er, couldn't|"
        "could_not ~2 more|better|*er, would|could deny, if not|anything, nobody|no_one would, "
        "if|unless * weren't|wasn't|hadn't|didn't|were_not|was_not|had_not, even if, no wonder, "
        "used|seems as if",
        "hypothetical",
    ),
    *pseudo(
        "am|is|are|was|were|be|been|get|gets|got|getting|become|became|grown|'m|'s|'re|not (so|"
        "quite|very|well|more) used to, once|twice a|an|every|each day|week|month|year|night|"
        "while, once more|again|every, once in a, at once, for once, in the past ~1 week|month|"
        "year|days|weeks|months, NOT|no_one ~1 lost|stopped|given_up|ceased|quit|lose|loses|"
        "stop|stops|cease|ceases",
        "past_only",
    ),
)
