import type { ReactNode } from "react";
import type { Place } from "../log/events";
import { pieces } from "../words/pieces";

interface Props<P extends Place> {
  text: string;
  places: readonly P[];
  mark: (text: string, place: P) => ReactNode;
}

/** A text with some of its places marked. */
export function Marked<P extends Place>({ text, places, mark }: Props<P>) {
  return pieces(text, places).map((piece, at) => (
    <span key={at}>{piece.place ? mark(piece.text, piece.place) : piece.text}</span>
  ));
}
