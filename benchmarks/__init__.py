"""What Clearhead costs, each time beside its floor in the same run: ratios travel between machines, seconds do not.

`python -m benchmarks` runs all and rewrites RESULTS.md; `python -m benchmarks slider start` runs those two and rewrites
their tables only. Every program is a module with `measure() -> Table`.
"""
