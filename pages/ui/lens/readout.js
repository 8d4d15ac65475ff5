// One line of words under the sentence: who looks at whom, and how much.
import { chip, phrase } from "./dom.js";
import { strongest } from "./arithmetic.js";
import { exact, fill, percent } from "./text.js";
import { isExact } from "./unpack.js";

const MENTIONED = 3; // tokens named when a whole row is pointed at

export function peakOf(weights, columns, row) {
  return strongest(weights, columns, row, 1)[0];
}

// The row that points most clearly at a token that is not the first, itself or just before: a good place to begin.
export function tellingRow(module, weights) {
  let [best, found] = [0, module.rows - 1];
  weights.forEach((weight, i) => {
    const [row, column] = [Math.floor(i / module.columns), i % module.columns];
    const near = module.kind !== "cross" && (column === row || column === row - 1);
    if (column > 0 && !near && weight > best) [best, found] = [weight, row];
  });
  return found;
}

export function fillReadout(lens, all, spot) {
  const { state, words, dom, views } = lens;
  const module = lens.module();
  const shown = state.peek ?? state;
  const where = fill(words.where, { layer: lens.modules()[shown.module].layer, head: shown.head });
  for (const view of views) view.where.textContent = where;
  if (spot.row < 0) return dom.live.replaceChildren();
  const from = chip(module.from[spot.row]);
  const place = spot.row * module.columns + spot.column;
  if (spot.column < 0) {
    const named = strongest(all[0], module.columns, spot.row, MENTIONED).filter((s) => all[0][spot.row * module.columns + s] > 0.005);
    const list = named.flatMap((s) => [" ", chip(module.at[s]), ` ${percent(all[0][spot.row * module.columns + s])}`]);
    return dom.live.replaceChildren(...phrase(words.row_readout, { from }), ...list);
  }
  const at = chip(module.at[spot.column]);
  if (!module.visible[place]) return dom.live.replaceChildren(...phrase(words.closed_readout, { from, at }));
  const value = (weights) => (isExact(module, state.head) ? exact(weights[place]) : `≈ ${percent(weights[place])}`);
  const number = all.length > 1 ? `${value(all[0])} → ${value(all[1])}` : value(all[0]);
  return dom.live.replaceChildren(...phrase(words.cell_readout, { from, at }), ` ${number}`);
}
