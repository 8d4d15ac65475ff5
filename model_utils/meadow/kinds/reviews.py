"""Short reviews with a sentiment; a "not" or a "but" may turn it round."""

from model_utils.meadow.kinds.phrases import maybe, stop
from model_utils.meadow.types import Choose, Notes, Say, Word
from model_utils.meadow.world import table

_tables = table("world/reviews.toml")
SENTIMENTS = ("positive", "negative")
PARTS = {part: Word(part, chinese, "noun") for part, chinese in _tables["parts"].items()}
SUBJECTS = {Word(subject, chinese, "noun"): tuple(PARTS[part] for part in parts)
            for subject, (chinese, parts) in _tables["subjects"].items()}
VERDICTS, NEGATED = (
    {sentiment: tuple(Word(word, zh[column], "verdict") for word, zh in _tables[sentiment].items())
     for sentiment in SENTIMENTS}
    for column in (0, 1)
)
OPPOSITE = dict(zip(SENTIMENTS, reversed(SENTIMENTS), strict=True))
LABELS = {"positive": "正面", "negative": "负面"}
HEART = {"positive": ("loved it", "非常喜欢它"), "negative": ("hated it", "非常讨厌它")}


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
        sentiment = OPPOSITE[sentiment]
        _part(choose, say, SUBJECTS[subject], sentiment)
    stop(say)
    if maybe(choose, 0.6):
        say("The")
        _part(choose, say, SUBJECTS[subject], sentiment)
        stop(say)
    if maybe(choose, 0.5):
        say("I", "我")
        say(*HEART[sentiment])
        stop(say)
    say("Sentiment :", "情感：")
    say(sentiment, LABELS[sentiment])
    stop(say)
    return Notes(sentiment)


def _part(choose: Choose, say: Say, parts: tuple[Word, ...], sentiment: str) -> None:
    say(choose(parts))
    say("was")
    say(choose(VERDICTS[sentiment]))


def _verdict(choose: Choose, say: Say) -> str:
    """Say how it was; the sentiment, which a "not" turns round."""
    negated = maybe(choose, 0.2)
    if negated:
        say("not")
    words = NEGATED if negated else VERDICTS
    verdict = choose((*words["positive"], *words["negative"]))
    say(verdict)
    sentiment = "positive" if verdict in words["positive"] else "negative"
    return OPPOSITE[sentiment] if negated else sentiment
