import { useEffect } from "react";
import type { Toast } from "./context";

const SHOWN_MS = 6000;

/** One passing sentence at the foot of the page. */
export function Toasts({ toast, onGone }: { toast: Toast | null; onGone: () => void }) {
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(onGone, SHOWN_MS);
    return () => clearTimeout(timer);
    // `onGone` is made anew with every drawing; the toast alone starts the time
  }, [toast]);
  return (
    <div className="toasts" role="status">
      {toast && (
        <div className={toast.bad ? "toast bad" : "toast"}>
          <span>{toast.words}</span>
          {toast.action && (
            <button type="button" onClick={() => (toast.action?.run(), onGone())}>
              {toast.action.words}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
