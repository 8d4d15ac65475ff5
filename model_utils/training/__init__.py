"""Training of the embedded models, and the loop that the live demos share.

    loop.py        train(): one generator, one Step after each update; knows no model and no language
    muon.py        the optimizer: Muon for matrices, AdamW for the rest
    tokenizer.py   the word-level-over-bytes tokenizer of the Meadow models
    corpus.py      documents of Meadow as padded batches, sampled ahead in one other process
    meadow_gpt.py  the recipe of meadow-gpt: shape, schedule, checkpoints
    phenomena.py   where a Meadow document tests agreement, capitals, copying, induction, pronouns
    heads.py       which attention heads look at the previous token, which ones continue a repeated text
    truth.py       a model beside Meadow's exact next-word distributions, place by place
    card.py        measures a shipped model against Meadow's exact truth

Command line: python -m model_utils.training meadow-gpt | card meadow-gpt
"""
