// Which rows of a long table are in sight, and where they lie; pure, in pixels.

export const ROW_PX = 34;
export const ROWS_IN_SIGHT = 10;
/** A table of so many rows, a year of months say, is shown whole: a box that hides its last two would be silly. */
const WHOLE_UP_TO = 14;
/** Rows that are drawn beyond either edge, so that a slow scroll never meets emptiness. */
const OVERSCAN = 6;
/** Browsers draw nothing beyond some 17 million pixels; longer tables scroll faster instead. */
const TALLEST_PX = 8_000_000;

export interface Sight {
  /** The rows to draw: from `first` to before `end`. */
  first: number;
  end: number;
  /** The empty space above and below them. */
  before: number;
  after: number;
  shows: (row: number) => boolean;
  /** The scroll position that brings a row into sight. */
  topFor: (row: number) => number;
}

/** How many of a table's rows are seen at once. */
export const rowsInSight = (total: number): number => (total <= WHOLE_UP_TO ? total : ROWS_IN_SIGHT);

/** What is seen of `total` rows where the table is scrolled down by `top`. */
export function sightOf(top: number, total: number): Sight {
  const height = Math.min(total * ROW_PX, TALLEST_PX);
  const fits = total * ROW_PX <= TALLEST_PX;
  const inSight = rowsInSight(total);
  const [lastTop, lastRow] = [Math.max(0, height - inSight * ROW_PX), total - inSight];
  const highest = fits ? Math.floor(top / ROW_PX) : Math.round(Math.min(1, top / lastTop) * lastRow);
  const first = Math.max(0, Math.min(highest, lastRow) - OVERSCAN);
  const end = Math.min(total, highest + inSight + OVERSCAN);
  const drawn = Math.max(0, end - first) * ROW_PX;
  // The drawn rows lie where the eye is, whatever the scale between rows and pixels.
  const before = Math.max(0, Math.min(fits ? first * ROW_PX : top - (highest - first) * ROW_PX, height - drawn));
  const topFor = (row: number) => {
    const target = Math.max(0, Math.min(row < highest ? row : row - inSight + 2, lastRow));
    return fits ? target * ROW_PX : (target / Math.max(1, lastRow)) * lastTop;
  };
  const shows = (row: number) => row >= highest && row < highest + inSight - 1;
  return { first, end, before, after: Math.max(0, height - before - drawn), shows, topFor };
}
