// What is chosen, kept in the page's own link: "module.head" or, with a cell open, "module.head.row.column".
// The address is changed in place: no rerun, no new entry in the history.

const SETTLE = 400; // ms; browsers refuse hundreds of address changes in a few seconds

export function readLink(name) {
  const value = new URLSearchParams(window.location.search).get(name);
  if (!value || !/^\d{1,3}(\.\d{1,3}){1,3}$/.test(value)) return null;
  const [module, head, row, column] = value.split(".").map(Number);
  return { module, head, row, column };
}

export function makeLink(name) {
  let timer = 0;
  return (state) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => writeLink(name, state), SETTLE);
  };
}

function writeLink(name, state) {
  const place = state.open ? [state.module, state.head, state.row, state.column] : [state.module, state.head];
  const url = new URL(window.location.href);
  if (url.searchParams.get(name) === place.join(".")) return;
  url.searchParams.set(name, place.join("."));
  window.history.replaceState(window.history.state, "", url);
}
