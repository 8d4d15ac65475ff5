"""A transformer small enough to read in one sitting and to train in seconds: two layers, width 64."""

import math

import torch
from torch import nn


class Block(nn.Module):
    """Attention, then a two-layer network, each added to the running sum."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project_in, self.project_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, hidden_states: torch.Tensor, visible: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        B, T, C = hidden_states.shape
        split = self.project_in(self.norm_attention(hidden_states)).view(B, T, 3, self.heads, C // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)  # each (B, H, T, D)
        attn_scores = queries @ keys.transpose(-2, -1) / math.sqrt(C // self.heads)  # (B, H, T, T)
        attn_scores = attn_scores.masked_fill(~visible, -math.inf)  # the one line that the two arms do not share
        attn_weights = attn_scores.softmax(-1)  # (B, H, T, T)
        mixed = (attn_weights @ values).transpose(1, 2).reshape(B, T, C)
        hidden_states = hidden_states + self.project_out(mixed)
        return hidden_states + self.mlp(self.norm_mlp(hidden_states)), attn_weights


class TinyTransformer(nn.Module):
    """Token ids (B, T) and visible (T, T), True where a query may look, to logits (B, T, V)."""

    def __init__(self, vocabulary_size: int, context: int, width: int = 64, layers: int = 2, heads: int = 4):
        super().__init__()
        self.context = context
        self.symbols, self.positions = nn.Embedding(vocabulary_size, width), nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.symbols.weight, std=0.05)
        nn.init.normal_(self.positions.weight, std=0.05)

    def forward(self, token_ids: torch.Tensor, visible: torch.Tensor) -> torch.Tensor:
        return self.trace(token_ids, visible)[0]

    def trace(self, token_ids: torch.Tensor, visible: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (B, T, V) and the attention weights of all layers (L, B, H, T, T)."""
        hidden_states = self.symbols(token_ids) + self.positions.weight[: token_ids.shape[1]]  # (B, T, C)
        attn_weights = []
        for block in self.blocks:
            hidden_states, weights = block(hidden_states, visible)
            attn_weights.append(weights)
        return self.norm(hidden_states) @ self.symbols.weight.T, torch.stack(attn_weights)
