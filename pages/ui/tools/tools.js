// The row under a Plotly figure: PNG and SVG from the drawing on the page, CSV from Python, the link to this view.
import { copyLink, save } from "./share.js";

const SPACE = "http://www.w3.org/2000/svg";
const PIXELS = 3; // of the PNG for each pixel of the page
const NOT_DRAWN = ".hoverlayer, .draglayer, .modebar, .infolayer .legend .legendtoggle";

// Plotly stacks several svg elements; together they are the figure.
function figureSvg(key) {
  const plot = document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
  const layers = plot ? [...plot.querySelectorAll(".main-svg")] : [];
  if (!layers.length) return null;
  const { width, height } = layers[0].getBoundingClientRect();
  const whole = document.createElementNS(SPACE, "svg");
  const facts = { xmlns: SPACE, "xmlns:xlink": "http://www.w3.org/1999/xlink", width, height, viewBox: `0 0 ${width} ${height}` };
  for (const [name, value] of Object.entries(facts)) whole.setAttribute(name, value);
  const paper = document.createElementNS(SPACE, "rect");
  paper.setAttribute("width", width);
  paper.setAttribute("height", height);
  paper.setAttribute("fill", layers[0].style.background || "none");
  whole.append(paper);
  for (const layer of layers) whole.append(...layer.cloneNode(true).childNodes);
  for (const left of whole.querySelectorAll(NOT_DRAWN)) left.remove();
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

async function figurePng({ text, width, height }) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * PIXELS);
  canvas.height = Math.round(height * PIXELS);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function brieflySay(pressed, text) {
  const before = pressed.dataset.words;
  pressed.textContent = text;
  window.setTimeout(() => { pressed.textContent = before; }, 2000);
}

export default function mount({ parentElement, data }) {
  const row = parentElement.querySelector(".tools");
  const { words, key, name } = data;
  const acts = {
    PNG: async () => save(`${name}.png`, await figurePng(figureSvg(key))),
    SVG: async () => save(`${name}.svg`, new Blob([figureSvg(key).text], { type: "image/svg+xml" })),
    CSV: async () => save(`${name}.csv`, new Blob([data.csv], { type: "text/csv" })),
    [words.link]: async (pressed) => {
      await copyLink();
      brieflySay(pressed, words.copied);
    },
  };
  const buttons = Object.entries(acts).map(([title, act]) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = title;
    made.dataset.words = title;
    made.addEventListener("click", () => act(made).catch(() => brieflySay(made, words.failed)));
    return made;
  });
  row.replaceChildren(...buttons);
}
