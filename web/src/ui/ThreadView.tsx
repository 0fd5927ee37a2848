// The conversation: its turns one after the other, kept at its end while an answer grows there.

import { useEffect, useLayoutEffect, useRef } from "react";
import type { Snapshot } from "../thread";
import { useWords } from "./context";
import type { Chosen } from "./ticks";
import { TurnView } from "./TurnView";
import { Welcome } from "./Welcome";

/** Whoever is so near to the end wants to stay there. */
const NEAR_PX = 90;

interface Props {
  /** Our own page, which needs a heading of its own; somebody else's has one. */
  page: boolean;
  state: Snapshot;
  ready: boolean;
  chosen: Chosen;
}

export function ThreadView({ page, state, ready, chosen }: Props) {
  const words = useWords();
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const count = state.turns.length;
  useLayoutEffect(() => {
    atEnd.current = count > 0; // the welcome is read from its top
    if (atEnd.current) toEnd(scroller.current);
    else scroller.current?.scrollTo(0, 0);
  }, [count, state.conversation]);
  useEffect(() => {
    const place = content.current;
    if (!place) return;
    const observer = new ResizeObserver(() => atEnd.current && toEnd(scroller.current));
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  const scrolled = () => {
    const place = scroller.current;
    if (place && count > 0) atEnd.current = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_PX;
  };
  // A person who reads, selects or opens something further up is not taken away from it.
  const left = () => {
    if (!state.running) atEnd.current = false;
  };
  return (
    <section className="thread" ref={scroller} onScroll={scrolled} onPointerDown={left} onKeyDown={left} tabIndex={-1} aria-label={words.t("conversation")}>
      <div className="turns" id="turns" ref={content}>
        {ready && count === 0 && !state.loading && <Welcome chosen={chosen} />}
        {page && count > 0 && <h1 className="aside">{words.t("conversation")}</h1>}
        {state.turns.map((turn) => (
          <TurnView key={turn.key} turn={turn} />
        ))}
      </div>
    </section>
  );
}

function toEnd(place: HTMLElement | null): void {
  if (place) place.scrollTop = place.scrollHeight;
}
