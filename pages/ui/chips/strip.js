// A strip of tokens: chips; whole characters hold their pieces together; bytes are marked; a number under each.
import { css, readable, weightStep } from "./colour.js";
import { button, chip, element, phrase } from "./dom.js";
import { exact, short, shown } from "./text.js";

const BYTES = /((?:<0x[0-9A-F]{2}>)+)/;

// A token as a chip. Bytes that make no whole character stand in base 16; a lone accent gets a circle to sit on.
export function pieceChip(token, className = "chip") {
  const parts = token.split(BYTES).filter((part) => part !== "");
  if (!parts.some((part) => BYTES.test(part))) return chip(/^\p{M}/u.test(token) ? `◌${token}` : token, className);
  const made = element("span", `${className} broken`);
  for (const part of parts) {
    const loose = BYTES.test(part);
    made.append(loose ? element("span", "byte", bytesOf(part)) : chip(part, "whole-part"));
  }
  return made;
}

function bytesOf(token) {
  return [...token.matchAll(/<0x([0-9A-F]{2})>/g)].map((found) => found[1]).join(" ");
}

// data: see pages/ui/chips/__init__.py. Returns the list and the line that says what is pointed at.
export function makeStrip(data, words, colours) {
  const live = element("div", "told quiet");
  live.setAttribute("aria-live", "polite");
  const chips = data.tokens.map((token, index) => oneChip(data, index, colours));
  const list = element("div", data.values || data.show_ids ? "tokens numbered" : "tokens", ...grouped(data, chips));
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.title || words.strip);
  walk(list, chips, (index) => live.replaceChildren(...told(data, words, index)));
  return { list, live };
}

function oneChip(data, index, colours) {
  const mark = { s: "special", u: "unknown" }[data.marks[index]] ?? "";
  const made = pieceChip(data.tokens[index], `chip token ${mark}`);
  const value = data.values?.[index] ?? null;
  if (value !== null) {
    const step = weightStep(value / data.largest);
    made.style.backgroundColor = css(colours.weights, step);
    made.style.color = readable(colours.weights, step, colours);
    made.classList.add("valued");
    made.append(element("span", "share", figure(value)));
  } else if (data.show_ids) made.append(element("span", "share", String(data.ids[index])));
  if (data.fresh?.includes(index)) made.classList.add("fresh");
  made.setAttribute("role", "listitem");
  return made;
}

// A number short enough to stand under a chip; never "0.00" for something that is not zero.
function figure(value) {
  if (value < 0) return short(value);
  if (value > 0 && value < 0.005) return "<.01";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

// The chips in order; those that are pieces of one character stand together behind it.
function grouped(data, chips) {
  const opens = new Map(data.groups.map((group) => [group[0], group]));
  const out = [];
  for (let at = 0; at < chips.length; at += 1) {
    const group = opens.get(at);
    if (!group) out.push(chips[at]);
    else {
      const [from, until, whole] = group;
      out.push(element("span", "group", element("bdi", "whole", shown(whole).body), ...chips.slice(from, until)));
      at = until - 1;
    }
  }
  return out;
}

// One stop for the Tab key; arrows walk from chip to chip, the pointer points.
function walk(list, chips, tell) {
  let here = 0;
  const go = (index) => {
    chips[here].tabIndex = -1;
    here = Math.max(0, Math.min(chips.length - 1, index));
    chips[here].tabIndex = 0;
    chips[here].focus();
  };
  chips.forEach((made, index) => {
    made.tabIndex = index === 0 ? 0 : -1;
    made.addEventListener("pointerenter", () => tell(index));
    made.addEventListener("click", () => go(index));
    made.addEventListener("focus", () => tell(index));
  });
  list.addEventListener("keydown", (event) => {
    const target = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: chips.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  });
}

// What one chip is, in words.
function told(data, words, index) {
  const facts = [];
  const add = (sentence, parts) => facts.push(" · ", ...phrase(sentence, parts));
  const text = (value) => document.createTextNode(value);
  if (data.ids) add(words.id, { id: text(data.ids[index]) });
  const value = data.values?.[index] ?? null;
  if (value !== null) add(words.value, { name: text(data.value_name), value: text(exact(value)) });
  const group = data.groups.find(([from, until]) => from <= index && index < until);
  if (group) add(words.part, { whole: element("bdi", "", shown(group[2]).body), place: text(index - group[0] + 1), count: text(group[1] - group[0]) });
  if (data.marks[index] === "s") add(words.special, {});
  if (data.marks[index] === "u") add(words.unknown, {});
  return [pieceChip(data.tokens[index]), ...facts];
}

// More than a screen holds: the rest waits behind a button.
export function folded(root, list, limit, words) {
  const rest = [...list.children].slice(limit);
  if (rest.length === 0) return null;
  for (const made of rest) made.hidden = true;
  const more = button("tool", words.more.replace("{count}", rest.length), () => {
    for (const made of rest) made.hidden = false;
    more.remove();
  });
  return more;
}
