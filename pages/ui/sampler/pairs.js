// One token's row of a table of chances: its chip, the model's bar over the sampler's, the truth as a tick, what was
// drawn as a dot with its expected reach; and the same as numbers. Also the rows of the tree's choices.
import { chip, element } from "../lens/dom.js";
import { exact, percent } from "../lens/text.js";

const PARTS = ["before", "after", "reach", "truth", "drawn"];
const ENDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]; // where an axis may end

export function cell(role, className, ...children) {
  const made = element("span", className, ...children);
  made.setAttribute("role", role);
  return made;
}

// The axis ends at the first round number that holds them all.
export function axisEnd(values) {
  const most = values.reduce((largest, value) => Math.max(largest, value ?? 0), 0);
  return ENDS.find((end) => end >= most) ?? 1;
}

// A table row without numbers yet. numbers: names of its columns of numbers.
export function makePair(token, numbers) {
  const parts = Object.fromEntries(PARTS.map((name) => [name, element("i", name)]));
  const plot = cell("cell", "plot", ...PARTS.map((name) => parts[name]));
  const figures = Object.fromEntries(numbers.map((name) => [name, cell("cell", `figure ${name}`)]));
  const rank = cell("cell", "rank");
  const row = element("div", "pair", rank, cell("rowheader", "name", token), plot, ...Object.values(figures));
  row.setAttribute("role", "row");
  return { row, rank, plot, parts, figures };
}

export const tokenChip = (token) => (token === null ? null : chip(token));

// facts: before, after, cut, truth (or null), drawn and reach as shares (or null); end: where the axis ends.
export function fillPair(pair, facts, end) {
  const { parts, row, figures } = pair;
  const at = (share) => `${Math.min(100, Math.max(0, (100 * share) / end))}%`;
  row.classList.toggle("cut", facts.cut);
  parts.before.style.width = at(facts.before);
  parts.after.style.width = at(facts.after);
  show(parts.truth, facts.truth || null, (share) => { parts.truth.style.left = at(share); });
  show(parts.drawn, facts.drawn, (share) => { parts.drawn.style.left = at(share); });
  show(parts.reach, facts.reach, ([low, high]) => {
    parts.reach.style.left = at(low);
    parts.reach.style.width = `calc(${at(high)} - ${at(low)})`;
  });
  for (const name of ["before", "after", "truth"]) if (figures[name]) number(figures[name], facts[name]);
}

function show(part, value, place) {
  part.hidden = value === null || value === undefined;
  if (!part.hidden) place(value);
}

function number(figure, value) {
  figure.textContent = value === null || value === undefined ? "" : percent(value);
  figure.title = value === null || value === undefined ? "" : exact(value);
}

// The first row: what each column is, each with the mark that stands for it in the bars.
export function headPair(titles) {
  const made = element("div", "pair head", cell("columnheader", "rank", titles.rank ?? ""), cell("columnheader", "name", titles.token));
  const axis = cell("columnheader", "plot axis", element("span", "low", "0"), element("span", "high"));
  axis.setAttribute("aria-label", titles.probability);
  made.append(axis);
  for (const [name, title] of titles.numbers) {
    made.append(cell("columnheader", `figure ${name}`, element("i", `swatch ${name}`), title));
  }
  made.setAttribute("role", "row");
  return made;
}
