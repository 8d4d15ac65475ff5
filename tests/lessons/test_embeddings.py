"""The embeddings lesson: its few lines equal PyTorch, scikit-learn and the published recipe of MiniLM."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors
from transformers import AutoModel, AutoTokenizer

from lessons import embeddings as lesson
from lessons.embeddings import contexts, layouts, maths, steps, table
from model_utils import Model, catalogue, load, trace
from model_utils.meadow import categories
from tests.lessons import models

N, C, V = 40, 12, 60
GENERATOR = torch.Generator().manual_seed(0)
ROWS = torch.randn(N, C, generator=GENERATOR) + 0.5


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Model:
    return load(str(models.bert(tmp_path_factory.mktemp("models") / "bert")))


def test_the_product_is_pytorchs_own_lookup():
    W = torch.randn(V, C)
    row = maths.picked_row(maths.one_hot(17, V), W)
    torch.testing.assert_close(row, F.embedding(torch.tensor(17), W), rtol=0, atol=0)
    torch.testing.assert_close(maths.one_hot(17, V), F.one_hot(torch.tensor(17), V).float())


def test_cosines_are_pytorchs_and_scikit_learns():
    torch.testing.assert_close(maths.cosines(ROWS[3], ROWS), F.cosine_similarity(ROWS[3], ROWS, dim=-1))
    np.testing.assert_allclose(maths.cosine_matrix(ROWS), cosine_similarity(ROWS), atol=1e-6)
    assert maths.cosines(torch.zeros(C), ROWS).abs().max() == 0, "a row of zeros has no direction, and no cosine fails"


def test_a_shared_part_lifts_every_cosine_and_centring_takes_it_away():
    shifted = ROWS + 5
    assert maths.cosine_matrix(shifted).min() > 0.5
    torch.testing.assert_close(maths.centred(shifted), maths.centred(ROWS), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(maths.centred(shifted).mean(dim=0), torch.zeros(C), atol=1e-5, rtol=0)


def test_the_principal_axes_are_scikit_learns():
    points, shares = maths.principal_axes(ROWS, 3)
    reference = PCA(3).fit(ROWS.numpy())
    np.testing.assert_allclose(points.abs().numpy(), np.abs(reference.transform(ROWS.numpy())), atol=1e-4)
    np.testing.assert_allclose(shares.numpy(), reference.explained_variance_ratio_, atol=1e-5)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_rotation_keeps_lengths_and_angles_and_no_coordinate(seed):
    R = maths.rotation(C, seed)
    torch.testing.assert_close(R.T @ R, torch.eye(C, dtype=R.dtype))
    turned = contexts.turned(ROWS.numpy(), seed)
    assert turned.turned < 1e-12 and turned.moved > 1
    np.testing.assert_allclose(np.linalg.norm(turned.after, axis=1), ROWS.norm(dim=1), rtol=1e-5)
    back = torch.from_numpy(turned.after).double() @ R.T
    np.testing.assert_allclose(back, ROWS, atol=1e-5)
    assert contexts.turned(ROWS.numpy(), None).moved == 0


def test_separation_is_the_area_under_the_roc_curve():
    values, members = torch.randint(0, 6, (50,)).double(), torch.arange(50) % 3 == 0
    assert maths.separation(values, members).item() == pytest.approx(roc_auc_score(members, values))


def test_only_the_direction_survives_a_rotation(meadow):
    found = table.sample(meadow)
    intact = contexts.separations(found, found.rows)
    turned = contexts.separations(found, contexts.turned(found.rows, 2).after)
    assert intact.keys() == set(lesson.GROUPS[:-1])
    for group, (single, along) in intact.items():
        assert turned[group][1] == pytest.approx(along, abs=1e-3) and along > single
        assert turned[group][0] != pytest.approx(single, abs=1e-3)


@pytest.mark.parametrize("asked", [("meadow", "dog"), ("minilm", "bank")])
def test_neighbours_are_the_nearest_of_the_whole_table(asked, request):
    model, word = request.getfixturevalue(asked[0]), asked[1]
    W, place = model.network.get_input_embeddings().weight.detach().numpy(), table.place_of(word, model.vocabulary)
    by_hand = cosine_similarity(W[place][None], W)[0]
    by_hand[place] = -2
    found = steps.neighbours(model, place)
    assert found.words == tuple(model.vocabulary[at] for at in np.argsort(-by_hand)[:10])
    np.testing.assert_allclose(found.scores, np.sort(by_hand)[::-1][:10], atol=1e-5)
    products = W @ W[place]
    products[place] = -np.inf
    assert steps.neighbours(model, place, "product").words[0] == model.vocabulary[products.argmax()]


def test_a_word_is_found_with_and_without_its_space(meadow, minilm):
    assert meadow.vocabulary[table.place_of("dog", meadow.vocabulary)] == " dog"
    assert meadow.vocabulary[table.place_of("paris", meadow.vocabulary)] == " Paris"
    assert minilm.vocabulary[table.place_of(" Paris ", minilm.vocabulary)] == "paris"
    assert table.place_of("", meadow.vocabulary) is None and table.place_of("<script>", meadow.vocabulary) is None


def test_a_sample_is_meadows_words_with_their_rows_and_groups(meadow, minilm):
    found = table.sample(meadow)
    assert {*categories()} - {*".,:?"} <= set(found.words) and len(set(found.ids.tolist())) == len(found.ids)
    assert dict(zip(found.words, found.groups, strict=True))["dogs"] == "animals"
    W = meadow.network.get_input_embeddings().weight.detach().numpy()
    np.testing.assert_array_equal(found.rows[7], W[found.ids[7]])
    np.testing.assert_allclose(np.linalg.norm(found.directions, axis=1), 1, atol=1e-5)
    real = table.sample(minilm)
    assert len(real.words) == table.MOST and table.group_of("paris") == "places"


def test_a_model_without_known_words_still_has_a_sample(tiny):
    assert set(table.sample(tiny).words) <= set(models.WORDS)
    assert table.suggestions(tiny, ("zebra",)) and table.suggestions(tiny, ("tree", "zebra")) == ("tree",)


def test_whole_words_are_told_from_pieces_and_letters(meadow):
    names = (" the", "ing", " a", "b", " jogging", "\u6708", "##s", "<s>", ".")
    model = replace(meadow, vocabulary=names + ("x",) * (len(meadow.vocabulary) - len(names)))
    known = {word for word in table.sample(model).words if word not in categories()}
    assert known == {"jogging", "\u6708"}
    spaceless = replace(meadow, vocabulary=("the", "##ing", "jogging") + ("x",) * 100)
    assert {"the", "jogging"} == set(table.sample(spaceless).words)


def test_a_sum_is_read_and_calculated(meadow):
    assert steps.terms("king - man + woman") == steps.terms(" king − man ＋ woman ") == ("king", "man", "woman")
    assert steps.terms("king man woman") is None and steps.terms("") is None
    ids = tuple(table.place_of(word, meadow.vocabulary) for word in ("Paris", "France", "Italy"))
    U = F.normalize(meadow.network.get_input_embeddings().weight.detach())
    scores = F.cosine_similarity((U[ids[0]] - U[ids[1]] + U[ids[2]])[None], U)
    found = steps.analogy(meadow, ids, left_out=False)
    np.testing.assert_allclose(found.scores, scores.topk(10).values, atol=1e-5)
    assert not {meadow.vocabulary[place] for place in ids} & set(steps.analogy(meadow, ids, left_out=True).words)


def test_analogies_are_counted_one_by_one(meadow):
    family = (("dog", "dogs"), ("France", "Paris"), ("Italy", "Rome"), ("Spain", "Madrid"))
    right = np.zeros(3)
    ids = [tuple(table.place_of(word, meadow.vocabulary) for word in pair) for pair in family]
    for a, b in ((one, other) for one in ids for other in ids if one != other):
        asked, answer = (a[1], a[0], b[0]), meadow.vocabulary[b[1]]
        ways = (steps.analogy(meadow, asked, False), steps.analogy(meadow, asked, True),
                steps.last_alone(meadow, asked))  # fmt: skip
        right += [found.words[0] == answer for found in ways]
    np.testing.assert_allclose(steps.hits(meadow, family), right / 12)
    assert steps.hits(meadow, family[:2]) is None, "two pairs are no family"


def test_mean_cosines_are_taken_over_different_places(minilm):
    run = trace(minilm, lesson.UNRELATED)
    raw, without = steps.mean_cosines(run)
    states = run.hidden_states[3]
    for found, vectors in ((raw, states), (without, states - states.mean(axis=0))):
        cosines = cosine_similarity(vectors)
        assert found[3] == pytest.approx(cosines[~np.eye(len(cosines), dtype=bool)].mean(), abs=1e-5)


def test_pairs_have_a_raw_and_a_centred_cosine(meadow):
    names, raw, without = steps.pairs_of(meadow, "good bad, dog nowhere，happy sad, one two three,")
    assert names == ["good · bad", "happy · sad"]
    W = meadow.network.get_input_embeddings().weight.detach()
    good, bad = (W[table.place_of(word, meadow.vocabulary)] for word in ("good", "bad"))
    mean = torch.from_numpy(table.sample(meadow).rows.mean(axis=0))
    assert raw[0] == pytest.approx(F.cosine_similarity(good, bad, dim=0).item(), abs=1e-5)
    assert without[0] == pytest.approx(F.cosine_similarity(good - mean, bad - mean, dim=0).item(), abs=1e-4)
    assert steps.pairs_of(meadow, "nothing here")[0] == []


def test_kept_neighbours_are_scikit_learns():
    before, after = ROWS.numpy(), layouts.pca(ROWS.numpy(), 2).points
    near = [
        NearestNeighbors(n_neighbors=10).fit(points).kneighbors(return_distance=False) for points in (before, after)
    ]
    shares = [len(set(one) & set(other)) / 10 for one, other in zip(*near, strict=True)]
    assert layouts.kept(before, after) == pytest.approx(np.mean(shares))
    assert layouts.kept(before, before) == 1
    assert layouts.agreed(before, after) == pytest.approx(spearmanr(pdist(before), pdist(after)).statistic, abs=1e-4)


@pytest.mark.parametrize("dims", [2, 3])
def test_tsne_depends_on_its_seed_and_on_nothing_else(dims):
    first, again, other = (layouts.tsne(ROWS.numpy(), dims, 5, seed) for seed in (0, 0, 1))
    assert first.points.shape == (N, dims) and first.explained is None and 0 < first.kept <= 1
    np.testing.assert_array_equal(first.points, again.points)
    assert np.abs(first.points - other.points).max() > 1
    assert layouts.tsne(ROWS.numpy(), dims, 100, 0).points.shape == (N, dims), "more neighbours than there are"


@pytest.mark.parametrize("text", ["the dogs near the tree", "The  Dogs are near"])
def test_a_words_state_is_the_mean_of_its_tokens(tiny, text):
    run = trace(tiny, text)
    [place] = [at for at, (first, last) in enumerate(run.spans) if run.text[first:last].lower() == "dogs"]
    np.testing.assert_array_equal(contexts.states_of(run, "dogs"), run.hidden_states[:, place])
    assert contexts.states_of(run, "zebra") is None and contexts.states_of(run, " ") is None


def test_a_word_of_several_tokens_has_a_state(minilm):
    run = trace(minilm, "An unbelievably odd bank.")
    pieces = [at for at, (first, last) in enumerate(run.spans) if 3 <= first < last <= 15]
    assert len(pieces) > 1
    np.testing.assert_allclose(contexts.states_of(run, "unbelievably"), run.hidden_states[:, pieces].mean(1), atol=1e-5)


def test_the_fan_holds_cosines_to_the_first_sentence(minilm):
    states = [contexts.states_of(trace(minilm, text), "bank") for text in lesson.BANKS]
    first, *others = map(torch.from_numpy, states)
    for found, state in zip(contexts.by_layer(states), others, strict=True):
        np.testing.assert_allclose(found, F.cosine_similarity(first, state, dim=-1), atol=1e-5)


def test_sentences_are_pooled_as_the_published_recipe_has_it(minilm):
    """The model card of sentence-transformers/all-MiniLM-L6-v2: a padded batch, its mask, the mean, length 1."""
    folder = catalogue.folder(catalogue.find("minilm"))
    network, tokenizer = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    batch = tokenizer(list(lesson.SENTENCES), padding=True, return_tensors="pt")
    with torch.no_grad():
        states = network(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).expand(states.size()).float()
    published = F.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1e-9), p=2, dim=1)
    runs = [trace(minilm, text) for text in lesson.SENTENCES]
    np.testing.assert_allclose(F.normalize(torch.from_numpy(contexts.sentence_vectors(runs))), published, atol=1e-5)
    np.testing.assert_allclose(contexts.similarities(runs), published @ published.T, atol=1e-5)


def test_tokens_of_two_texts_stand_beside_each_other_and_a_shallow_model_gives_its_last_layer(tiny):
    assert contexts.beside(("a", " b"), ("a", " c")) == ["a", " b|c"]
    run = trace(tiny, "the dogs")
    np.testing.assert_allclose(contexts.cosines_at(run, 99), cosine_similarity(run.hidden_states[-1]), atol=1e-5)


def test_a_table_with_more_rows_than_names_is_cut(tiny):
    padded = SimpleNamespace(get_input_embeddings=lambda: torch.nn.Embedding(64, 8))
    assert table.rows_of(replace(tiny, network=padded)).shape == (len(tiny.vocabulary), 8)
