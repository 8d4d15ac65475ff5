"""A small random BERT on disk that fills gaps, with words of Meadow and BERT's special tokens."""

from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForPreTraining, PreTrainedTokenizerFast

WORDS = ("The", "dogs", "near", "the", "tree", "are", "were", "hungry", "capital", "of", "France", "is", "Paris", "A",
         "duck", "can", "swim", "eats", "seeds", "whale", "fish", ".")  # fmt: skip


def masked_bert(folder: Path, mask: str = "[MASK]") -> Path:
    """Two layers of four heads, width 32; large enough weights that no distribution is flat."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", mask, *WORDS]
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    torch.manual_seed(0)
    network = BertForPreTraining(config)
    for parameter in network.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.3)
    network.save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens([AddedToken(mask, lstrip=True, normalized=False)])
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, mask_token=mask, **names).save_pretrained(folder)
    return folder
