// Pointer and keys: what each gesture does to the state. Nothing is drawn here.
import { cellAt } from "./map.js";
import { headAt } from "./overview.js";

export function wireOverview(canvas, lens) {
  const { update } = lens;
  const under = (event) => headAt(lens.layout, lens.modules(), event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => {
    const found = under(event);
    update(event.buttons && found ? { ...found, peek: null } : { peek: found });
  });
  canvas.addEventListener("pointerleave", () => update({ peek: null }));
  canvas.addEventListener("pointerdown", (event) => {
    const found = under(event);
    if (found) update({ ...found, peek: null });
  });
  canvas.addEventListener("keydown", (event) => {
    const [down, right] = arrow(event.key);
    if (down || right) steer(event, () => moveHead(lens, update, down, right));
  });
}

export function wireMap(canvas, side, lens) {
  const { update } = lens;
  const under = (event) => cellAt(lens.place, lens.module(), event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => update({ hover: under(event) }));
  canvas.addEventListener("pointerleave", () => update({ hover: null }));
  canvas.addEventListener("click", (event) => {
    const found = under(event);
    if (found) update({ ...found, hover: null, side: side % 2, open: found.column >= 0 });
  });
  canvas.addEventListener("keydown", (event) => mapKey(event, side, lens));
}

function mapKey(event, side, lens) {
  const { state, update } = lens;
  const [down, right] = arrow(event.key);
  if (event.shiftKey && (down || right)) return steer(event, () => moveHead(lens, update, down, right));
  if (down || right) return steer(event, () => moveCell(lens, update, down, right));
  if (event.key === "[" || event.key === "]") return steer(event, () => moveHead(lens, update, 0, event.key === "]" ? 1 : -1));
  if (event.key === "Enter" || event.key === " ") {
    return steer(event, () => update({ open: !state.open && state.column >= 0, side: side % 2 }));
  }
  if (event.key === "Escape" && state.open) return steer(event, () => update({ open: false }));
  return undefined;
}

function arrow(key) {
  return { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] ?? [0, 0];
}

function steer(event, act) {
  event.preventDefault();
  event.stopPropagation();
  act();
}

const within = (value, count) => Math.max(0, Math.min(count - 1, value));

function moveHead({ state, modules }, update, down, right) {
  const module = within(state.module + down, modules().length);
  update({ module, head: within(state.head + right, modules()[module].heads), peek: null });
}

// The first step into a row without a chosen cell goes to where it looks most.
function moveCell(lens, update, down, right) {
  const { state } = lens;
  const module = lens.module();
  const row = within(state.row + down, module.rows);
  const column = state.column < 0 ? lens.peak(row) : within(state.column + right, module.columns);
  update({ row, column, hover: null });
}
