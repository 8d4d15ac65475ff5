// What Streamlit calls for a strip of tokens: once a mount, and again on every rerun and change of theme.
import { readColours } from "./colour.js";
import { folded, makeStrip } from "./strip.js";

export default function mountChips({ parentElement, data }) {
  const root = parentElement.querySelector(".strip");
  const colours = readColours(root);
  const asked = JSON.stringify([data, colours.dark]);
  if (root.asked === asked) return; // whoever walks along the strip stays where they are
  root.asked = asked;
  const { list, live } = makeStrip(data, data.words, colours);
  const more = folded(root, list, data.limit, data.words);
  root.replaceChildren(...[list, more, live].filter(Boolean));
}
