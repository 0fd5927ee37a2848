// A text cut at places that the server counts in characters (code points), as JavaScript counts them (UTF-16).

import type { Place } from "../log/events";

export interface Piece<P extends Place> {
  text: string;
  place?: P;
}

/** The text in pieces, those of `places` with their place; overlapping places and those beyond the end are left out. */
export function pieces<P extends Place>(text: string, places: readonly P[]): Piece<P>[] {
  const found: Piece<P>[] = [];
  let at = 0;
  for (const place of inUnits(text, places)) {
    if (place.from < at || place.to > text.length) continue;
    if (place.from > at) found.push({ text: text.slice(at, place.from) });
    found.push({ text: text.slice(place.from, place.to), place: place.place });
    at = place.to;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

export interface UnitPlace<P extends Place> {
  from: number;
  to: number;
  place: P;
}

/** The places in UTF-16 units, in their order in the text. */
export function inUnits<P extends Place>(text: string, places: readonly P[]): UnitPlace<P>[] {
  const unit = /[\ud800-\udbff]/.test(text) ? unitsOf(text) : (place: number) => place;
  return places
    .map((place) => ({ from: unit(place.start), to: unit(place.end), place }))
    .sort((one, other) => one.from - other.from);
}

function unitsOf(text: string): (place: number) => number {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) starts.push(at);
  return (place) => starts[place] ?? (place === starts.length ? text.length : Infinity);
}
