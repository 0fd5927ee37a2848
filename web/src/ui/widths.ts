// Widths of a table's columns from what stands in them, so that nothing jumps while rows come and go.

const SIGN_PX = 7.6;
const PADDING_PX = 34;
const HARDLY = 0.84;
const [NARROWEST_PX, WIDEST_PX] = [72, 340];

/** A width in pixels for each column; `texts` are its first cells as they are shown. */
export function widthsOf(names: readonly string[], texts: readonly (readonly string[])[]): number[] {
  return names.map((name, at) => {
    const longest = Math.max(name.length * 1.15 + 2, ...(texts[at] ?? []).map((text) => text.length));
    return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, longest * SIGN_PX + PADDING_PX)));
  });
}

/** The same widths within so many pixels, where they are hardly wider: better a little less air than a column cut off. */
export function fitted(widths: readonly number[], room: number): number[] {
  const sum = widths.reduce((total, width) => total + width, 0);
  const share = room / sum;
  return widths.map((width) => (share < 1 && share > HARDLY ? Math.floor(width * share) : width));
}

export const resized = (width: number, by: number): number => Math.max(48, Math.min(1200, Math.round(width + by)));
