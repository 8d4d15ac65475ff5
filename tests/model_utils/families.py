"""Small random models of many families, written to disk as the hub would hold them: config, safetensors, tokenizer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers as tf
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.pre_tokenizers import ByteLevel

WORDS = ["the", "dogs", "near", "tree", "are", "cat", "sat", "on", "mat", "bank", "of", "river", "money", "put"]
WORDS += ["i", "we", "a", "quick", "brown", "fox"]
SIZE = 320  # ids in every vocabulary here
SMALL = {"vocab_size": SIZE, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
WIDE = SMALL | {"intermediate_size": 48, "max_position_embeddings": 64}
ENDS = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}
SIDES = {"encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4}
BART = {"vocab_size": SIZE, "d_model": 32, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 64}
GROUPED = WIDE | {"num_key_value_heads": 2}


def byte_level(bos: bool = False) -> Any:
    """GPT-2's kind of tokenizer: 256 bytes and a few words with their leading space."""
    specials = ["<s>", "</s>", "<pad>", "<mask>"]
    pieces = [*specials, *sorted(ByteLevel.alphabet()), *("Ġ" + word for word in WORDS)]
    tokenizer = Tokenizer(models.BPE({p: i for i, p in enumerate(pieces)}, [], ignore_merges=True))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    named = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}
    return tf.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named)


def word_piece() -> Any:
    """BERT's: words, and pieces that begin with ##."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz."
    pieces = [*specials, *WORDS, *(c for c in letters if c not in WORDS), *("##" + c for c in letters)]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.decoder = decoders.WordPiece()
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return tf.PreTrainedTokenizerFast(tokenizer_object=tokenizer, mask_token="[MASK]", **names)


def pieces() -> Any:
    """T5's: a unigram model over pieces whose leading space is written ▁, loose bytes as <0xE4>."""
    letters = "abcdefghijklmnopqrstuvwxyz.▁"
    names = ["<pad>", "</s>", "<unk>", *(f"<0x{b:02X}>" for b in range(256)), *letters]
    names += ["▁" + word for word in WORDS if len(word) > 1]
    vocabulary = [(name, -1.0 if len(name) > 1 else -9.0) for name in names]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=2, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.decoder = decoders.Metaspace()
    return tf.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


# name: (network from config, tokenizer). 19 families, among them grouped-query heads, a softcap, a sliding window,
# rotary positions, position biases, shared layers, cross-attention.
FAMILIES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "gpt2": (lambda: tf.GPT2LMHeadModel(tf.GPT2Config(**SMALL, n_positions=64, **ENDS)), byte_level),
    "llama": (lambda: tf.LlamaForCausalLM(tf.LlamaConfig(**GROUPED, **ENDS)), lambda: byte_level(bos=True)),
    "qwen2": (lambda: tf.Qwen2ForCausalLM(tf.Qwen2Config(**GROUPED, **ENDS)), byte_level),
    "mistral": (lambda: tf.MistralForCausalLM(tf.MistralConfig(**GROUPED, sliding_window=3, **ENDS)), byte_level),
    "gemma2": (
        lambda: tf.Gemma2ForCausalLM(
            tf.Gemma2Config(
                **GROUPED, **ENDS, head_dim=8, sliding_window=3, attn_logit_softcapping=0.5, query_pre_attn_scalar=5
            )
        ),
        lambda: byte_level(bos=True),
    ),
    "phi": (lambda: tf.PhiForCausalLM(tf.PhiConfig(**WIDE, **ENDS)), byte_level),
    "gpt_neox": (lambda: tf.GPTNeoXForCausalLM(tf.GPTNeoXConfig(**WIDE, **ENDS)), byte_level),
    "opt": (
        lambda: tf.OPTForCausalLM(
            tf.OPTConfig(**SMALL, ffn_dim=48, max_position_embeddings=64, word_embed_proj_dim=32, **ENDS)
        ),
        lambda: byte_level(bos=True),
    ),
    "bert": (lambda: tf.BertForMaskedLM(tf.BertConfig(**WIDE)), word_piece),
    "roberta": (lambda: tf.RobertaForMaskedLM(tf.RobertaConfig(**WIDE, **ENDS)), lambda: byte_level(bos=True)),
    "distilbert": (
        lambda: tf.DistilBertForMaskedLM(
            tf.DistilBertConfig(
                vocab_size=SIZE, dim=32, n_layers=2, n_heads=4, hidden_dim=48, max_position_embeddings=64
            )
        ),
        word_piece,
    ),
    "albert": (lambda: tf.AlbertForMaskedLM(tf.AlbertConfig(**WIDE, embedding_size=16)), word_piece),
    "electra": (lambda: tf.ElectraForMaskedLM(tf.ElectraConfig(**WIDE, embedding_size=16)), word_piece),
    "modernbert": (
        lambda: tf.ModernBertForMaskedLM(
            tf.ModernBertConfig(**WIDE, local_attention=4, pad_token_id=0, cls_token_id=2, sep_token_id=3)
        ),
        word_piece,
    ),
    "bert_encoder": (lambda: tf.BertModel(tf.BertConfig(**WIDE)), word_piece),
    "t5": (
        lambda: tf.T5ForConditionalGeneration(
            tf.T5Config(
                vocab_size=SIZE, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4, decoder_start_token_id=0
            )
        ),
        pieces,
    ),
    "bart": (
        lambda: tf.BartForConditionalGeneration(tf.BartConfig(**BART, **SIDES, **ENDS, decoder_start_token_id=1)),
        lambda: byte_level(bos=True),
    ),
    "marian": (
        lambda: tf.MarianMTModel(
            tf.MarianConfig(**BART, **SIDES, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
        ),
        pieces,
    ),
}


def write(name: str, folder: Path, seed: int = 0) -> Path:
    """Write a random model of the family into `folder`; weights larger than the usual start, so that heads differ."""
    build, tokenizer = FAMILIES[name]
    return written(build, tokenizer(), folder, seed)


def written(build: Callable[[], Any], tokenizer: Any, folder: Path, seed: int) -> Path:
    """Write what `build` makes, with random weights, and its tokenizer into `folder`."""
    torch.manual_seed(seed)
    network = build().eval()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.2)
    network.tie_weights()
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
