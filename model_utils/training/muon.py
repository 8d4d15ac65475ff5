"""Muon: the update of a matrix made orthogonal, so that no direction of the weights is left behind."""

import re
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_BLOCK = re.compile(r"\.(h|layer|layers)\.\d+\.")  # how GPT-2, BERT and BART name the parts of a block
MOMENTUM, RMS = 0.95, 0.2  # RMS: the size of an entry of the update, as AdamW's usually is


def orthogonalised(matrix: Tensor, rounds: int = 5) -> Tensor:
    r"""About $UV^\top$ of $M = USV^\top$: the same directions, every singular value between 0.7 and 1.2.

    Rounds of $X \leftarrow aX + (bA + cA^2)X$ with $A = XX^\top$, matrix products only (Newton-Schulz).
    Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(rounds):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.T if tall else x


class Muon(torch.optim.AdamW):
    """Muon for the matrices of the blocks, AdamW for embeddings, norms and biases, at one learning rate.

    Orthogonalised in float32, or in bfloat16 where that is asked for: torch.optim.Muon always does the latter, which
    processors without AMX or AVX512_BF16 do four times as slowly.
    Scaled by 0.2 sqrt(largest side), so that both kinds of update are equally large: Liu et al. 2025, section 2.2.
    """

    def __init__(self, network: nn.Module, weight_decay: float, bfloat16: bool = False) -> None:
        self.bfloat16 = bfloat16
        turned = {name for name, p in network.named_parameters() if p.dim() == 2 and _BLOCK.search(name)}
        matrices = [p for name, p in network.named_parameters() if name in turned]
        others = [p for name, p in network.named_parameters() if name not in turned]
        groups: list[dict[str, Any]] = [
            {"params": matrices, "weight_decay": weight_decay, "orthogonal": True},
            {"params": others, "weight_decay": 0.0, "orthogonal": False},
        ]
        super().__init__(groups, lr=0.0, betas=(0.9, 0.98))

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One update; matrices lose their gradient here, so that AdamW passes them over."""
        for group in self.param_groups:
            for parameter in group["params"] if group["orthogonal"] else ():
                self._turn(parameter, group["lr"], group["weight_decay"])
                parameter.grad = None
        return super().step(closure)

    def _turn(self, matrix: Tensor, rate: float, decay: float) -> None:
        state = self.state[matrix]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(matrix)
            state["step"] = torch.tensor(0.0)  # AdamW looks for one in every state that it loads
        state["momentum"].lerp_(matrix.grad, 1 - MOMENTUM)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            update = orthogonalised(matrix.grad.lerp(state["momentum"], MOMENTUM))
        matrix.mul_(1 - rate * decay).add_(update, alpha=-rate * RMS * max(matrix.shape) ** 0.5)
