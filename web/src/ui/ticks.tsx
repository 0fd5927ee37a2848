// Which sources are asked: everything the server was given counts as one, each file that a person brought as another.

import { useMemo, useState } from "react";
import type { Source } from "../client";
import { useWords } from "./context";
import { Icon } from "./Icon";
import { Popover } from "./Popover";

export interface Group {
  key: string;
  name: string;
  sources: Source[];
  mine: boolean;
}

export interface Ticks {
  groups: readonly Group[];
  isTicked: (group: Group) => boolean;
  tick: (group: Group) => void;
  /** Ticks one source alone. */
  only: (sourceId: string) => void;
  /** The ids to ask; none means all. */
  chosen: readonly string[];
}

const GIVEN = "given";

export function useTicks(sources: readonly Source[], givenName: string): Ticks {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [alone, setAlone] = useState("");
  const groups = useMemo(() => grouped(sources, givenName), [sources, givenName]);
  // A file that was just brought is asked alone, as soon as it is in the list.
  const isTicked = (group: Group) => (groups.some(({ key }) => key === alone) ? group.key === alone : !left.has(group.key));
  const ticked = groups.filter(isTicked);
  const tick = (group: Group) => {
    const now = new Set(groups.filter((other) => !isTicked(other)).map(({ key }) => key));
    if (now.has(group.key)) now.delete(group.key);
    else if (ticked.length > 1) now.add(group.key); // the last one stays: somebody has to be asked
    setAlone("");
    setLeft(now);
  };
  const chosen = ticked.length === groups.length ? [] : ticked.flatMap((group) => group.sources.map((source) => source.id));
  return { groups, isTicked, tick, only: setAlone, chosen };
}

function grouped(sources: readonly Source[], givenName: string): Group[] {
  const given = sources.filter((source) => !source.mine);
  const [only] = given;
  const name = given.length === 1 && only ? only.name : givenName;
  const own = sources.filter((source) => source.mine);
  return [
    ...(given.length ? [{ key: GIVEN, name, sources: given, mine: false }] : []),
    ...own.map((source) => ({ key: source.id, name: source.name, sources: [source], mine: true })),
  ];
}

/** What is asked, in a word, and the ticks behind it. */
export function SourceTicks({ ticks, sources }: { ticks: Ticks; sources: readonly Source[] }) {
  const words = useWords();
  if (!sources.length) return null;
  const ticked = ticks.groups.filter(ticks.isTicked);
  const [first] = ticked;
  const said = ticked.length === 1 && first ? first.name : words.t("sources_asked", { count: ticked.length, total: ticked.length });
  const face = (
    <>
      <Icon name="data" />
      <span className="cut">{said}</span>
    </>
  );
  if (ticks.groups.length < 2) return <span className="chip">{face}</span>;
  return (
    <Popover className="chip" label={words.t("choose_sources")} button={face}>
      <fieldset className="tick-list">
        <legend>{words.t("choose_sources")}</legend>
        {ticks.groups.map((group) => (
          <Tick key={group.key} group={group} ticks={ticks} />
        ))}
      </fieldset>
    </Popover>
  );
}

export function Tick({ group, ticks }: { group: Group; ticks: Ticks }) {
  return (
    <label className="tick">
      <input type="checkbox" checked={ticks.isTicked(group)} onChange={() => ticks.tick(group)} />
      <span className="cut">{group.name}</span>
    </label>
  );
}
