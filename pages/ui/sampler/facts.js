// What the cuts leave, in four lines of numbers, with the cut mass as a hatched part of a bar.
import { element } from "../lens/dom.js";
import { exact, fill, short } from "../lens/text.js";
import { entropy } from "./cuts.js";

const CUTS = ["few", "nucleus", "left"]; // the scores after top-k, top-p and min-p

// How much of the model's own probability each cut takes away, and all of them together.
export function cutMass(own, sampled) {
  const seen = new Uint8Array(own.length);
  const masses = CUTS.map((name) => own.reduce((sum, probability, id) => {
    if (seen[id] || sampled[name][id] !== -Infinity || probability === 0) return sum;
    seen[id] = 1;
    return sum + probability;
  }, 0));
  return { masses, all: masses.reduce((sum, mass) => sum + mass, 0) };
}

export function makeFacts(words) {
  const names = [words.left, words.cut, words.entropy, words.effective];
  const values = names.map(() => element("dd", ""));
  const list = element("dl", "facts", ...names.flatMap((name, i) => [element("dt", "quiet", name), values[i]]));
  const parts = ["kept", ...CUTS].map((name) => element("i", name));
  const bar = element("div", "mass", ...parts);
  bar.setAttribute("aria-hidden", "true");
  return { whole: element("div", "summary", bar, list), values, parts };
}

const share = (mass) => `${mass === 0 ? "0" : mass < 0.0005 ? "<0.1" : (100 * mass).toFixed(1)}\u2009%`;

// Returns the same in a sentence, for those who hear the page.
export function fillFacts(facts, own, sampled, words) {
  const { masses, all } = cutMass(own, sampled);
  const left = sampled.left.reduce((count, score) => count + (score !== -Infinity), 0);
  const [before, after] = [entropy(own), entropy(sampled.chances)];
  facts.parts.forEach((part, i) => { part.style.width = `${100 * (i === 0 ? 1 - all : masses[i - 1])}%`; });
  const names = [words.top_k, words.top_p, words.min_p];
  const each = masses.flatMap((mass, i) => (mass > 0 ? [`${names[i]} ${share(mass)}`] : []));
  const said = [
    fill(words.of, { count: left.toLocaleString("en"), all: own.length.toLocaleString("en") }),
    each.length > 1 ? `${share(all)} (${each.join(", ")})` : share(all),
    `${short(before)} → ${short(after)}`,
    `${short(2 ** before)} → ${short(2 ** after)}`,
  ];
  said.forEach((text, i) => { facts.values[i].textContent = text; });
  facts.values[1].title = exact(all);
  facts.values[2].title = `${exact(before)} → ${exact(after)}`;
  return fill(words.told, { left, cut: share(all), bits: short(after) });
}
