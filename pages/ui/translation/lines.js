// The weights of a translation, and the lines that show them. Nothing here knows of buttons or of the page.
import { svg } from "../tools/files.js";

const THICKEST = 13; // pixels at a weight of 1
const THINNEST = 0.02; // weights below that are not drawn: the figures under the words tell them
export const FIGURE = 17; // pixels under a word of the source, where its share stands

// bytes -> {header, coarse, row(pick, n) -> weights over the source}. coarse: they came in steps of 1/255. pick 0: the mean of all heads; then layer by layer.
export function readTranslation(bytes) {
  const aligned = bytes.byteOffset % 4 ? bytes.slice() : bytes;
  const length = new DataView(aligned.buffer, aligned.byteOffset, 4).getUint32(0, true);
  const text = new TextDecoder().decode(aligned.subarray(4, 4 + length));
  const header = JSON.parse(text);
  const [layers, heads, N, S] = header.shape;
  const [type, offset, count] = header.blocks.w;
  const at = aligned.byteOffset + 4 + length + offset;
  const sent = type === "float32" ? new Float32Array(aligned.buffer, at, count) : new Uint8Array(aligned.buffer, at, count);
  const unit = type === "float32" ? 1 : 255;
  const one = (head, n) => Array.from(sent.subarray((head * N + n) * S, (head * N + n + 1) * S), (w) => w / unit);
  const mean = (n) => {
    const sum = new Array(S).fill(0);
    for (let head = 0; head < layers * heads; head += 1) one(head, n).forEach((w, s) => (sum[s] += w / (layers * heads)));
    return sum;
  };
  return { header, text, coarse: unit > 1, row: (pick, n) => (pick === 0 ? mean(n) : one(pick - 1, n)) };
}

// Lines from the source's chips to those written so far: all of the present one, the strongest of those before.
export function drawLines(stage, drawing, above, below, step, row) {
  const frame = stage.getBoundingClientRect();
  drawing.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const made = [];
  for (let n = 0; n <= step; n += 1) {
    const weights = row(n);
    const most = weights.indexOf(Math.max(...weights));
    weights.forEach((weight, s) => {
      if (weight < THINNEST || (n < step && s !== most)) return;
      made.push(line(ends(frame, above[s], below[n]), weight, n === step));
    });
  }
  drawing.replaceChildren(...made);
}

function ends(frame, source, target) {
  const [from, to] = [source.getBoundingClientRect(), target.getBoundingClientRect()];
  return [from.left + from.width / 2, from.bottom + FIGURE, to.left + to.width / 2, to.top].map((at, i) => at - (i % 2 ? frame.top : frame.left));
}

function line([x0, y0, x1, y1], weight, now) {
  const bend = (y1 - y0) / 2;
  const width = now ? Math.max(0.75, weight * THICKEST) : 1.2;
  const opacity = now ? 0.25 + 0.65 * weight : 0.35;
  const d = `M${x0} ${y0}C${x0} ${y0 + bend} ${x1} ${y1 - bend} ${x1} ${y1}`;
  return svg("path", { d, class: now ? "now" : "before", "stroke-width": width, opacity });
}
