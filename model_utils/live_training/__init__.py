"""Train one tiny transformer twice, with and without the causal mask, while the learner watches.

`TrainingRequest` says what to train, `TrainingEvent` is one point of the curves. The training runs in a process of
its own (`two_arms.py`), so that it never holds the server's interpreter; `workshop.py` starts, shares, queues and ends
those processes. Importing this package imports no torch.
"""

from model_utils.live_training.values import Progress, TrainingEvent, TrainingRequest, read_event, write_event
from model_utils.live_training.workshop import Workshop, follow, leave, look, start

__all__ = [
    "Progress",
    "TrainingEvent",
    "TrainingRequest",
    "Workshop",
    "follow",
    "leave",
    "look",
    "read_event",
    "start",
    "write_event",
]
