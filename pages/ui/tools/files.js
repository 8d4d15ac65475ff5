// What is drawn, as files: SVG from elements, PNG from the same or from a canvas, CSV from rows. Also bundled by the lens,
// the tree and the sampler.
import { save } from "./share.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const PER_PIXEL = 3; // pixels of the PNG for each pixel of the page
const LARGEST = 8000; // pixels across; browsers refuse larger canvases
export const FONTS = 'Arial, "Liberation Sans", "DejaVu Sans", sans-serif'; // a file has no fonts of the page

// An element of a drawing; text only ever becomes textContent.
export function svg(tag, facts, text = null) {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

// XML knows neither lone surrogates nor these two.
export const svgText = (whole) => new XMLSerializer().serializeToString(whole).replace(/[\p{Surrogate}\ufffe\uffff]/gu, "\ufffd");

export function saveSvg(name, text) {
  save(name, new Blob([text], { type: "image/svg+xml" }));
}

let ruler = null;

// How wide a text will be, in whole pixels.
export function textWidth(text, font, size, weight = 400) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${weight} ${size}px ${font}`;
  return Math.ceil(ruler.measureText(text).width);
}

// A canvas with more pixels than the page has; a unit of its context is still a pixel of the page.
export function enlarged(width, height) {
  const scale = Math.min(PER_PIXEL, LARGEST / Math.max(width, height));
  const [across, down] = [width, height].map((length) => Math.floor(length * scale + 0.001)); // no part of a pixel
  const canvas = Object.assign(document.createElement("canvas"), { width: across, height: down });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return { canvas, context };
}

export function savePng(name, canvas) {
  canvas.toBlob((blob) => save(name, blob), "image/png");
}

// The PNG of the text of an SVG of this size.
export async function saveSvgAsPng(name, text, width, height) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const { canvas, context } = enlarged(width, height);
  context.resetTransform();
  context.drawImage(picture, 0, 0, canvas.width, canvas.height); // to its last pixel
  savePng(name, canvas);
}

// A cell of text. What begins like a formula gets an apostrophe, or a spreadsheet would run it; csv_text.py does the same.
export const quote = (text) => `"${(/^\s*[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

// rows of cells: numbers, and texts that were quoted; a row without cells is an empty line. The mark at the beginning
// tells a spreadsheet that Chinese may follow.
export function saveCsv(name, rows) {
  const text = `\ufeff${rows.map((row) => `${row.join(",")}\r\n`).join("")}`;
  save(name, new Blob([text], { type: "text/csv" }));
}
