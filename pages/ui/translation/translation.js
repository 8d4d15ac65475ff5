// A translation, word by word. Python sent all of it once; stepping, and choosing a head, happen here.
import { readColours } from "./colour.js";
import { button, chip, element, phrase } from "./dom.js";
import { saveTranslationCsv, saveTranslationPng, saveTranslationSvg } from "./export.js";
import { drawLines, readTranslation } from "./lines.js";
import { makeLink, readLink } from "./link.js";
import { percent } from "./text.js";
import { svg } from "../tools/files.js";

export default function mountTranslation({ parentElement, data }) {
  const root = parentElement.querySelector(".translation");
  readColours(root); // sets light or dark
  const found = readTranslation(data);
  const { header } = found;
  const stop = () => {
    root.link?.stop();
    root.watch?.disconnect();
  };
  if (root.asked === found.text) return stop; // whoever stands at a word stays there
  const [, heads] = header.shape;
  const linked = root.link ? null : readLink(header.name); // written as the lens writes a head: "step.head"
  root.link ??= makeLink(header.name, root);
  const same = root.told === JSON.stringify([header.source, header.tokens]);
  const first = { step: header.start, pick: 1 + header.shown[0] * heads + header.shown[1] };
  const before = linked ? { step: linked.module, pick: linked.head } : same ? root.state : first;
  root.state = {
    step: Math.min(before.step, header.tokens.length - 1),
    pick: before.pick <= header.shape[0] * heads ? before.pick : first.pick,
  };
  Object.assign(root, { asked: found.text, told: JSON.stringify([header.source, header.tokens]) });
  build(root, found);
  return stop;
}

function build(root, found) {
  const { header } = found;
  const { words, tokens, source } = header;
  const above = source.map((token) => wordChip(token));
  const below = tokens.map((token, n) => wordChip(token, () => go(n)));
  const drawing = svg("svg", { "aria-hidden": "true" });
  const rows = [above, below].map((chips, i) => element("div", i ? "line target" : "line source", ...chips));
  const stage = element("div", "stage", drawing, ...rows);
  const slider = element("input", "slide");
  Object.assign(slider, { type: "range", min: 0, max: tokens.length - 1, value: root.state.step });
  slider.setAttribute("aria-label", words.step);
  slider.addEventListener("input", () => go(Number(slider.value)));
  const turn = (name, sign, by) => {
    const made = button("move", sign, () => go(root.state.step + by));
    made.setAttribute("aria-label", words[name]);
    return made;
  };
  const steer = element("div", "steer", turn("back", "‹", -1), slider, turn("on", "›", 1));
  const said = element("div", "said");
  said.setAttribute("aria-live", "polite");
  const next = element("div", "likeliest");
  const picker = headPicker(header, root.state.pick, (pick) => {
    root.state.pick = pick;
    show();
  });
  const caption = element("div", "caption", words.next);
  const gold = header.links && element("div", "caption", element("span", "mark", "◆"), ` ${words.gold}`);
  const files = { PNG: saveTranslationPng, SVG: saveTranslationSvg, CSV: saveTranslationCsv };
  const shown = { root, found, stage, drawing, above, below, said, head: picker.querySelector("select") };
  const tools = element("div", "tools", ...Object.entries(files).map(([title, store]) => button("tool", title, () => store(shown))));
  root.replaceChildren(picker, steer, stage, gold ?? "", said, caption, next, tools);

  function go(step) {
    root.state.step = Math.max(0, Math.min(tokens.length - 1, step));
    slider.value = root.state.step;
    show();
  }

  function show() {
    const { step, pick } = root.state;
    const weights = found.row(pick, step);
    mark(above, below, header, step, weights);
    said.replaceChildren(...sentence(header, step, weights));
    next.replaceChildren(...header.likeliest[step].flatMap((one) => bar(one, tokens[step])));
    drawLines(stage, drawing, above, below, step, (n) => found.row(pick, n));
    root.link.set({ module: step, head: pick });
    Object.assign(root.dataset, { step, pick });
  }

  root.watch?.disconnect();
  root.watch = new ResizeObserver(() => drawLines(stage, drawing, above, below, root.state.step, (n) => found.row(root.state.pick, n)));
  root.watch.observe(stage);
  show();
}

function wordChip(token, act) {
  const made = chip(token, "chip word");
  made.append(element("span", "share"));
  if (act) made.addEventListener("click", act);
  return made;
}

// Under each word of the source its share; the gold partners marked; what is not yet written is a gap.
function mark(above, below, header, step, weights) {
  const partners = new Set(header.links?.[step] ?? []);
  above.forEach((made, s) => {
    made.querySelector(".share").textContent = percent(weights[s]) + (partners.has(s) ? " ◆" : "");
    made.classList.toggle("gold", partners.has(s));
  });
  below.forEach((made, n) => {
    made.classList.toggle("looking", n === step);
    made.classList.toggle("later", n > step);
  });
}

function sentence({ words, source, tokens }, step, weights) {
  const most = weights.indexOf(Math.max(...weights));
  const text = (value) => document.createTextNode(value);
  return phrase(words.says, {
    n: text(step + 1), all: text(tokens.length), word: chip(tokens[step]), source: chip(source[most]),
    weight: text(percent(weights[most])),
  });
}

function bar([token, probability], taken) {
  const fill = element("span", "bar");
  fill.style.width = `${100 * probability}%`;
  const name = element("span", token === taken ? "pair first" : "pair", chip(token));
  return [name, element("span", "track", fill), element("span", "figure", percent(probability))];
}

function headPicker(header, chosen, act) {
  const { words, shape: [layers, heads] } = header;
  const select = element("select", "heads");
  const option = (value, text) => select.append(Object.assign(element("option", "", text), { value }));
  option(0, words.mean);
  for (let layer = 0; layer < layers; layer += 1) {
    for (let head = 0; head < heads; head += 1) {
      option(1 + layer * heads + head, words.head.replace("{layer}", layer).replace("{head}", head));
    }
  }
  select.value = chosen;
  select.addEventListener("change", () => act(Number(select.value)));
  return element("label", "picker", `${words.heads} `, select);
}
