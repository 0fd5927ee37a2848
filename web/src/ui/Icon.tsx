const PATHS = {
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  clip: "M20 11.5l-8.2 8.2a5.4 5.4 0 0 1-7.6-7.6l8.5-8.5a3.6 3.6 0 0 1 5.1 5.1l-8.3 8.3a1.8 1.8 0 0 1-2.6-2.6l7.4-7.3",
  download: "M12 4v11M7 10.5 12 15.5l5-5M5 20h14",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  check: "M5 12.5l4.5 4.5L19 7",
  edit: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4",
  menu: "M4 7h16M4 12h16M4 17h16",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  data: "M12 4c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3zM4 7v5c0 1.7 3.6 3 8 3s8-1.3 8-3V7M4 12v5c0 1.7 3.6 3 8 3s8-1.3 8-3v-5",
  expand: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  filter: "M4 6h16M7 12h10M10 18h4",
  chevron: "M7 10l5 5 5-5",
  chat: "M4 5h16v11H9l-5 4z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  again: "M19 12a7 7 0 1 1-2.2-5.100L19 9M19 4v5h-5",
} as const;

export type IconName = keyof typeof PATHS | "stop";

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      {name === "stop" ? <rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor" /> : <path d={PATHS[name]} />}
    </svg>
  );
}
