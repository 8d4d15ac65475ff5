"""The block of a transformer, part by part, and the two orders in which its norm can stand.

T tokens, C model width, H heads, D head width, F hidden units, V vocabulary.
Sources: Vaswani et al., "Attention Is All You Need" (2017), sections 3.1 and 3.3; Ba et al., "Layer Normalization"
(2016); Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016); Xiong et al., "On Layer Normalization in the
Transformer Architecture" (2020); nostalgebraist, "interpreting GPT: the logit lens" (2020).
"""

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from lessons.block.network import Attention, Block, Mlp, Norm

Part = Callable[[Tensor], Tensor]  # attention or MLP of one block
Order = Callable[..., tuple[Tensor, Tensor]]  # pre_norm or post_norm


def layer_norm(x: Tensor, norm: Norm | None) -> Tensor:
    r"""$$ \operatorname{LN}(x) = g \odot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + b $$"""
    if norm is None:
        return x  # taken out
    mean = x.mean(dim=-1, keepdim=True)  # (T, 1)
    variance = ((x - mean) ** 2).mean(dim=-1, keepdim=True)  # (T, 1)
    return norm.gain * (x - mean) / torch.sqrt(variance + norm.epsilon) + norm.shift  # (T, C)


def attention(x: Tensor, part: Attention) -> Tensor:
    r"""$$ \operatorname{MultiHead}(x) = \operatorname{Concat}(A_1 V_1, \dots, A_H V_H)\, W_O + b_O $$"""
    made = (x @ W + b for W, b in zip(part.W, part.b, strict=True))  # three of (T, C)
    queries, keys, values = (each.unflatten(-1, (part.heads, -1)).transpose(0, 1) for each in made)  # (H, T, D)
    scores = queries @ keys.mT / math.sqrt(queries.shape[-1])  # (H, T, T)
    if part.causal:
        future = torch.ones_like(scores, dtype=torch.bool).triu(1)  # (H, T, T)
        scores = scores.masked_fill(future, -math.inf)
    outputs = torch.softmax(scores, dim=-1) @ values  # (H, T, D)
    return outputs.transpose(0, 1).flatten(1) @ part.W_out + part.b_out  # (T, C)


def gelu(x: Tensor) -> Tensor:
    r"""$$ \operatorname{gelu}(x) = x\, \Phi(x) = \frac{x}{2}\left(1 + \operatorname{erf}\frac{x}{\sqrt{2}}\right) $$"""
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))  # (T, F)


def gelu_tanh(x: Tensor) -> Tensor:
    r"""$$ \operatorname{gelu}(x) \approx \tfrac{x}{2}\left(1 + \tanh \sqrt{2 / \pi}\,(x + 0.044715\, x^3)\right) $$"""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))  # (T, F)


def hidden_units(x: Tensor, part: Mlp) -> Tensor:
    r"""$$ h = \operatorname{gelu}(x\, W_1 + b_1) $$"""
    return part.activation(x @ part.W_in + part.b_in)  # (T, C) @ (C, F) -> (T, F)


def mlp(x: Tensor, part: Mlp) -> Tensor:
    r"""$$ \operatorname{MLP}(x) = h\, W_2 + b_2 = \sum_{u=1}^{F} h_u\, w_u + b_2 $$"""
    return hidden_units(x, part) @ part.W_out + part.b_out  # (T, F) @ (F, C) -> (T, C)


def pre_norm(x: Tensor, part: Part, norm: Norm | None, keep: float = 1.0) -> tuple[Tensor, Tensor]:
    r"""$$ x' = x + F(\operatorname{LN}(x)) $$"""
    added = part(layer_norm(x, norm))  # (T, C)
    return keep * x + added, added  # (T, C) twice; keep = 0 takes the residual out


def post_norm(x: Tensor, part: Part, norm: Norm | None, keep: float = 1.0) -> tuple[Tensor, Tensor]:
    r"""$$ x' = \operatorname{LN}(x + F(x)) $$"""
    added = part(x)  # (T, C)
    return layer_norm(keep * x + added, norm), added  # (T, C) twice


def block(x: Tensor, of: Block, order: Order) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    r"""$$ F_1 = \operatorname{MultiHead} \qquad F_2 = \operatorname{MLP} $$"""
    middle, attended = order(x, partial(attention, part=of.attention), of.norm_1, of.keep)  # (T, C) twice
    after, computed = order(middle, partial(mlp, part=of.mlp), of.norm_2, of.keep)  # (T, C) twice
    return (attended, computed), (middle, after)  # what was added, and what the stream then is


def logit_lens(x: Tensor, final_norm: Norm, unembedding: Tensor) -> Tensor:
    r"""$$ z = \operatorname{LN}_f(x)\, W_U $$"""
    return layer_norm(x, final_norm) @ unembedding.T  # (T, C) @ (C, V) -> (T, V)


def pushes(added: Tensor, last: Tensor, final_norm: Norm, direction: Tensor) -> Tensor:
    r"""$$ \text{push} = \frac{(a - \mu_a) \odot g}{\sqrt{\sigma^2 + \varepsilon}} \cdot w $$"""
    spread = torch.sqrt(last.var(correction=0) + final_norm.epsilon)  # (): of the whole sum, the same for all parts
    centred = added - added.mean(dim=-1, keepdim=True)  # (P, C)
    return (centred * final_norm.gain / spread) @ direction  # (P, C) @ (C,) -> (P,)
