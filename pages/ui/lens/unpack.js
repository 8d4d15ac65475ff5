// The bytes that payload.py packed, as typed arrays; and the weights of any head, dense.

const TYPES = { float32: Float32Array, uint16: Uint16Array, uint8: Uint8Array };
const STEPS = { Float32Array: 1, Uint16Array: 65535, Uint8Array: 255 };

// bytes -> {header, block(name) -> typed array or null}. Views only: nothing is copied but one realigned buffer.
export function unpack(bytes) {
  const aligned = bytes.byteOffset % 4 ? bytes.slice() : bytes;
  const length = new DataView(aligned.buffer, aligned.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const start = aligned.byteOffset + 4 + length;
  const block = (name) => {
    const entry = header.blocks[name];
    return entry ? new TYPES[entry[0]](aligned.buffer, start + entry[1], entry[2]) : null;
  };
  return { header, runs: header.runs.map((run, index) => readRun(run, `${index}.`, block, header.exact)) };
}

function readRun(run, prefix, block, exact) {
  const modules = run.modules.map((module, index) => {
    const [heads, rows, columns] = module.shape;
    const part = (letter) => block(`${prefix}${index}.${letter}`);
    const packed = part("v");
    const visible = unpackBits(packed, rows * columns);
    const places = module.dense ? null : visible;
    const sent = part("w");
    return {
      ...module, index, heads, rows, columns, packed, visible, sent, places, exact,
      perHead: sent.length / heads, steps: STEPS[sent.constructor.name],
      queries: part("q"), keys: part("k"), rest: part("r"), exactWeights: part("x"),
      exactHead: exact === "all" ? null : run.head[0] === index ? run.head[1] : -1,
      from: module.kind === "encoder" ? run.source ?? run.tokens : run.tokens,
      at: module.kind === "self" ? run.tokens : run.source ?? run.tokens,
    };
  });
  for (const module of modules) module.mask = modules.findIndex((other) => sameMask(module, other));
  return { tokens: run.tokens, source: run.source, modules };
}

function sameMask(one, other) {
  return one.rows === other.rows && one.columns === other.columns && one.packed.every((byte, i) => byte === other.packed[i]);
}

function unpackBits(packed, count) {
  const bits = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) bits[i] = (packed[i >> 3] >> (7 - (i & 7))) & 1;
  return bits;
}

// True when this head's queries, keys and float32 weights are here.
export function isExact(module, head) {
  return module.exact === "all" || module.exactHead === head;
}

// Weights of one head, dense, (rows * columns) Float32Array; exact wherever isExact says so.
export function headWeights(module, head) {
  const size = module.rows * module.columns;
  if (module.exactWeights && module.exactHead === head) return module.exactWeights;
  const offset = head * module.perHead;
  const weights = new Float32Array(size);
  let next = offset;
  for (let i = 0; i < size; i += 1) {
    if (!module.places || module.places[i]) {
      weights[i] = module.sent[next] / module.steps;
      next += 1;
    }
  }
  return weights;
}

// Queries (rows, width) and keys (columns, width) of an exact head, and what the model adds to their products.
export function headVectors(module, head) {
  const slot = module.exact === "all" ? head : 0;
  const cut = (array, count) => array && array.subarray(slot * count, (slot + 1) * count);
  return {
    queries: cut(module.queries, module.rows * module.width),
    keys: cut(module.keys, module.columns * module.width),
    rest: cut(module.rest, module.rows * module.columns),
  };
}
