// Drawing tokens: the same seed draws the same tokens on every machine.

// A small generator of random numbers in [0, 1), after mulberry32: 32 bits of state, stepped and stirred.
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// One token: walk from the likeliest down until the random number is used up.
export function drawOne(chances, order, random) {
  let left = random();
  for (let place = order.length - 1; place >= 0; place -= 1) {
    left -= chances[order[place]];
    if (left < 0) return order[place];
  }
  return order[order.length - 1]; // rounding left a speck over
}

// How often a token of this chance comes up in so many draws, and how far from it 19 times of 20.
export function expected(chance, draws) {
  return { mean: draws * chance, spread: 2 * Math.sqrt(draws * chance * (1 - chance)) };
}
