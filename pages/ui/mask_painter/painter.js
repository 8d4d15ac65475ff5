// A grid of cells to paint: row i, column j says whether token i may look at token j. The diagonal stays: a token
// that could look at nothing would have no weights at all.

const WAIT = 250; // milliseconds after the last stroke before the model is asked

export default function painter({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".painter");
  const asked = JSON.stringify([data.tokens, data.visible]);
  if (root.asked === asked && root.language === data.words.title) return; // our own stroke coming back
  root.asked = asked;
  root.language = data.words.title;
  const rows = data.visible.map((row) => [...row].map((cell) => cell === "1"));
  draw(root, rows, data, (now) => {
    root.asked = JSON.stringify([data.tokens, now]);
    setStateValue("visible", now);
  });
}

function draw(root, rows, { tokens, words, start }, send) {
  const T = tokens.length;
  const grid = make("div", "grid", { role: "grid", "aria-label": words.title });
  grid.style.setProperty("--columns", T);
  const cells = rows.map((row, i) => row.map((_, j) => cell(i, j)));
  const heads = tokens.map((token) => make("div", "head", { role: "columnheader" }, make("bdi", "", {}, token)));
  grid.append(line(make("div", "corner", {}, `${words.looks_at} →`, make("br", "", {}), `${words.looks_from} ↓`), ...heads));
  rows.forEach((_, i) => grid.append(line(make("div", "side", { role: "rowheader" }, make("bdi", "", {}, tokens[i])), ...cells[i])));
  const presets = make("div", "presets", {});
  const add = (name, rule) => presets.append(preset(words[name], () => fill(rule)));
  add("as_offered", (i, j) => start[i][j] === "1");
  add("causal", (i, j) => j <= i);
  add("everything", () => true);
  add("neighbours", (i, j) => j <= i && i - j < 2);
  root.replaceChildren(presets, grid);
  let ink = null; // what the running stroke paints: true, false, or null between strokes
  let timer = 0;
  refresh();

  function line(...parts) {
    const made = make("div", "line", { role: "row" });
    made.append(...parts);
    return made;
  }

  function cell(i, j) {
    const made = make("button", "cell", { type: "button", role: "gridcell", tabindex: i === 1 && j === 0 ? "0" : "-1" });
    made.dataset.place = `${i} ${j}`;
    made.classList.toggle("future", j > i);
    made.disabled = i === j;
    return made;
  }

  function preset(word, act) {
    const made = make("button", "preset", { type: "button" }, word);
    made.addEventListener("click", act);
    return made;
  }

  function fill(rule) {
    rows.forEach((row, i) => row.forEach((_, j) => (row[j] = i === j || rule(i, j))));
    refresh();
    later();
  }

  function refresh() {
    cells.forEach((row, i) => row.forEach((made, j) => {
      made.setAttribute("aria-pressed", rows[i][j]);
      const what = rows[i][j] ? words.may : words.may_not;
      made.setAttribute("aria-label", what.replace("{from}", tokens[i]).replace("{at}", tokens[j]));
      made.title = made.getAttribute("aria-label");
    }));
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => send(rows.map((row) => row.map((on) => (on ? "1" : "0")).join(""))), WAIT);
  }

  function paint(target) {
    const place = target?.dataset?.place;
    if (!place || target.disabled || ink === null) return;
    const [i, j] = place.split(" ").map(Number);
    if (rows[i][j] === ink) return;
    rows[i][j] = ink;
    refresh();
  }

  function toggle(target) {
    const [i, j] = target.dataset.place.split(" ").map(Number);
    ink = !rows[i][j];
    paint(target);
  }

  grid.addEventListener("pointerdown", (event) => {
    if (!event.target.dataset.place || event.target.disabled) return;
    event.preventDefault();
    event.target.focus();
    toggle(event.target);
  });
  grid.addEventListener("pointermove", (event) => {
    if (ink === null || event.buttons === 0) return;
    paint(grid.getRootNode().elementFromPoint(event.clientX, event.clientY)); // touch keeps its first target
  });
  const lift = () => {
    if (ink !== null) later();
    ink = null;
  };
  grid.addEventListener("pointerup", lift);
  grid.addEventListener("pointerleave", lift);
  grid.addEventListener("pointercancel", lift);
  grid.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const place = event.target.dataset.place;
    if (!place) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      toggle(event.target);
      lift();
    } else if (steps[event.key]) {
      event.preventDefault();
      walk(event.target, place.split(" ").map(Number), steps[event.key]);
    }
  });

  // The next cell that can be painted in this direction takes the focus.
  function walk(from, [i, j], [down, right]) {
    do {
      i += down;
      j += right;
    } while (cells[i]?.[j]?.disabled);
    if (!cells[i]?.[j]) return;
    from.tabIndex = -1;
    cells[i][j].tabIndex = 0;
    cells[i][j].focus();
  }
}

function make(tag, className, attributes, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}
