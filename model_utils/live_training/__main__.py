"""The process that trains: a request as one line of JSON on stdin, events as lines of JSON on stdout.

Run by the workshop as `python -m model_utils.live_training`. It dies with whoever reads its output.
"""

import json
import os
import signal
import sys

import torch

from model_utils.live_training.two_arms import both_arms
from model_utils.live_training.two_losses import both_losses
from model_utils.live_training.values import TrainingRequest, write_event

EXPERIMENTS = {"causal_mask": both_arms, "filling": both_losses}


def main() -> None:
    """Answer one request. Ctrl-C goes to the server, which closes our pipe; the next line then ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # pages come first; Windows has no such word
        os.nice(5)
    torch.set_num_threads(1)
    try:
        request = TrainingRequest(**json.loads(sys.stdin.readline()))
        for event in EXPERIMENTS[request.experiment](request):
            sys.stdout.write(write_event(event) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
