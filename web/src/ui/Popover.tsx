import { useEffect, useRef, useState, type ReactNode } from "react";

interface Props {
  className: string;
  label: string;
  button: ReactNode;
  children: ReactNode;
}

/** A button with a small panel; Escape or a click elsewhere closes it. */
export function Popover({ className, label, button, children }: Props) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !event.composedPath().includes(place.current as EventTarget) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const keys = (event: React.KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <div className="popover" ref={place} onKeyDown={keys}>
      <button type="button" ref={opener} className={className} aria-label={label} title={label} aria-expanded={open} onClick={() => setOpen(!open)}>
        {button}
      </button>
      {open && <div className="panel">{children}</div>}
    </div>
  );
}
