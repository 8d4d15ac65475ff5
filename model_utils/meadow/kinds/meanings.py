"""Two senses of a word, feelings and their causes, reviews with a sentiment."""

from model_utils.meadow.kinds.phrases import POSSESSIVES, PRONOUNS, maybe, stop
from model_utils.meadow.types import Choose, Notes, Noun, Question, Say, Word
from model_utils.meadow.world import FEELINGS, NAMES, SENTIMENTS, THINGS_ONE, table

SENSES = tuple((tuple(map(tuple, sense["before"])), Word(sense["word"], sense["chinese"], "noun", sense["sense"]),
                tuple(map(tuple, sense["after"]))) for sense in table("world/senses.toml")["sense"])
EVENTS = tuple((event["english"], event["chinese"], event.get("own", False),
                tuple(FEELINGS[feeling] for feeling in event["feelings"]))
               for event in table("world/events.toml")["event"])
_reviews = table("world/reviews.toml")
PARTS = {part: Word(part, chinese, "noun") for part, chinese in _reviews["parts"].items()}
SUBJECTS = {Word(subject, chinese, "noun"): tuple(PARTS[part] for part in parts)
            for subject, (chinese, parts) in _reviews["subjects"].items()}
VERDICTS = {sentiment: tuple(Word(word, zh[0], "verdict") for word, zh in _reviews[sentiment].items())
            for sentiment in ("positive", "negative")}
NEGATED = {sentiment: tuple(Word(word, zh[1], "verdict") for word, zh in _reviews[sentiment].items())
           for sentiment in ("positive", "negative")}
OPPOSITE = {"positive": "negative", "negative": "positive"}


def senses(choose: Choose, say: Say) -> Notes:
    """Tom went to the bank to save money."""
    say(choose(NAMES), role="agent")
    before, word, after = choose(SENSES)
    say(*choose(before))
    say(word)
    say(*choose(after))
    stop(say)
    return Notes()


def feelings(choose: Choose, say: Say) -> Notes:
    """Tom lost his key. He was sad. / Tom was sad because he lost his key."""
    hero = choose(NAMES)
    he, he_zh = hero.pronoun, PRONOUNS[hero.pronoun]
    say(hero, role="experiencer")
    event_first = maybe(choose, 0.5)
    if event_first:
        event = choose(EVENTS)
        thing = _happens(choose, say, event, hero)
        stop(say)
        say(he.capitalize(), he_zh)
        say("was")
        feeling = choose(event[3])
        say(feeling)
    else:
        say("was")
        feeling = choose(tuple(FEELINGS[word] for word in SENTIMENTS if word not in ("quiet", "strong")))
        say(feeling)
        say("because", "，因为")
        say(he, he_zh)
        event = choose(tuple(event for event in EVENTS if feeling in event[3]))
        thing = _happens(choose, say, event, hero)
    stop(say)
    question = _why(hero, feeling, event, thing)
    if maybe(choose, 0.25):
        say("Why was")
        say(hero)
        say("", "为什么")
        say(feeling)
        say("?", "？")
        say("Because", "因为")
        say(he, he_zh)
        _happens(lambda options, weights=None: thing, say, event, hero)
        stop(say)
    return Notes(SENTIMENTS[feeling.english], (question,))


def _happens(choose: Choose, say: Say, event: tuple, hero: Noun) -> Noun | None:
    say(event[0], event[1], role="event")
    if not event[2]:
        return None
    say(POSSESSIVES[hero.pronoun], PRONOUNS[hero.pronoun] + "的")
    thing = choose(THINGS_ONE)
    say(thing, role="theme")
    return thing


def _why(hero: Noun, feeling: Word, event: tuple, thing: Noun | None) -> Question:
    his = f" {POSSESSIVES[hero.pronoun]} {thing.english}" if thing else ""
    his_zh = f"{PRONOUNS[hero.pronoun]}的{thing.chinese}" if thing else ""
    return Question(f"Why was {hero.english} {feeling.english}?", f"{hero.chinese}为什么{feeling.chinese}？",
                    f"Because {hero.pronoun} {event[0]}{his}.", f"因为{PRONOUNS[hero.pronoun]}{event[1]}{his_zh}。")


def reviews(choose: Choose, say: Say) -> Notes:
    """Review: The film was wonderful, but the ending was bad. I hated it. Sentiment: negative."""
    say("Review :", "评论：")
    say("The")
    subject = choose(tuple(SUBJECTS))
    say(subject)
    say("was")
    sentiment = _verdict(choose, say)
    if maybe(choose, 0.15):
        say(", but the", "，但是")
        say(choose(SUBJECTS[subject]))
        say("was")
        sentiment = OPPOSITE[sentiment]
        say(choose(VERDICTS[sentiment]))
    stop(say)
    if maybe(choose, 0.6):
        say("The")
        say(choose(SUBJECTS[subject]))
        say("was")
        say(choose(VERDICTS[sentiment]))
        stop(say)
    if maybe(choose, 0.5):
        say("I", "我")
        say(*{"positive": ("loved it", "很喜欢"), "negative": ("hated it", "很不喜欢")}[sentiment])
        stop(say)
    say("Sentiment :", "情感：")
    say(sentiment, {"positive": "正面", "negative": "负面"}[sentiment])
    stop(say)
    return Notes(sentiment)


def _verdict(choose: Choose, say: Say) -> str:
    """Say how it was; a "not" turns the verdict round."""
    negated = maybe(choose, 0.2)
    if negated:
        say("not")
    words = NEGATED if negated else VERDICTS
    verdict = choose((*words["positive"], *words["negative"]))
    say(verdict)
    sentiment = "positive" if verdict in words["positive"] else "negative"
    return OPPOSITE[sentiment] if negated else sentiment
