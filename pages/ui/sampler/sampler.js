// The sampler: what is set, what it leaves, what is drawn from it. Python is told only where the sliders were let go.
import { readColours } from "../lens/colour.js";
import { button, element } from "../lens/dom.js";
import { fill } from "../lens/text.js";
import { rising, sampledFrom, softmax } from "./cuts.js";
import { drawOne, generator } from "./draws.js";
import { saveBarsCsv, saveBarsPng, saveBarsSvg } from "./export.js";
import { fillFacts, makeFacts } from "./facts.js";
import { fillRows, makeRows } from "./rows.js";
import { makeSliders, readSettings, STANDARD, writeSettings } from "./sliders.js";

const WAIT = 300; // ms after a slider was let go
const HUNDRED = 100;

export default function mountSampler({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".sampler");
  readColours(root); // sets light or dark
  const asked = JSON.stringify(data);
  if (root.asked === asked) return; // our own settings coming back
  const linked = new URLSearchParams(window.location.search).get(data.name);
  const settings = root.settings ?? readSettings(linked) ?? STANDARD;
  Object.assign(root, { asked });
  const logits = new Float32Array(Uint8Array.from(atob(data.logits), (letter) => letter.charCodeAt(0)).buffer);
  const sampler = {
    root, data, words: data.words, logits, order: rising(logits), own: softmax(logits),
    truth: data.truth && new Map(data.truth), names: new Map(data.ids.map((id, i) => [id, data.tokens[i]])),
    counts: new Map(), draws: 0, seed: data.seed, shown: root.shown ?? data.few,
    send: (text) => setStateValue("settings", text),
  };
  build(sampler, settings);
}

function build(sampler, settings) {
  const { root, words, logits } = sampler;
  let [timer, frame, latest] = [0, 0, null];
  const sliders = makeSliders(logits.length, words, (now, done) => {
    latest = now;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      apply(sampler, latest);
    });
    if (!done) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      sampler.live.textContent = sampler.said;
      sampler.send(writeSettings(now));
    }, WAIT);
  });
  sampler.facts = makeFacts(words);
  sampler.live = element("div", "heard");
  sampler.live.setAttribute("aria-live", "polite");
  sampler.table = element("div", "pairs");
  sampler.drawer = makeDrawer(sampler);
  const steering = element("div", "steering", sliders.whole, sampler.facts.whole);
  const files = { PNG: saveBarsPng, SVG: saveBarsSvg, CSV: saveBarsCsv };
  const tools = element("div", "tools", ...Object.entries(files).map(([title, store]) => button("tool", title, () => store(sampler))));
  const outcome = element("div", "outcome", element("div", "caption", words.caption), sampler.table, sampler.drawer.whole, tools, sampler.live);
  root.replaceChildren(element("div", "two", steering, outcome));
  makeRows(sampler);
  apply(sampler, sliders.set(settings));
}

// New settings: what was drawn under the old ones says nothing about them.
function apply(sampler, settings) {
  sampler.root.settings = settings;
  sampler.sampled = sampledFrom(sampler.logits, sampler.order, settings);
  sampler.said = fillFacts(sampler.facts, sampler.own, sampler.sampled, sampler.words);
  sampler.root.dataset.settings = writeSettings(settings);
  startOver(sampler, sampler.seed);
}

function startOver(sampler, seed) {
  Object.assign(sampler, { seed, random: generator(seed), draws: 0, counts: new Map() });
  refresh(sampler);
}

function drawMore(sampler) {
  for (let i = 0; i < HUNDRED; i += 1) {
    const id = drawOne(sampler.sampled.chances, sampler.order, sampler.random);
    sampler.counts.set(id, (sampler.counts.get(id) ?? 0) + 1);
  }
  sampler.draws += HUNDRED;
  refresh(sampler);
  sampler.live.textContent = sampler.drawer.state.textContent;
}

function refresh(sampler) {
  const { drawer, words, draws, seed, data } = sampler;
  fillRows(sampler);
  drawer.draw.textContent = draws ? words.draw_more : words.draw;
  drawer.again.hidden = drawer.other.hidden = draws === 0;
  drawer.state.textContent = draws ? fill(words.drawn_so_far, { draws, seed }) : "";
  sampler.root.dataset.draws = String(draws);
  sampler.root.dataset.seed = String(seed - data.seed);
}

function makeDrawer(sampler) {
  const { words } = sampler;
  const draw = button("act", words.draw, () => drawMore(sampler));
  const again = button("tool", words.again, () => startOver(sampler, sampler.data.seed));
  const other = button("tool", words.other_seed, () => {
    startOver(sampler, sampler.seed + 1);
    drawMore(sampler);
  });
  const state = element("span", "quiet");
  const more = button("tool", words.more, () => {
    sampler.shown = Math.min(sampler.data.most, sampler.shown * 2 + sampler.data.few);
    sampler.root.shown = sampler.shown;
    makeRows(sampler);
    fillRows(sampler);
  });
  sampler.more = more;
  return { whole: element("div", "drawer", draw, again, other, state, more), draw, again, other, state };
}
