"""Train one tiny transformer twice, with one thing changed, while the learner watches.

`TrainingRequest` says what to train, `TrainingEvent` or `FillingEvent` is one point of the curves. The training runs in
a process of its own (`__main__.py`), so that it never holds the server's interpreter; `workshop.py` starts, shares,
queues and ends those processes. Importing this package imports no torch.
"""

from model_utils.live_training.values import (
    FillingEvent,
    Progress,
    TrainingEvent,
    TrainingRequest,
    read_event,
    write_event,
)
from model_utils.live_training.workshop import Workshop, follow, leave, look, start

__all__ = [
    "FillingEvent",
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
