// One attention weight, step by step, from the float32 tensors, in double precision. Nothing here touches the page.
import { headVectors, headWeights } from "./unpack.js";

const OVERFLOW = 300; // above this score e^score is shown after taking the largest score away

// score = q.k * scaling + rest, in the steps that the panel shows.
function scoreOf(module, vectors, row, column) {
  const products = [];
  let dot = 0;
  for (let d = 0; d < module.width; d += 1) {
    const product = vectors.queries[row * module.width + d] * vectors.keys[column * module.width + d];
    products.push(product);
    dot += product;
  }
  const rest = vectors.rest ? vectors.rest[row * module.columns + column] : 0;
  return { products, dot, scaled: dot * module.scaling, rest, score: dot * module.scaling + rest };
}

// Everything between q, k and the weight of one cell. `weight` is recomputed, `drawn` is the model's own.
export function openCell(module, head, row, column) {
  const vectors = headVectors(module, head);
  const cell = scoreOf(module, vectors, row, column);
  const start = row * module.columns;
  const visible = module.visible.subarray(start, start + module.columns);
  const scores = Array.from(visible, (seen, s) => (seen ? scoreOf(module, vectors, row, s).score : -Infinity));
  const largest = Math.max(...scores);
  const shift = largest > OVERFLOW || largest < -OVERFLOW ? largest : 0;
  const exps = scores.map((score) => (score === -Infinity ? 0 : Math.exp(score - shift)));
  const denominator = exps.reduce((sum, value) => sum + value, 0);
  const drawn = headWeights(module, head)[start + column];
  const weight = denominator > 0 ? exps[column] / denominator : NaN;
  const part = (array, place) => Array.from(array.subarray(place * module.width, (place + 1) * module.width));
  return {
    ...cell, query: part(vectors.queries, row), key: part(vectors.keys, column), scaling: module.scaling,
    visible: Boolean(visible[column]), scores, shift: Number.isFinite(shift) ? shift : 0, exps, denominator, weight, drawn,
    difference: Math.abs(weight - drawn),
  };
}

// The columns that a row looks at most, strongest first.
export function strongest(weights, columns, row, count) {
  const order = Array.from({ length: columns }, (_, s) => s);
  order.sort((a, b) => weights[row * columns + b] - weights[row * columns + a]);
  return order.slice(0, count);
}
