// The head of a column: a click sorts, the edge (or Alt and an arrow) makes it wider or narrower.

import { useRef } from "react";
import { useWords } from "./context";
import type { Order } from "./rows";

const STEP_PX = 16;

interface Props {
  name: string;
  number: boolean;
  order: Order | null;
  sortable: boolean;
  onSort: (order: Order | null) => void;
  onResize: (by: number) => void;
}

export function ColumnHead({ name, number, order, sortable, onSort, onResize }: Props) {
  const words = useWords();
  const keys = (event: React.KeyboardEvent) => {
    const by = event.altKey ? { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key] : undefined;
    if (by) event.preventDefault(), onResize(by);
  };
  return (
    <th
      scope="col"
      className={number ? "number" : undefined}
      aria-sort={order ? (order.descending ? "descending" : "ascending") : undefined}
    >
      {sortable ? (
        <button type="button" className="sort" title={words.t("sort_by", { name })} onClick={() => onSort(nextOrder(order, name))} onKeyDown={keys}>
          <span>{name}</span>
          <span className="arrow" aria-hidden="true">
            {order ? (order.descending ? "↓" : "↑") : ""}
          </span>
        </button>
      ) : (
        <span className="sort">{name}</span>
      )}
      <Resizer onResize={onResize} />
    </th>
  );
}

/** Up, down, as it came. */
function nextOrder(order: Order | null, column: string): Order | null {
  if (!order) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

function Resizer({ onResize }: { onResize: (by: number) => void }) {
  const from = useRef<number | null>(null);
  const drag = (event: React.PointerEvent) => {
    if (from.current === null) return;
    onResize(event.clientX - from.current);
    from.current = event.clientX;
  };
  return (
    <span
      className="resizer"
      aria-hidden="true"
      onPointerDown={(event) => {
        from.current = event.clientX;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={() => (from.current = null)}
    />
  );
}
