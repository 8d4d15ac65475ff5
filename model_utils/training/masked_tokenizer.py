"""The tokenizer of a masked model: a causal one's words or pieces with the same ids, and the four tokens of BERT."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from tokenizers import AddedToken, Regex, Tokenizer, normalizers, processors

from model_utils.meadow import END

PAD, CLS, SEP, MASK = "[PAD]", "[CLS]", "[SEP]", "[MASK]"
NAMES: Mapping[str, str] = MappingProxyType({"pad_token": PAD, "cls_token": CLS, "sep_token": SEP, "mask_token": MASK})
NO_SPACE_BEFORE = Regex(r"^ (?=[\s.,;:?!)]|'[a-z])")  # what stands close to the word, or to the mask, before it


def masked(words: Tokenizer) -> Tokenizer:
    """`words` without END, whose id 0 becomes PAD's; CLS, SEP and MASK come after the last id.

    A MASK takes the spaces before it. Each stretch of text between two of them is read as the causal tokenizer reads a
    whole text: its first word has a space before it, whether one was typed or not.
    """
    told = json.loads(words.to_str())
    ids = told["model"]["vocab"]
    size = len(ids)
    if ids.pop(END) != 0:
        raise ValueError("the causal tokenizer must have END as its token 0")
    told["model"]["vocab"] = ids | {PAD: 0, CLS: size, SEP: size + 1, MASK: size + 2}
    tokenizer = Tokenizer.from_str(json.dumps(told | {"added_tokens": [], "post_processor": None}))
    spaced = [normalizers.Prepend(" "), normalizers.Replace(NO_SPACE_BEFORE, "")]
    tokenizer.normalizer = normalizers.Sequence(spaced)
    tokenizer.add_special_tokens([AddedToken(name, lstrip=True, normalized=False) for name in NAMES.values()])
    tokenizer.post_processor = processors.TemplateProcessing(
        f"{CLS} $A {SEP}", f"{CLS}:0 $A:0 {SEP}:0 $B:1 {SEP}:1", [(CLS, size), (SEP, size + 1)]
    )
    return tokenizer
