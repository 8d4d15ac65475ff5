"""Patterns that a model can only follow by looking back: lists, copies, and one sentence that never changes."""

from typing import Any

from model_utils.meadow.kinds.phrases import maybe, stop, that, without
from model_utils.meadow.types import Choose, Notes, Say, Word
from model_utils.meadow.world import (
    ANIMALS,
    COLOURS,
    DAYS,
    FOLK,
    FOODS,
    HOMES,
    LANDMARKS,
    LANGUAGES,
    NAMES,
    NATURE,
    PROFESSIONS,
    SEASON_NAMES,
    THINGS_MANY,
    THINGS_ONE,
)

PAIRS = (*((animal.one, animal.many) for animal in ANIMALS), *FOLK, *((work.one, work.many) for work in PROFESSIONS))
LISTED = tuple({noun.english: noun for noun in (
    *THINGS_ONE, *THINGS_MANY, *(noun for pair in (*PAIRS, *LANDMARKS) for noun in pair), *NATURE, *DAYS, *SEASON_NAMES,
    *HOMES, *FOODS.values(), *LANGUAGES,
    *(work.product for work in PROFESSIONS), *(work.workplace for work in PROFESSIONS),
)}.values())
WHO = (*(animal.one for animal in ANIMALS), *(one for one, _ in FOLK), *(work.one for work in PROFESSIONS))
DID = tuple(Word(english, chinese, "verb") for english, chinese in (
    ("saw", "看见了"), ("took", "拿走了"), ("liked", "喜欢"),
    ("wanted", "想要"), ("hid", "藏起了"), ("found", "找到了")))


def lists(choose: Choose, say: Say) -> Notes:
    """List: cup moon river cup moon river."""
    say("List :", "列表：")
    items: list[Word] = []
    while len(items) < 3 or (len(items) < 8 and maybe(choose, 0.6)):
        if items:
            say("", "、")
        items.append(choose(without(LISTED, *items)))
        say(items[-1])
    _again(say, items)
    if maybe(choose, 0.5):
        _again(say, items)
    stop(say)
    return Notes()


def _again(say: Say, items: list[Word]) -> None:
    for item in items:
        say("", "、")
        say(item)


def copies(choose: Choose, say: Say) -> Notes:
    """Tom said: the king saw the red boat. Again: the king saw the red boat."""
    say(choose(NAMES))
    say("said :", "说：")
    said: list[tuple[Any, ...]] = []

    def say_and_keep(*piece: Any) -> None:
        said.append(piece)
        say(*piece)

    _anything(choose, say_and_keep)
    stop(say)
    say("Again :", "再说一遍：")
    for piece in said:
        say(*piece)
    stop(say)
    return Notes()


def _anything(choose: Choose, say: Any) -> None:
    say("the")
    who = choose(WHO)
    say(who, that(who))
    say(choose(DID))
    say("the", "那")
    if maybe(choose, 0.5):
        say(choose(COLOURS))
        thing = choose(THINGS_ONE)
        say("", thing.measure, 1)
        say(thing)
    else:
        thing = choose(THINGS_ONE)
        say(thing, thing.measure + thing.chinese)


def fox(choose: Choose, say: Say) -> Notes:
    """The quick brown fox jumps over the lazy dog."""
    for english, chinese in (("The", ""), ("quick", "敏捷的"), ("brown", "棕色"), ("fox", "狐狸"),
                             ("jumps over", "跳过了"), ("the", "那只"), ("lazy", "懒"), ("dog", "狗"), (".", "。")):
        say(english, chinese)
    return Notes()
