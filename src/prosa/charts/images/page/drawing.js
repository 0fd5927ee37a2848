"use strict";
// One figure after another on the page: `draw` begins, `finish` gives the SVG once the promises have settled.

const DRAWN = [
  ".overplot", ".polarlayer .frontplot", ".ternarylayer .frontplot", ".smithlayer .frontplot", ".pielayer", ".treemaplayer",
  ".sunburstlayer", ".geolayer .layer.backplot", ".geolayer .layer.frontplot", ".iciclelayer", ".funnelarealayer", ".sankey", ".parcats", ".table", ".indicatorlayer", ".carpetlayer",
].flatMap((layer) => ["path", "image", "text", "rect", "circle"].map((name) => `${layer} ${name}`)).join(",");

let answer = null;
const mathRandom = { state: 1 };

// The same figure has the same identifiers inside, and so the same bytes: Marsaglia's xorshift, seeded by the figure.
Math.random = () => {
  mathRandom.state ^= mathRandom.state << 13;
  mathRandom.state ^= mathRandom.state >>> 17;
  mathRandom.state ^= mathRandom.state << 5;
  return (mathRandom.state >>> 0) / 2 ** 32;
};

function draw(figure, size, locale, seed) {
  canvases.length = 0;
  answer = null;
  mathRandom.state = seed;
  const { data, layout } = JSON.parse(figure);
  const place = document.body.appendChild(document.createElement("div"));
  const config = { staticPlot: true, plotGlPixelRatio: 1, locale };
  Plotly.newPlot(place, { data, layout: { ...layout, ...size, autosize: false }, config }).then(
    () => { runTimers(); answer = finished(place); },
    (error) => { answer = { error: String((error && error.stack) || error) }; },
  );
  runTimers();
}

function finished(place) {
  // A trace of a type that plotly.js does not know is left out without a word.
  const known = new Map(place._fullData.map((trace) => [trace._input, trace.type]));
  const unknown = place.data.filter((trace) => trace.type && known.get(trace) !== trace.type).map((trace) => trace.type);
  if (unknown.length) return { unknown: [...new Set(unknown)] };
  const marks = place.querySelectorAll(DRAWN).some(drawn);
  for (const image of place.querySelectorAll("image")) keepInside(image);
  const signs = {}, missing = new Set();
  for (const text of place.querySelectorAll("text")) gatherSigns(text, signs, missing);
  for (const face in signs) signs[face] = [...signs[face]].sort().join("");
  return { svg: Plotly.Snapshot.toSVG(place, "svg"), marks, missing: [...missing].join(""), signs };
}

function drawn(element) {
  if (element.localName === "path") return (element.getAttribute("d") || "").length > 8;
  return element.localName !== "text" || element.textContent.trim() !== "";
}

// A picture is whole in itself: nothing in it may point to a file or an address.
function keepInside(image) {
  if (!/^data:/.test(image.getAttribute("xlink:href") || image.getAttribute("href") || "")) image.remove();
}

function finish() {
  runTimers();
  return JSON.stringify(answer);
}

function clear() {
  for (const place of document.body.children) {
    if (place._fullLayout || place.classList.contains("js-plotly-plot")) {
      try { Plotly.purge(place); } finally { place.remove(); }
    }
  }
  answer = null;
}
