// A button that opens a small list of actions; arrows walk through it, Escape closes it (ARIA menu button pattern).

import { useEffect, useId, useRef, useState, type ReactNode } from "react";

export interface MenuItem {
  key: string;
  words: ReactNode;
  hint?: string;
  run: () => void;
}

interface Props {
  className?: string;
  label: string;
  button: ReactNode;
  items: (MenuItem | null)[];
}

export function Menu({ className = "quiet", label, button, items }: Props) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    list.current?.querySelector("button")?.focus();
    list.current?.scrollIntoView({ block: "nearest" });
    const outside = (event: Event) => !event.composedPath().includes(place.current as EventTarget) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => (setOpen(false), opener.current?.focus());
  return (
    <div
      className="menu"
      ref={place}
      onBlur={(event) => event.relatedTarget && !place.current?.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={(event) => open && walk(event, list.current, close)}
    >
      <button
        type="button"
        ref={opener}
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div className="menu-list" id={id} role="menu" aria-label={label} ref={list}>
          {items.map((item, at) => (item ? <Item key={item.key} item={item} close={close} /> : <hr key={at} />))}
        </div>
      )}
    </div>
  );
}

function Item({ item, close }: { item: MenuItem; close: () => void }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} data-item={item.key} onClick={() => (close(), item.run())}>
      <span>{item.words}</span>
      {item.hint && <span className="faint">{item.hint}</span>}
    </button>
  );
}

function walk(event: React.KeyboardEvent, list: HTMLElement | null, close: () => void): void {
  const items = [...(list?.querySelectorAll("button") ?? [])];
  const root = list?.getRootNode() as ShadowRoot | Document | undefined;
  const at = items.findIndex((item) => item === root?.activeElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Escape") event.stopPropagation(), close();
  else if (event.key in steps) items.at((steps[event.key] ?? 0) % items.length)?.focus();
  else return;
  event.preventDefault();
}
