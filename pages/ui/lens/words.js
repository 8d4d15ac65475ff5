// The sentence as chips: the token that looks is framed, what it looks at takes the ink of its weight.
import { css, readable, weightStep } from "./colour.js";
import { chip, element } from "./dom.js";
import { percent } from "./text.js";

// A row of chips; act(index, event) is told when one is pointed at, left (-1) or pressed.
export function makeWords(tokens, title, act) {
  const chips = tokens.map((token, index) => {
    const made = chip(token, "chip word");
    made.append(element("span", "share"));
    made.setAttribute("role", "listitem");
    made.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && act(index, "hover"));
    made.addEventListener("click", () => act(index, "press"));
    return made;
  });
  const list = element("div", "words", ...chips);
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", title);
  list.addEventListener("pointerleave", () => act(-1, "hover"));
  return { list, chips };
}

// weights: of one row, one for each chip, or null to clear; looking: the index of the framed chip, or -1.
export function tintWords(chips, weights, looking, target, colours) {
  chips.forEach((made, index) => {
    const weight = weights ? weights[index] : 0;
    const step = weightStep(weight);
    const tinted = weights && weight > 0;
    const share = weights && weight >= 0.005 ? percent(weight) : "";
    const look = `${tinted ? step : ""} ${share} ${index === looking} ${index === target} ${colours.dark}`;
    if (made.look === look) return; // what is written anew is laid out anew
    made.look = look;
    made.style.backgroundColor = tinted ? css(colours.weights, step) : "";
    made.style.color = tinted ? readable(colours.weights, step, colours) : "";
    made.classList.toggle("looking", index === looking);
    made.classList.toggle("target", index === target);
    made.lastChild.textContent = share;
  });
}
