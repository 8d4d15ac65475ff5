"""Join plain ES modules into the one script that a Streamlit component takes: no build step, no tool.

A component's script has no address of its own, so its modules cannot import each other: the import lines are dropped,
and so is `export` but for `export default`. Names at the top of the files must therefore differ; a test checks it.
"""

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r"^import [^;]+;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def bundle(*files: Path) -> str:
    """The text of `files`, in order, as one module."""
    texts = (file.read_text(encoding="utf-8") for file in files)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
