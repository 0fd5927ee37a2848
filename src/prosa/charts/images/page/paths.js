"use strict";
// SVG paths as points along them, for boxes and lengths. https://www.w3.org/TR/SVG2/paths.html

const ARGUMENTS = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, a: 7, z: 0 };
const STEPS = 24;

// Lists of points, one a subpath: [[x, y], …].
function flattened(text) {
  const lines = [];
  let line = [], at = [0, 0], start = [0, 0], control = null, last = "";
  const to = (point) => { line.push(point); at = point; };
  for (const [, command, list] of String(text).matchAll(/([a-zA-Z])([^a-zA-Z]*(?:[eE][-+]?\d+[^a-zA-Z]*)*)/g)) {
    const kind = command.toLowerCase(), relative = command === kind;
    const numbers = numbersOf(list, kind), count = ARGUMENTS[kind];
    if (count === undefined) break;
    if (kind === "z") { if (line.length) to(start); last = kind; continue; }
    for (let place = 0; place + count <= numbers.length; place += count) {
      const given = numbers.slice(place, place + count);
      const point = (x, y) => (relative ? [at[0] + x, at[1] + y] : [x, y]);
      const step = kind === "m" && place > 0 ? "l" : kind;
      if (step === "m") {
        if (line.length) lines.push(line);
        line = [];
        to((start = point(given[0], given[1])));
      } else if (step === "l") to(point(given[0], given[1]));
      else if (step === "h") to([relative ? at[0] + given[0] : given[0], at[1]]);
      else if (step === "v") to([at[0], relative ? at[1] + given[0] : given[0]]);
      else if (step === "a") arc(at, given, point(given[5], given[6])).forEach(to);
      else {
        const points = pairs(given).map(([x, y]) => point(x, y));
        const cubic = step === "c" || step === "s";
        if (step === "s" || step === "t") {
          const reflects = (cubic ? "cs" : "qt").includes(last);
          points.unshift(reflects ? [2 * at[0] - control[0], 2 * at[1] - control[1]] : at);
        }
        control = points.at(-2);
        curve([at, ...points]).forEach(to);
      }
      last = step;
    }
  }
  if (line.length) lines.push(line);
  return lines;
}

function numbersOf(text, kind) {
  // An arc's two flags may stand without a space between them and the next number.
  if (kind === "a") text = text.replace(/((?:[-+]?[\d.]+(?:e[-+]?\d+)?[\s,]+){3})([01])[\s,]*([01])[\s,]*/gi, "$1 $2 $3 ");
  return (text.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g) || []).map(Number);
}

const pairs = (numbers) => numbers.flatMap((x, place) => (place % 2 ? [] : [[x, numbers[place + 1]]]));

// Bézier's curve of any degree, by de Casteljau's construction.
function curve(points) {
  const found = [];
  for (let step = 1; step <= STEPS; step++) {
    const t = step / STEPS;
    let row = points;
    while (row.length > 1) {
      row = row.slice(1).map(([x, y], place) => [row[place][0] + t * (x - row[place][0]), row[place][1] + t * (y - row[place][1])]);
    }
    found.push(row[0]);
  }
  return found;
}

// https://www.w3.org/TR/SVG2/implnote.html#ArcConversionEndpointToCenter
function arc([x1, y1], [rx, ry, degrees, large, sweep], [x2, y2]) {
  rx = Math.abs(rx); ry = Math.abs(ry);
  if (!rx || !ry || (x1 === x2 && y1 === y2)) return [[x2, y2]];
  const tilt = (degrees * Math.PI) / 180, cos = Math.cos(tilt), sin = Math.sin(tilt);
  const dx = (x1 - x2) / 2, dy = (y1 - y2) / 2;
  const px = cos * dx + sin * dy, py = cos * dy - sin * dx;
  const grow = Math.sqrt(Math.max(1, (px / rx) ** 2 + (py / ry) ** 2));
  rx *= grow; ry *= grow;
  const square = (rx * py) ** 2 + (ry * px) ** 2;
  const factor = (large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, ((rx * ry) ** 2 - square) / square));
  const cx = (factor * rx * py) / ry, cy = (-factor * ry * px) / rx;
  const mx = cos * cx - sin * cy + (x1 + x2) / 2, my = sin * cx + cos * cy + (y1 + y2) / 2;
  const from = Math.atan2((py - cy) / ry, (px - cx) / rx), to = Math.atan2((-py - cy) / ry, (-px - cx) / rx);
  let turn = to - from;
  if (sweep && turn < 0) turn += 2 * Math.PI;
  if (!sweep && turn > 0) turn -= 2 * Math.PI;
  return Array.from({ length: STEPS }, (_, step) => {
    const angle = from + (turn * (step + 1)) / STEPS, x = rx * Math.cos(angle), y = ry * Math.sin(angle);
    return [mx + cos * x - sin * y, my + sin * x + cos * y];
  });
}

const flattenedPaths = new WeakMap();

function pathOf(element) {
  const text = element.getAttribute("d") || "";
  const known = flattenedPaths.get(element);
  if (known && known.text === text) return known;
  const lines = flattened(text), lengths = [];
  let total = 0;
  for (const line of lines) {
    for (let place = 1; place < line.length; place++) {
      total += Math.hypot(line[place][0] - line[place - 1][0], line[place][1] - line[place - 1][1]);
      lengths.push({ total, from: line[place - 1], to: line[place] });
    }
  }
  const path = { text, lines, lengths, total };
  flattenedPaths.set(element, path);
  return path;
}

function pointAlong({ lengths, total }, wanted) {
  const length = Math.max(0, Math.min(wanted, total));
  let low = 0, high = lengths.length - 1;
  if (high < 0) return { x: 0, y: 0 };
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lengths[middle].total < length) low = middle + 1; else high = middle;
  }
  const { total: end, from, to } = lengths[low];
  const size = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const part = size ? 1 - (end - length) / size : 0;
  return { x: from[0] + part * (to[0] - from[0]), y: from[1] + part * (to[1] - from[1]) };
}
