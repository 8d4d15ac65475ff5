"""From logits to tokens: always over the whole vocabulary, never over its top.

distribution.py   the next token's probabilities, and the likeliest
values.py         what a search leaves behind: one tree for all strategies
"""

from model_utils.decoding.distribution import next_token_distribution, top
from model_utils.decoding.values import Choice, Node, Path, Tree

__all__ = ["Choice", "Node", "Path", "Tree", "next_token_distribution", "top"]
