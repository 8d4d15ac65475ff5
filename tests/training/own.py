"""Small texts of our own writing to train on."""

from model_utils.training.held_out import own_lines
from model_utils.training.texts import Poem, Split

BOOK = Split(("\n".join(own_lines("english")),) * 4, (own_lines("english")[0],))
VERSES = tuple(Poem(kind, text) for kind, text in own_lines("chinese"))
POEMS = Split(VERSES * 8, VERSES[:2])
