// The table of the likeliest tokens, and all others in one row.
import { element } from "../lens/dom.js";
import { fill } from "../lens/text.js";
import { expected } from "./draws.js";
import { axisEnd, fillPair, headPair, makePair, tokenChip } from "./pairs.js";

export function makeRows(sampler) {
  const { words, order, truth, table } = sampler;
  const ids = Array.from(order.slice(-sampler.shown)).reverse(); // likeliest first
  const numbers = ["before", "after", ...(truth ? ["truth"] : []), "drawn"];
  const titles = { before: words.before, after: words.after, truth: words.truth, drawn: words.drawn };
  sampler.head = headPair({ token: words.token, probability: words.probability, numbers: numbers.map((name) => [name, titles[name]]) });
  sampler.pairs = ids.map((id) => ({ id, ...makePair(nameOf(sampler, id), numbers) }));
  sampler.pairs.forEach(({ rank }, i) => { rank.textContent = String(i + 1); });
  const count = (order.length - ids.length).toLocaleString("en");
  sampler.rest = count === "0" ? null : makePair(element("span", "quiet", fill(words.others, { count })), numbers);
  table.replaceChildren(sampler.head, ...sampler.pairs.map(({ row }) => row), ...(sampler.rest ? [sampler.rest.row] : []));
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", words.table);
  table.classList.toggle("with-truth", Boolean(truth));
  sampler.more.hidden = ids.length >= Math.min(sampler.data.most, order.length);
}

function nameOf({ names, words }, id) {
  return names.has(id) ? tokenChip(names.get(id)) : element("span", "quiet", fill(words.unnamed, { id }));
}

// {lines, end}: what each row says, the last with id null for all others, and where the axis ends.
export function linesOf(sampler) {
  const lines = sampler.pairs.map(({ id }) => ({ id, ...factsOf(sampler, [id]) }));
  if (sampler.rest) {
    const shown = new Set(sampler.pairs.map(({ id }) => id));
    const others = sampler.order.filter((id) => !shown.has(id));
    lines.push({ id: null, others: others.length.toLocaleString("en"), ...factsOf(sampler, others) });
  }
  return { lines, end: axisEnd(lines.flatMap(({ before, after, truth, drawn, reach }) => [before, after, truth, drawn, reach?.[1]])) };
}

export function fillRows(sampler) {
  const { lines, end } = linesOf(sampler);
  sampler.head.querySelector(".high").textContent = String(end);
  lines.forEach((line, i) => drawnPair(sampler, sampler.pairs[i] ?? sampler.rest, line, end));
  sampler.table.classList.toggle("with-draws", sampler.draws > 0);
}

// What is known of a token, or of several together.
function factsOf({ own, sampled, truth, counts, draws }, ids) {
  const sum = (value) => ids.reduce((total, id) => total + value(id), 0);
  const after = sum((id) => sampled.chances[id]);
  const count = sum((id) => counts.get(id) ?? 0);
  const { mean, spread } = expected(Math.min(1, after), draws);
  return {
    before: sum((id) => own[id]), after, truth: truth ? sum((id) => truth.get(id) ?? 0) : null,
    cut: ids.every((id) => sampled.left[id] === -Infinity), count, mean, spread,
    drawn: draws && after ? count / draws : null,
    reach: draws && after ? [(mean - spread) / draws, (mean + spread) / draws] : null,
  };
}

function drawnPair({ draws, words }, pair, facts, end) {
  fillPair(pair, facts, end);
  const { drawn } = pair.figures;
  const whole = facts.after ? element("span", "quiet", ` ${expectedText(facts, words)}`) : null;
  drawn.replaceChildren(...(draws ? [element("b", "", String(facts.count)), whole].filter(Boolean) : []));
}

export const expectedText = ({ mean, spread }, words) => fill(words.expected, { mean: mean.toFixed(1), spread: spread.toFixed(1) });
