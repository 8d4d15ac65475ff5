// What is chosen, kept in the page's own link: "module.head" or, with a cell open, "module.head.row.column".
// The address is changed in place: no rerun, no new entry in the history. Streamlit writes the addresses of its own
// widgets from what it knows, and it does not know ours; so ours is put back when it is gone.

const SETTLE = 400; // ms; browsers refuse hundreds of address changes in a few seconds
const LOOK_AGAIN = 1000;

export function readLink(name) {
  const value = new URLSearchParams(window.location.search).get(name);
  if (!value || !/^\d{1,3}(\.\d{1,3}){1,3}$/.test(value)) return null;
  const [module, head, row, column] = value.split(".").map(Number);
  return { module, head, row, column };
}

// set(state) remembers and writes; stop() ends it with the component.
export function makeLink(name, root) {
  let [value, timer] = [new URLSearchParams(window.location.search).get(name), 0];
  const write = () => {
    const url = new URL(window.location.href);
    if (value === null || !root.isConnected || url.searchParams.get(name) === value) return;
    url.searchParams.set(name, value);
    window.history.replaceState(window.history.state, "", url);
  };
  const watch = window.setInterval(write, LOOK_AGAIN);
  return {
    set: (state) => {
      const place = state.open ? [state.module, state.head, state.row, state.column] : [state.module, state.head];
      value = place.join(".");
      window.clearTimeout(timer);
      timer = window.setTimeout(write, SETTLE);
    },
    stop: () => {
      window.clearTimeout(timer);
      window.clearInterval(watch);
    },
  };
}
