// Where the conversation's id is kept: in our page's address (#id), so that a reload and a link show it again; in
// somebody else's page nowhere, as the address is theirs.

import { useRef } from "react";

export interface Address {
  current: () => string;
  show: (id: string) => void;
  /** Calls back when the person goes back or forth; returns what ends that. */
  listen: (onChange: (id: string) => void) => () => void;
}

export function useAddress(page: boolean, given: string): Address {
  const address = useRef<Address>(undefined);
  address.current ??= page ? ofPage() : { current: () => given, show: () => undefined, listen: () => () => undefined };
  return address.current;
}

function ofPage(): Address {
  const current = () => location.hash.slice(1);
  let shown = current();
  return {
    current,
    show(id) {
      if (id === current()) return;
      shown = id;
      history.pushState(null, "", id ? `#${id}` : location.pathname + location.search);
    },
    listen(onChange) {
      const changed = () => {
        if (current() === shown) return;
        shown = current();
        onChange(shown);
      };
      addEventListener("popstate", changed);
      return () => removeEventListener("popstate", changed);
    },
  };
}
