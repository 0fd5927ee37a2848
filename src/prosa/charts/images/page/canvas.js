"use strict";
// The canvas that heatmaps and images are painted on: rectangles and pixels. Its picture is made into a PNG outside.

const canvases = [];

class HTMLCanvasElement extends HTMLElement {
  width = 300;
  height = 150;
  getContext(kind) { return kind === "2d" ? (this._context ||= new Painter(this)) : null; }
  toDataURL() { return "data:prosa/canvas," + (canvases.push(this._context || new Painter(this)) - 1); }
}

class Painter {
  fillStyle = "#000";
  globalAlpha = 1;

  constructor(canvas) { this.canvas = canvas; }

  get pixels() {
    const { width, height } = this.canvas;
    if (!(width * height <= MOST_PIXELS)) throw new Error("picture_size");
    if (!this._pixels || this._width !== width || this._height !== height) {
      this._pixels = new Uint8ClampedArray(width * height * 4);
      [this._width, this._height] = [width, height];
    }
    return this._pixels;
  }

  fillRect(x, y, width, height) {
    const [red, green, blue, alpha] = colour(this.fillStyle), pixels = this.pixels;
    const left = Math.max(0, Math.round(Math.min(x, x + width))), right = Math.min(this._width, Math.round(Math.max(x, x + width)));
    const top = Math.max(0, Math.round(Math.min(y, y + height))), bottom = Math.min(this._height, Math.round(Math.max(y, y + height)));
    for (let row = top; row < bottom; row++) {
      for (let at = (row * this._width + left) * 4, end = (row * this._width + right) * 4; at < end; at += 4) {
        const below = (1 - alpha) * (pixels[at + 3] / 255), whole = alpha + below;
        if (!whole) continue;
        pixels[at] = (red * alpha + pixels[at] * below) / whole;
        pixels[at + 1] = (green * alpha + pixels[at + 1] * below) / whole;
        pixels[at + 2] = (blue * alpha + pixels[at + 2] * below) / whole;
        pixels[at + 3] = whole * 255;
      }
    }
  }

  clearRect() { this.pixels.fill(0); }
  createImageData(width, height) { return { width, height, data: new Uint8ClampedArray(width * height * 4) }; }

  putImageData(image, x, y) {
    const pixels = this.pixels;
    for (let row = 0; row < image.height && row + y < this._height; row++) {
      const line = image.data.subarray(row * image.width * 4, (row + 1) * image.width * 4);
      pixels.set(line.subarray(0, (this._width - x) * 4), ((row + y) * this._width + x) * 4);
    }
  }

  getImageData(x, y, width, height) {
    const image = this.createImageData(width, height);
    for (let row = 0; row < height; row++) {
      const start = ((row + y) * this.canvas.width + x) * 4;
      image.data.set(this.pixels.subarray(start, start + width * 4), row * width * 4);
    }
    return image;
  }

  measureText(text) {
    const size = parseFloat(/([\d.]+)px/.exec(this.font || "")?.[1] || 10);
    return { width: widthOf(String(text), faceNamed(familyOf(this.font || ""), /bold/.test(this.font || ""), false)) * size };
  }
}

for (const name of ["beginPath", "closePath", "moveTo", "lineTo", "stroke", "fill", "save", "restore", "translate", "rotate", "scale", "setTransform", "drawImage", "clip", "arc"]) {
  Painter.prototype[name] = () => {};
}

// plotly.js hands over rgb(), rgba() and hexadecimal colours. Three values of 255 and an opacity of 1.
function colour(text) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text);
  if (hex) {
    const digits = hex[1].length < 6 ? [...hex[1]].map((digit) => digit + digit) : hex[1].match(/../g);
    const [red, green, blue, alpha = 255] = digits.map((pair) => parseInt(pair, 16));
    return [red, green, blue, alpha / 255];
  }
  const numbers = (String(text).match(/[-\d.]+/g) || []).map(Number);
  return numbers.length >= 3 ? [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1] : [0, 0, 0, 1];
}

const sizeOf = (place) => { canvases[place].pixels; return [canvases[place]._width, canvases[place]._height]; };
