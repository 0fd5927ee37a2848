"use strict";
// Text measured by the advance widths of the shipped fonts. `FACES` comes from fonts/metrics.json.

const INHERITED = new Set([
  "color", "cursor", "fill", "fill-opacity", "font-family", "font-size", "font-style", "font-variant", "font-weight",
  "letter-spacing", "line-height", "pointer-events", "stroke", "stroke-dasharray", "stroke-opacity", "stroke-width",
  "text-anchor", "text-transform", "visibility", "white-space", "shape-rendering",
]);
const DEFAULTS = {
  "display": "block", "fill": "rgb(0, 0, 0)", "font-family": "Open Sans", "font-size": "16px", "font-style": "normal",
  "font-weight": "400", "opacity": "1", "stroke": "none", "text-anchor": "start", "visibility": "visible", "stroke-width": "1px",
};
const MONOSPACE = /mono|courier|consol|menlo|typewriter/i;
const FAMILIES = { sans: "Open Sans", mono: "Prosa Mono" };
const SYMBOLS = "Prosa Symbols";

function computed(element, name) {
  for (let node = element; node instanceof Element; node = node.parentNode) {
    const value = (node._style && node._style.getPropertyValue(name)) || node._attributes.get(name);
    if (value && value !== "inherit") return value;
    if (!INHERITED.has(name)) break;
  }
  return DEFAULTS[name] || "";
}

function getComputedStyle(element) {
  const read = (name) => (name === "font-size" ? fontSize(element) + "px" : computed(element, name));
  return new Proxy({ getPropertyValue: read }, {
    get: (style, name) => style[name] || read(String(name).replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase())),
  });
}

function fontSize(element) {
  if (!(element instanceof Element)) return 16;
  const own = (element._style && element._style.getPropertyValue("font-size")) || element._attributes.get("font-size");
  if (!own || own === "inherit") return fontSize(element.parentNode);
  const size = parseFloat(own);
  if (own.endsWith("%")) return (size / 100) * fontSize(element.parentNode);
  return own.endsWith("em") ? size * fontSize(element.parentNode) : size || 0;
}

function faceOf(element) {
  const weight = computed(element, "font-weight");
  const bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  const style = computed(element, "font-style");
  return faceNamed(familyOf(computed(element, "font-family")), bold, style === "italic" || style.startsWith("oblique"));
}

const familyOf = (list) => (MONOSPACE.test(list) ? "mono" : "sans");
const faceNamed = (family, bold, italic) => family + (bold ? "-bold" : "") + (italic && family === "sans" ? "-italic" : "");

// In parts of an em.
function advance(code, face) {
  const own = faceWith(code, face);
  if (own) return FACES[own].advances[code];
  if (IGNORABLE.test(String.fromCodePoint(code))) return 0;
  return code > 0x2e80 ? 1 : 0.6;
}

const symbolsOf = (face) => (face.includes("bold") ? "symbols-bold" : "symbols");
const faceWith = (code, face) => [face, symbolsOf(face)].find((name) => FACES[name].advances[code] !== undefined);

// Adds the signs of a text to those that each face draws, or to those that none has.
function gatherSigns(element, drawn, missing) {
  const face = faceOf(element);
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child instanceof Element) { gatherSigns(child, drawn, missing); continue; }
    for (const sign of child.data || "") {
      const own = faceWith(sign.codePointAt(0), face);
      if (own) (drawn[own] ||= new Set()).add(sign);
      else if (!IGNORABLE.test(sign)) missing.add(sign);
    }
  }
}

const IGNORABLE = /[\p{Cc}\p{Cf}\p{Mn}\p{Default_Ignorable_Code_Point}]/u;
const widths = new Map();

function widthOf(text, face) {
  const key = face + "\n" + text;
  let width = widths.get(key);
  if (width === undefined) {
    width = 0;
    for (const sign of text) width += advance(sign.codePointAt(0), face);
    if (widths.size > 20000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

function lengthIn(element, text, size) {
  if (text === null || text === undefined) return 0;
  const value = parseFloat(text) || 0;
  return String(text).endsWith("em") ? value * size : value;
}

// The runs of a text with their boxes. A run is one text node; an x of its own starts a chunk with its own anchor.
function runsOf(root) {
  const top = root.localName === "text" ? root : root.closest("text") || root;
  const runs = [], state = { x: 0, y: 0, chunk: null };
  lay(top, state, runs);
  anchor(state.chunk, state.x);
  return root === top ? runs : runs.filter((run) => root.contains(run.element));
}

function lay(element, state, runs) {
  if (element._style && element._style.display === "none") return;
  const size = fontSize(element), given = (name) => element.getAttribute(name);
  if (given("x") !== null || !state.chunk) {
    anchor(state.chunk, state.x);
    state.x = lengthIn(element, given("x"), size);
    state.chunk = { start: state.x, runs: [], anchor: computed(element, "text-anchor") };
  }
  if (given("y") !== null) state.y = lengthIn(element, given("y"), size);
  state.x += lengthIn(element, given("dx"), size);
  state.y += lengthIn(element, given("dy"), size);
  const face = faceOf(element);
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child instanceof Element) lay(child, state, runs);
    else if (child.data) {
      const width = widthOf(child.data, face) * size + lengthIn(element, computed(element, "letter-spacing"), size) * child.data.length;
      const { ascent, descent } = FACES[face];
      const run = { element, left: state.x, right: state.x + width, top: state.y - ascent * size, bottom: state.y + descent * size };
      runs.push(run);
      state.chunk.runs.push(run);
      state.x += width;
    }
  }
}

function anchor(chunk, end) {
  if (!chunk || chunk.anchor === "start") return;
  const shift = (chunk.anchor === "middle" ? 0.5 : 1) * (chunk.start - end);
  for (const run of chunk.runs) { run.left += shift; run.right += shift; }
}

function textBox(element) {
  let box = null;
  for (const { left, top, right, bottom } of runsOf(element)) box = united(box, [left, top, right, bottom]);
  return box;
}

const textLength = (element) => runsOf(element).reduce((sum, { left, right }) => sum + right - left, 0);
