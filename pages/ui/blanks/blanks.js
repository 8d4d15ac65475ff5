// A sentence whose words can be covered: each is a button that stays pressed while a mask lies on it.

const WAIT = 300; // milliseconds after the last click before the model is asked

export default function blanks({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".blanks");
  const asked = JSON.stringify(data);
  if (root.asked === asked) return; // our own click coming back
  root.asked = asked;
  const covered = new Set(data.covered);
  const fixed = new Set(data.fixed);
  let timer = 0;
  const strip = make("div", "strip", { role: "toolbar", "aria-label": data.labels.strip });
  const words = data.words.map((word, place) => {
    const made = make("button", "word", { type: "button" });
    made.disabled = fixed.has(place);
    made.tabIndex = -1;
    made.addEventListener("click", () => toggle(place));
    strip.append(made);
    return made;
  });
  const open = words.filter((made) => !made.disabled);
  if (open[0]) open[0].tabIndex = 0;
  words.forEach((_, place) => show(place));
  strip.addEventListener("keydown", walk);
  root.replaceChildren(strip, make("div", "hint", {}, data.labels.hint));

  function show(place) {
    const on = covered.has(place) || fixed.has(place);
    const said = fixed.has(place) ? data.labels.typed : on ? data.labels.lift : data.labels.cover;
    words[place].replaceChildren(on ? data.mask : make("bdi", "", {}, data.words[place]));
    words[place].setAttribute("aria-pressed", on);
    words[place].setAttribute("aria-label", said.replace("{word}", () => data.words[place]));
    words[place].title = words[place].getAttribute("aria-label");
  }

  function toggle(place) {
    if (!covered.delete(place)) covered.add(place);
    show(place);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = [...covered].sort((a, b) => a - b);
      root.asked = JSON.stringify({ ...data, covered: now });
      setStateValue("covered", now);
    }, WAIT);
  }

  // One stop for the Tab key; arrows walk from word to word.
  function walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const here = open.indexOf(event.target);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = open[Math.max(0, Math.min(open.length - 1, here + step))];
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

function make(tag, className, attributes, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}
