"""Read the configuration of a folder and decide, before any weight is read, whether and how its model can be loaded."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_MASKED_LM_MAPPING,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
    MODEL_MAPPING,
)

from model_utils.attention import CLEARHEAD
from model_utils.errors import ModelError
from model_utils.files import BYTES_A_PARAMETER, Plan, budget_gb, check_size, read_json
from model_utils.recurrent import LstmConfig
from model_utils.types import ModelKind

_MOST_LAYERS = 500


def plan(model_id: str, folder: Path) -> Plan:
    """What is in `folder`, from config.json alone; takes well under a second however large the model is.

    Raises ModelError "broken_config", "remote_code", "unknown_architecture", "quantized", "not_text", "too_big" or
    "unsupported_attention".
    """
    raw = read_json(model_id, folder / "config.json")
    family = str(raw.get("model_type", ""))[:60]
    if family not in CONFIG_MAPPING:
        code = "remote_code" if "auto_map" in raw else "unknown_architecture"
        raise ModelError(code, model=model_id, family=family)
    if "quantization_config" in raw:
        raise ModelError("quantized", model=model_id)
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        kind = kind_of(config)
        if kind is not None:
            _check_obvious(model_id, config)
    except ModelError:
        raise
    except Exception as error:  # whatever a config can say wrongly: transformers validates each family its own way
        raise ModelError("broken_config", model=model_id, file="config.json") from error
    if kind is None:
        raise ModelError("not_text", model=model_id, family=family)
    parameters = _count(model_id, family, config, kind)
    check_size(model_id, parameters)
    return Plan(config, kind, parameters)


def kind_of(config: Any) -> ModelKind | None:
    """Causal, masked, sequence to sequence or plain encoder: by the architecture the config names, else by family.

    Recurrent: the one family of our own. It writes from the left as a causal model does, but has no attention to show.
    """
    family = type(config)
    if family is LstmConfig:
        return "recurrent"
    architecture = (config.architectures or [""])[0]
    if config.is_encoder_decoder:
        return "seq2seq" if family in MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING else None
    if architecture.endswith(("ForCausalLM", "LMHeadModel")) and family in MODEL_FOR_CAUSAL_LM_MAPPING:
        return "causal"
    pretraining = architecture.endswith("ForPreTraining") and not architecture.startswith("Electra")
    if (architecture.endswith("ForMaskedLM") or pretraining) and family in MODEL_FOR_MASKED_LM_MAPPING:
        return "masked"
    if family in MODEL_FOR_CAUSAL_LM_MAPPING and family not in MODEL_FOR_MASKED_LM_MAPPING:
        return "causal"
    return "encoder" if family in MODEL_FOR_MASKED_LM_MAPPING and family in MODEL_MAPPING else None


def auto_class(kind: ModelKind) -> Any:
    """The transformers class that loads a model of this kind."""
    return {
        "causal": AutoModelForCausalLM,
        "masked": AutoModelForMaskedLM,
        "seq2seq": AutoModelForSeq2SeqLM,
        "encoder": AutoModel,
        "recurrent": AutoModelForCausalLM,
    }[kind]


def _check_obvious(model_id: str, config: Any) -> None:
    """Refuse at once what is far too big or absurd by its own numbers: counting exactly means building every layer.

    The estimate: attention has 4 C^2 weights a layer, the feed-forward part 2 C F or 8 C^2, the embedding V C.
    """
    layers, width = int(config.num_hidden_layers), int(config.hidden_size)
    groups = int(getattr(config, "num_hidden_groups", layers))  # ALBERT's layers share weights
    inner = int(getattr(config, "intermediate_size", None) or 4 * width)
    estimate = min(layers, groups) * (4 * width * width + 2 * width * inner) + width * int(config.vocab_size)
    if estimate * BYTES_A_PARAMETER > 4e9 * budget_gb():
        check_size(model_id, estimate)
    if not 0 < layers <= _MOST_LAYERS:
        raise ValueError(f"{layers} layers")


def _count(model_id: str, family: str, config: Any, kind: ModelKind) -> int:
    """The parameters of the model this config describes: built on the meta device, it takes no memory."""
    try:
        with torch.device("meta"):
            network = auto_class(kind).from_config(config, attn_implementation=CLEARHEAD, dtype=torch.float32)
    except KeyError as error:
        if error.args == (CLEARHEAD,):  # the family keeps its own table of attention classes
            raise ModelError("unsupported_attention", model=model_id, family=family) from error
        raise ModelError("broken_config", model=model_id, file="config.json") from error
    except Exception as error:
        raise ModelError("broken_config", model=model_id, file="config.json") from error
    if not network._can_set_attn_implementation():  # the family computes attention without asking the registry
        raise ModelError("unsupported_attention", model=model_id, family=family)
    return sum(parameter.numel() for parameter in network.parameters())
