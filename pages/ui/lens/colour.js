// The two scales of the course as 256-step tables, read from lens.css, so that both themes and all figures agree.

const CURVE = 0.6; // weights below 0.1 matter and must show; the legend under the map says how ink grows

function parse(hex) {
  const value = parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function ramp(style, name) {
  const stops = [0, 1, 2, 3, 4].map((i) => parse(style.getPropertyValue(`--${name}-${i}`)));
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i += 1) {
    const stop = (i / 255) * 4;
    const low = Math.min(3, Math.floor(stop));
    for (let c = 0; c < 3; c += 1) table[i * 4 + c] = stops[low][c] + (stops[low + 1][c] - stops[low][c]) * (stop - low);
    table[i * 4 + 3] = 255;
  }
  return table;
}

// Colours of the theme that the page has now. Dark or light is judged by the page's own background.
export function readColours(root) {
  const page = getComputedStyle(root).getPropertyValue("--st-background-color");
  root.classList.toggle("dark", /^\s*#/.test(page) && parse(page).reduce((sum, c) => sum + c, 0) < 384);
  const style = getComputedStyle(root);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    weights: ramp(style, "seq"), change: ramp(style, "div"), paper: named("seq-0"), ink: named("ink"),
    faint: named("faint"), quiet: named("quiet"), accent: named("accent"), font: style.fontFamily,
    dark: root.classList.contains("dark"),
  };
}

const FINE = 4096;
const STEP = Uint8Array.from({ length: FINE + 1 }, (_, i) => Math.round(255 * (i / FINE) ** CURVE));
const HALF = Float32Array.from({ length: FINE + 1 }, (_, i) => 127.5 * (i / FINE) ** CURVE);
const place = (size) => (Math.min(1, Math.max(0, size)) * FINE + 0.5) | 0;

// Row of the table for a weight in [0, 1], or for a change in [-1, 1].
export const weightStep = (weight) => STEP[place(weight)];
export const changeStep = (change) => Math.round(127.5 + Math.sign(change) * HALF[place(Math.abs(change))]);

export function css(table, step) {
  return `rgb(${table[step * 4]} ${table[step * 4 + 1]} ${table[step * 4 + 2]})`;
}

// Ink or paper, whichever can be read on this step of a scale.
export function readable(table, step, colours) {
  const [r, g, b] = table.subarray(step * 4, step * 4 + 3);
  const bright = 0.299 * r + 0.587 * g + 0.114 * b > 140;
  return bright === colours.dark ? colours.paper : colours.ink;
}

// A matrix as an image, one pixel a cell.
export function image(values, rows, columns, table, step) {
  const picture = new ImageData(columns, rows);
  const pixels = new Uint32Array(picture.data.buffer);
  const inks = new Uint32Array(table.buffer);
  for (let i = 0; i < values.length; i += 1) pixels[i] = inks[step(values[i])];
  return picture;
}
