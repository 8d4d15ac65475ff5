// The chances that a sampler draws from, over the whole vocabulary, in the order in which transformers takes the steps:
// temperature, top-k, top-p, min-p. What is cut gets the score -Infinity, and softmax gives that a chance of exactly 0.
// `order` holds all token ids from the least likely to the likeliest. Nothing here touches the page.

export function softmax(scores) {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const powers = new Float64Array(scores).map((score) => Math.exp(score - largest)); // the largest is 1: no overflow
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

// Below 1 the likely become likelier, above 1 all come closer; their order stays.
export function heat(logits, temperature) {
  return logits.map((logit) => logit / temperature);
}

// Only the k largest stay, and whatever is as large as the last of them.
export function topK(scores, order, k) {
  if (k <= 0 || k >= scores.length) return scores;
  const last = scores[order[order.length - k]];
  return scores.map((score) => (score < last ? -Infinity : score));
}

// From the least likely upwards, tokens go as long as all that are gone have no more than 1 - p together: the token
// that crosses the line stays, and so does the likeliest. Compared in float32, as transformers compares.
export function topP(scores, order, p) {
  if (p >= 1) return scores;
  const [chances, kept, allowed] = [softmax(scores), scores.slice(), Math.fround(1 - p)];
  let gone = 0;
  for (const id of order.slice(0, -1)) {
    gone += Math.fround(chances[id]);
    if (Math.fround(gone) > allowed) break;
    kept[id] = -Infinity;
  }
  return kept;
}

// What has less than this share of the likeliest token's chance goes.
export function minP(scores, share) {
  if (share <= 0) return scores;
  const chances = new Float32Array(softmax(scores));
  const least = Math.fround(share * chances.reduce((most, chance) => Math.max(most, chance), 0));
  return scores.map((score, id) => (chances[id] < least ? -Infinity : score));
}

// All steps in turn: the scores after each cut, and the chances in the end.
export function sampledFrom(logits, order, { temperature, k, p, share }) {
  const few = topK(heat(logits, temperature), order, k);
  const nucleus = topP(few, order, p);
  const left = minP(nucleus, share);
  return { few, nucleus, left, chances: softmax(left) };
}

// Ids from the least likely to the likeliest; of equals, the smaller id first.
export function rising(logits) {
  return Uint32Array.from(logits.keys()).sort((a, b) => logits[a] - logits[b] || a - b);
}

// How many bits of surprise a draw brings on average; 2 to this power is the number of equal choices it is worth.
export function entropy(chances) {
  return chances.reduce((bits, chance) => (chance > 0 ? bits - chance * Math.log2(chance) : bits), 0);
}
