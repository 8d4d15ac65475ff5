"""Small random models on disk, in the Hugging Face format, for tests of lessons."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

WORDS = ("<unk>", "the", "dogs", "near", "tree", "are", "is")


def gpt2(folder: Path) -> Path:
    """Two layers of four heads, width 32; projections large enough that its maps are not flat."""
    config = GPT2Config(
        vocab_size=len(WORDS), n_positions=32, n_embd=32, n_layer=2, n_head=4, bos_token_id=0, eos_token_id=0
    )
    torch.manual_seed(0)
    network = GPT2LMHeadModel(config)
    for block in network.transformer.h:
        torch.nn.init.normal_(block.attn.c_attn.weight, std=0.3)
        torch.nn.init.normal_(block.attn.c_attn.bias, std=0.3)
    return _saved(network, folder)


def bert(folder: Path) -> Path:
    """Two layers of four heads, width 32."""
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    torch.manual_seed(0)
    return _saved(BertModel(config), folder)


def _saved(network: torch.nn.Module, folder: Path) -> Path:
    vocabulary = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    vocabulary.pre_tokenizer = pre_tokenizers.Whitespace()
    network.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=vocabulary, unk_token="<unk>").save_pretrained(folder)
    return folder
