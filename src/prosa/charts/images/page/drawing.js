"use strict";
// One figure after another on the page: `draw` begins, `finish` gives the SVG once the promises have settled.

const DRAWN = [
  ".overplot", ".polarlayer .frontplot", ".ternarylayer .frontplot", ".smithlayer .frontplot", ".pielayer", ".treemaplayer",
  ".sunburstlayer", ".iciclelayer", ".funnelarealayer", ".sankey", ".parcats", ".table", ".indicatorlayer", ".carpetlayer",
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
  missing.clear();
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
  const marks = place.querySelectorAll(DRAWN).some(drawn);
  for (const image of place.querySelectorAll("image")) keepInside(image);
  return { svg: Plotly.Snapshot.toSVG(place, "svg"), marks, missing: [...missing], canvases: canvases.length };
}

function drawn(element) {
  const path = element.getAttribute("d");
  return path === null ? element.localName !== "text" || element.textContent.trim() !== "" : path.length > 8;
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
