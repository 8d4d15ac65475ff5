// Byte pair encoding, one merge after the other. Python computed every step; here they are only shown.
import { readColours } from "./colour.js";
import { button, element, phrase } from "./dom.js";
import { makeLink, readLink } from "./link.js";
import { pieceChip } from "./strip.js";

export default function mountMerges({ parentElement, data }) {
  const root = parentElement.querySelector(".merges");
  readColours(root); // sets light or dark
  const asked = JSON.stringify(data);
  const stop = () => root.link?.stop();
  if (root.asked === asked) return stop;
  if (!root.link) {
    root.link = makeLink(data.name, root); // written as the lens writes a head: "step.0"
    data.start = readLink(data.name)?.module ?? data.start;
  }
  const same = root.text === JSON.stringify([data.words, data.order]);
  Object.assign(root, { asked, text: JSON.stringify([data.words, data.order]), step: same ? root.step : data.start });
  buildMerges(root, data);
  return stop;
}

function buildMerges(root, data) {
  const { labels, rounds } = data;
  const slider = element("input", "slide");
  Object.assign(slider, { type: "range", min: 0, max: rounds.length, value: Math.min(root.step, rounds.length) });
  slider.setAttribute("aria-label", labels.step);
  const [said, counts, pairs, text] = ["said", "counts quiet", "pairs", "tokens"].map((name) => element("div", name));
  said.setAttribute("aria-live", "polite");
  const caption = element("div", "caption", labels.pairs);
  const show = () => showStep(root, data, Number(slider.value), { said, counts, pairs, text, caption });
  const moved = () => {
    show();
    root.link.set({ module: root.step, head: 0 });
  };
  const by = (change) => () => {
    slider.value = Number(slider.value) + change;
    moved();
  };
  const [back, on] = [button("move", "‹", by(-1)), button("move", "›", by(1))];
  back.setAttribute("aria-label", labels.back);
  on.setAttribute("aria-label", labels.on);
  slider.addEventListener("input", moved);
  const now = element("div", "now", said, counts);
  const left = element("div", "ranking", caption, pairs);
  root.replaceChildren(element("div", "steer", back, slider, on), now, element("div", "both", left, element("div", "shown", text)));
  show();
}

function showStep(root, data, step, dom) {
  const { labels, rounds } = data;
  root.step = step;
  const [last, next] = [rounds[step - 1], rounds[step]];
  dom.said.replaceChildren(...(last ? mergeSaid(last, step, rounds.length, labels) : [labels.nothing_yet]));
  const facts = last ?? data;
  dom.counts.textContent = labels.sizes.replace("{tokens}", facts.tokens).replace("{size}", facts.size);
  dom.caption.textContent = next ? labels.pairs : labels.no_more;
  dom.pairs.replaceChildren(...(next?.rivals ?? []).flatMap((rival, place) => pairRow(rival, next.rivals[0][2], place === 0)));
  const cuts = data.words.slice();
  const touched = new Set();
  for (let at = 0; at < step; at += 1) {
    for (const [word, cut] of rounds[at].changed) {
      cuts[word] = cut;
      if (at === step - 1) touched.add(word);
    }
  }
  dom.text.replaceChildren(...data.order.map((word) => {
    const chips = cuts[word].map((symbol) => pieceChip(symbol, touched.has(word) && symbol === last.made ? "chip fresh" : "chip"));
    return element("span", "one-word", ...chips);
  }));
  root.dataset.step = String(step);
  root.dataset.made = last?.made ?? "";
}

function mergeSaid(round, step, all, labels) {
  const [left, right] = round.pair.map((symbol) => pieceChip(symbol));
  const parts = {
    left, right, made: pieceChip(round.made, "chip fresh"),
    step: document.createTextNode(step), all: document.createTextNode(all), count: element("b", "", String(round.count)),
  };
  return phrase(labels.merge, parts);
}

function pairRow([left, right, count], most, first) {
  const bar = element("span", "bar");
  bar.style.width = `${(100 * count) / most}%`;
  const pair = element("span", first ? "pair first" : "pair", pieceChip(left), pieceChip(right));
  return [pair, element("span", "track", bar), element("span", "", String(count))];
}
