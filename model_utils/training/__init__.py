"""Training of the embedded models, and the loop that the live demos share.

    loop.py           train(): one generator, one Step after each update; knows no model and no language
    muon.py           the optimizer: Muon for matrices, AdamW for the rest
    network.py        the shape of a network, and how one is born
    fitting.py        Recipe, Work and fit(): from a recipe to a folder with a model in it, resumable
    tokenizer.py      three tokenizers over bytes: by word, by learnt piece, by character
    models.py         the models by name
    meadow_gpt.py     words of Meadow; corpus.py samples its documents ahead in one other process
    storybook_gpt.py  pieces of words, from children's books
    poem_gpt.py       characters, from poems; poem_forms.py has the forms that can be asked for
    meadow_translator.py   Meadow's English into Chinese, an encoder and a decoder; meadow_pairs.py has both languages
    meadow_rnn.py     an LSTM of meadow-gpt's size, on its documents
    meadow_bert.py    words of Meadow from both sides, and which sentence follows; meadow_bert_rows.py has its texts
    storybook_bert.py storybook-gpt's pieces and books, from both sides
    masked_rows.py    what of a text is hidden; masked_tokenizer.py, masked_network.py what the two of them share
    texts.py          the prepared texts: found, checked, split; docs/texts.md says where they come from

What a card says, measured on the shipped weights:

    meadow_card.py    beside Meadow's exact truth (truth.py), at the places that test something (phenomena.py)
    meadow_bert_card.py    its blanks beside the exact truth (masked_truth.py)
    storybook_bert_card.py at masked places, beside storybook-gpt from the left alone
    storybook_card.py, poem_card.py   on held-out text (held_out.py, surprise.py), beside counting (kneser_ney.py),
                      and in what it writes (sampling.py)
    meadow_translator_card.py   beside Meadow's own Chinese, and its alignment (alignment.py)
    meadow_rnn_card.py          as meadow_card.py, beside meadow-gpt
    habits.py         which heads look at the previous token, which ones continue a repeated text (heads.py)

Command line: python -m model_utils.training MODEL | card MODEL
"""
