// The panel at the side: what can be asked, and the conversations; on narrow screens a drawer.

import type { ReactNode } from "react";
import { useWords } from "./context";
import { Icon } from "./Icon";

export const SIDES = ["data", "history"] as const;
export type SideName = (typeof SIDES)[number];

const TITLES: Record<SideName, string> = { data: "sources", history: "history" };

interface Props {
  /** The address of our own page; none in somebody else's. */
  home: string | undefined;
  shown: SideName;
  onShow: (side: SideName) => void;
  onNew: () => void;
  onSettings: () => void;
  onClose: () => void;
  panels: Record<SideName, ReactNode>;
}

export function Side({ home, shown, onShow, onNew, onSettings, onClose, panels }: Props) {
  const words = useWords();
  return (
    <aside className="side" aria-label={words.t("side")}>
      <div className="brand-row">
        <a className="brand" href={home} id="home" onClick={(event) => (event.preventDefault(), onNew())}>
          Prosa
        </a>
        <button type="button" className="round" id="open-settings" aria-label={words.t("settings")} title={words.t("settings")} onClick={onSettings}>
          <Icon name="settings" />
        </button>
        <button type="button" className="round drawer-close" aria-label={words.t("close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <button type="button" className="outline" id="new" onClick={onNew}>
        <Icon name="plus" />
        {words.t("new_conversation")}
      </button>
      <div className="tabs" role="tablist" aria-label={words.t("side")}>
        {SIDES.map((name) => (
          <Tab key={name} name={name} shown={shown} onShow={onShow} />
        ))}
      </div>
      {SIDES.map((name) => (
        <div key={name} className="side-panel" role="tabpanel" id={`panel-${name}`} aria-labelledby={`tab-${name}`} hidden={shown !== name}>
          {panels[name]}
        </div>
      ))}
    </aside>
  );
}

function Tab({ name, shown, onShow }: { name: SideName; shown: SideName; onShow: (side: SideName) => void }) {
  const words = useWords();
  const keys = (event: React.KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    onShow(name === "data" ? "history" : "data");
    const other = event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling;
    (other as HTMLElement | null)?.focus();
  };
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${name}`}
      aria-selected={shown === name}
      aria-controls={`panel-${name}`}
      tabIndex={shown === name ? 0 : -1}
      onClick={() => onShow(name)}
      onKeyDown={keys}
    >
      {words.t(TITLES[name])}
    </button>
  );
}

/** What stands for the panel where there is no room for it. */
export function NarrowBar({ open, onOpen, onNew }: { open: boolean; onOpen: () => void; onNew: () => void }) {
  const words = useWords();
  return (
    <div className="narrow-bar">
      <button type="button" className="round" aria-label={words.t("side")} aria-expanded={open} onClick={onOpen}>
        <Icon name="menu" />
      </button>
      <span className="brand">Prosa</span>
      <button type="button" className="round" aria-label={words.t("new_conversation")} onClick={onNew}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
