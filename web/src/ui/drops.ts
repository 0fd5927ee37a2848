import { useEffect, useRef, useState, type RefObject } from "react";

/** Files may be dropped anywhere on our page, or on the element in somebody else's. */
export function useDrops(page: boolean, onFiles: (files: File[]) => void): { place: RefObject<HTMLDivElement | null>; dropping: boolean } {
  const place = useRef<HTMLDivElement>(null);
  const [dropping, setDropping] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const target: EventTarget | null = page ? window : place.current;
    if (!target) return;
    let depth = 0;
    const hasFiles = (event: Event) => (event as DragEvent).dataTransfer?.types.includes("Files");
    const listeners: Record<string, (event: Event) => void> = {
      dragenter: () => setDropping((depth += 1) > 0),
      dragleave: () => setDropping((depth = Math.max(0, depth - 1)) > 0),
      dragover: (event) => event.preventDefault(),
      drop: (event) => {
        event.preventDefault();
        setDropping((depth = 0) > 0);
        take.current([...((event as DragEvent).dataTransfer?.files ?? [])]);
      },
    };
    const guarded = Object.entries(listeners).map(([name, listener]) => [name, (event: Event) => void (hasFiles(event) && listener(event))] as const);
    for (const [name, listener] of guarded) target.addEventListener(name, listener);
    return () => guarded.forEach(([name, listener]) => target.removeEventListener(name, listener));
  }, [page]);
  return { place, dropping };
}
