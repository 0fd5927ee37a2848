"use strict";
// Where things stand: transforms, boxes in an element's own space and on the page. A box is [left, top, right, bottom].

const IDENTITY = [1, 0, 0, 1, 0, 0];
const transforms = new Map();
const NOT_DRAWN = new Set(["defs", "clipPath", "linearGradient", "radialGradient", "pattern", "mask", "style", "title", "metadata"]);

const times = ([a, b, c, d, e, f], [g, h, i, j, k, l]) => [
  a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f,
];

const STEPS_OF = {
  matrix: (values) => values,
  translate: ([x, y = 0]) => [1, 0, 0, 1, x, y],
  scale: ([x, y = x]) => [x, 0, 0, y, 0, 0],
  skewX: ([angle]) => [1, 0, Math.tan(radians(angle)), 1, 0, 0],
  skewY: ([angle]) => [1, Math.tan(radians(angle)), 0, 1, 0, 0],
  rotate: ([angle, x = 0, y = 0]) => {
    const cos = Math.cos(radians(angle)), sin = Math.sin(radians(angle));
    return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
  },
};
const radians = (degrees) => (degrees * Math.PI) / 180;

function transformOf(element) {
  const text = element._attributes.get("transform");
  if (!text) return IDENTITY;
  let matrix = transforms.get(text);
  if (!matrix) {
    if (transforms.size > 10000) transforms.clear();
    matrix = IDENTITY;
    for (const [, name, list] of text.matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
      const values = (list.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) || []).map(Number);
      if (STEPS_OF[name]) matrix = times(matrix, STEPS_OF[name](values));
    }
    transforms.set(text, matrix);
  }
  return matrix;
}

function ownMatrix(element) {
  const matrix = transformOf(element);
  if (element.localName !== "svg" || !(element.parentNode instanceof SVGElement)) return matrix;
  return times(matrix, [1, 0, 0, 1, number(element, "x"), number(element, "y")]);
}

function screenMatrix(element) {
  let matrix = IDENTITY;
  for (let node = element; node instanceof SVGElement; node = node.parentNode) matrix = times(ownMatrix(node), matrix);
  return matrix;
}

const number = (element, name) => parseFloat(element._attributes.get(name)) || 0;

function moved(box, [a, b, c, d, e, f]) {
  if (!box) return null;
  const corners = [[box[0], box[1]], [box[2], box[1]], [box[0], box[3]], [box[2], box[3]]];
  return around(corners.map(([x, y]) => [a * x + c * y + e, b * x + d * y + f]));
}

function around(points) {
  if (!points.length) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return box;
}

const united = (one, other) => (!one || !other ? one || other
  : [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3])]);

const BOX_OF = {
  rect: (element) => sized(element),
  image: (element) => sized(element),
  foreignObject: (element) => sized(element),
  circle: (element) => round(element, number(element, "r"), number(element, "r")),
  ellipse: (element) => round(element, number(element, "rx"), number(element, "ry")),
  line: (element) => around([[number(element, "x1"), number(element, "y1")], [number(element, "x2"), number(element, "y2")]]),
  path: (element) => around(pathOf(element).lines.flat()),
  polygon: (element) => around(pairs(numbersOf(element.getAttribute("points") || "", "l"))),
  polyline: (element) => around(pairs(numbersOf(element.getAttribute("points") || "", "l"))),
  text: (element) => textBox(element),
  tspan: (element) => textBox(element),
};

function sized(element) {
  const x = number(element, "x"), y = number(element, "y");
  return [x, y, x + number(element, "width"), y + number(element, "height")];
}

function round(element, rx, ry) {
  const x = number(element, "cx"), y = number(element, "cy");
  return [x - rx, y - ry, x + rx, y + ry];
}

function localBox(element) {
  if (NOT_DRAWN.has(element.localName) || (element._style && element._style.display === "none")) return null;
  const own = BOX_OF[element.localName];
  if (own) return own(element);
  let box = null;
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child instanceof SVGElement) box = united(box, moved(localBox(child), ownMatrix(child)));
  }
  return box;
}

function screenBox(element) {
  if (element instanceof SVGElement && !(element.localName === "svg" && element.parentNode instanceof HTMLElement)) {
    return rectangle(moved(localBox(element), screenMatrix(element)));
  }
  const size = (name) => parseFloat(element.style.getPropertyValue(name)) || number(element, name);
  return rectangle([0, 0, size("width"), size("height")]);
}

function rectangle(box) {
  const [left, top, right, bottom] = box || [0, 0, 0, 0];
  return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
}

function matrixOf([a, b, c, d, e, f]) {
  return { a, b, c, d, e, f, inverse() {
    const size = a * d - b * c;
    return matrixOf([d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size]);
  } };
}
