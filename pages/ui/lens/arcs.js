// Attention as arcs over the sentence, for the first screen: faint for every token, clear for the one pointed at.
import { chip, element } from "./dom.js";
import { percent } from "./text.js";

const ARC_SPACE = "http://www.w3.org/2000/svg";
const FAINTEST = 0.02; // lighter arcs would only be dust

// weights: dense (T * T) of one head; row: the token pointed at, or -1. Chips give the places.
export function drawArcs(svg, chips, weights, row, colours) {
  const box = svg.getBoundingClientRect();
  const places = chips.map((made) => {
    const at = made.getBoundingClientRect();
    return { x: at.left + at.width / 2 - box.left, y: at.top - box.top };
  });
  const arcs = [];
  for (let t = 0; t < places.length; t += 1) {
    for (let s = 0; s < places.length; s += 1) {
      const weight = weights[t * places.length + s];
      if (weight >= FAINTEST) arcs.push({ weight, clear: t === row, from: places[t], at: places[s] });
    }
  }
  arcs.sort((a, b) => a.clear - b.clear);
  svg.replaceChildren(...arcs.map((one) => arc(one.from, one.at, one.weight, one.clear, colours)));
}

function arc(from, at, weight, clear, colours) {
  const path = document.createElementNS(ARC_SPACE, "path");
  const distance = Math.hypot(from.x - at.x, from.y - at.y);
  const rise = distance < 1 ? 26 : Math.min(110, 18 + distance * 0.32);
  const [x1, x2] = distance < 1 ? [from.x - 7, at.x + 7] : [from.x, at.x];
  const top = Math.max(2, Math.min(from.y, at.y) - rise);
  path.setAttribute("d", `M ${x1} ${from.y - 2} C ${x1} ${top}, ${x2} ${top}, ${x2} ${at.y - 2}`);
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", clear ? colours.accent : colours.ink);
  path.setAttribute("stroke-width", String(0.75 + (clear ? 5 : 2.5) * weight));
  path.setAttribute("stroke-linecap", "round");
  path.setAttribute("opacity", String(clear ? 0.25 + 0.75 * weight : 0.06 + 0.22 * weight));
  return path;
}

// The next words as bars; their lengths are the probabilities themselves, 1 is the full width.
export function fillNext(holder, title, next) {
  const rows = next.map(([token, probability]) => {
    const bar = element("span", "bar");
    bar.style.width = `${Math.max(0.3, 100 * probability)}%`;
    return element("li", "", chip(token), element("span", "track", bar), element("span", "number", percent(probability)));
  });
  holder.replaceChildren(element("div", "caption", title), element("ol", "next", ...rows));
}
