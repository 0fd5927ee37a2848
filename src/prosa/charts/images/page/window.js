"use strict";
// The page itself. It has no network, no clock to wait for and no user.

const document = new Document();
const window = globalThis;
const timers = new Map();
let lastTimer = 0;

function setTimeout(call, _, ...values) {
  timers.set(++lastTimer, () => call(...values));
  return lastTimer;
}
function clearTimeout(timer) { timers.delete(timer); }
const setInterval = () => 0;
const clearInterval = () => {};
const requestAnimationFrame = (call) => setTimeout(() => call(0));
const cancelAnimationFrame = clearTimeout;

// What waits runs now, in its order: nothing on this page is worth waiting for.
function runTimers() {
  for (let round = 0; timers.size && round < 1000; round++) {
    for (const [timer, call] of [...timers]) {
      timers.delete(timer);
      call();
    }
  }
}

class Image extends HTMLElement {
  constructor() { super("img", HTML); }
  set src(_) { setTimeout(() => this.onerror && this.onerror(new Error("not loaded"))); }
}

Object.assign(globalThis, {
  window, document, self: window, top: window, parent: window, navigator: { userAgent: "Prosa", language: "en" },
  location: { href: "", protocol: "about:", host: "", pathname: "", search: "", hash: "" }, devicePixelRatio: 1, innerWidth: 1280,
  innerHeight: 800, setTimeout, clearTimeout, setInterval, clearInterval, requestAnimationFrame, cancelAnimationFrame,
  Node, Element, HTMLElement, SVGElement, HTMLCanvasElement, HTMLImageElement: Image, Image, Document, Text, XMLSerializer,
  CSSStyleDeclaration: Style, DOMParser, EventTarget, getComputedStyle, Event: class {}, CustomEvent: class {}, MouseEvent: class {},
  addEventListener() {}, removeEventListener() {}, dispatchEvent: () => true, scrollX: 0, scrollY: 0, pageXOffset: 0, pageYOffset: 0,
  matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }),
  TextDecoder: class {}, TextEncoder: class {}, Worker: class {}, performance: { now: () => 0 }, URL: { createObjectURL: () => "blob:none", revokeObjectURL() {} }, Blob: class {},
  ResizeObserver: class { observe() {} disconnect() {} }, MutationObserver: class { observe() {} disconnect() {} },
  PlotlyConfig: { MathJaxConfig: "local" }, console: { log() {}, warn() {}, error() {}, info() {}, debug() {}, trace() {} },
});
