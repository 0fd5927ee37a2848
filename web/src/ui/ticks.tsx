// What is asked: all data that the server was given is one choice, each file that a person brought another, and so is
// each document.

import { useMemo, useState } from "react";
import type { DocumentSummary, Source } from "../client";
import { useWords } from "./context";
import { Icon } from "./Icon";
import { Popover } from "./Popover";

/** Sources that are ticked together. */
export interface Group {
  key: string;
  name: string;
  sources: readonly Source[];
  mine: boolean;
}

/** Ids, as the API takes them: none of both means everything, none of one kind nothing of that kind. */
export interface Chosen {
  sources: string[];
  documents: string[];
}

export interface Ticks {
  groups: readonly Group[];
  documents: readonly DocumentSummary[];
  isTicked: (key: string) => boolean;
  tick: (key: string) => void;
  /** Ticks them all or, where they are, none of them. */
  tickAll: (keys: readonly string[]) => void;
  /** Ids of files that have come and may not be listed yet: data are asked alone, a document beside what is asked. */
  brought: (data: readonly string[], documents: readonly string[]) => void;
  chosen: Chosen;
}

interface Choice {
  key: string;
  name: string;
  broken: boolean;
  sources: readonly string[];
  documents: readonly string[];
}

/** Only these keys or all but these, listed or not yet. */
interface Narrowed {
  only: boolean;
  keys: ReadonlySet<string>;
}

const GIVEN = "given";
const ALL: Narrowed = { only: false, keys: new Set() };

export function useTicks(sources: readonly Source[], documents: readonly DocumentSummary[], givenName: string): Ticks {
  const [narrowed, setNarrowed] = useState(ALL);
  const groups = useMemo(() => grouped(sources, givenName), [sources, givenName]);
  const choices = useMemo(() => [...groups.map(ofGroup), ...documents.map(ofDocument)], [groups, documents]);
  const ticked = useMemo(() => tickedOf(choices, narrowed), [choices, narrowed]);
  const chosen = useMemo(() => chosenOf(choices, ticked), [choices, ticked]);
  const on = ticked.map((choice) => choice.key);
  const tickAll = (keys: readonly string[]) => {
    const others = on.filter((key) => !keys.includes(key));
    const next = others.length + keys.length === on.length ? others : [...others, ...keys];
    if (!next.length) return; // the last one stays: somebody has to be asked
    setNarrowed({ only: false, keys: new Set(choices.map((choice) => choice.key).filter((key) => !next.includes(key))) });
  };
  return {
    groups,
    documents,
    isTicked: (key) => on.includes(key),
    tick: (key) => tickAll([key]),
    tickAll,
    brought: (data, texts) => setNarrowed((now) => narrowedTo(now, data, texts)),
    chosen,
  };
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

const ofGroup = ({ key, name, sources }: Group): Choice => {
  const whole = sources.filter((source) => !source.problem);
  return { key, name, broken: !whole.length, sources: (whole.length ? whole : sources).map((source) => source.id), documents: [] };
};

const ofDocument = ({ id, name, problem }: DocumentSummary): Choice => ({ key: id, name, broken: problem !== "", sources: [], documents: [id] });

function narrowedTo(now: Narrowed, data: readonly string[], documents: readonly string[]): Narrowed {
  if (data.length) return { only: true, keys: new Set([...data, ...documents]) };
  return now.only ? { only: true, keys: new Set([...now.keys, ...documents]) } : now;
}

/** All where everything was left out: its last one may have been removed. */
function tickedOf(choices: readonly Choice[], { only, keys }: Narrowed): readonly Choice[] {
  const ticked = choices.filter((choice) => keys.has(choice.key) === only);
  return ticked.length ? ticked : choices;
}

function chosenOf(choices: readonly Choice[], ticked: readonly Choice[]): Chosen {
  if (ticked.length === choices.length) return { sources: [], documents: [] };
  const whole = ticked.filter((choice) => !choice.broken);
  const asked = whole.length ? whole : ticked; // a broken one alone is asked, so that the answer says what is wrong
  return { sources: asked.flatMap((choice) => choice.sources), documents: asked.flatMap((choice) => choice.documents) };
}

/** What is asked, in a word, and the ticks behind it. */
export function SourceTicks({ ticks }: { ticks: Ticks }) {
  const words = useWords();
  const { groups, documents, isTicked } = ticks;
  const choices = [...groups, ...documents.map(({ id, name }) => ({ key: id, name }))];
  if (!choices.length) return null;
  const ticked = choices.filter((choice) => isTicked(choice.key));
  const [first] = ticked;
  const counts = { shown: words.number(ticked.length), total: words.number(choices.length) };
  const all = words.t(!documents.length ? "asked_data" : groups.length ? "asked_all" : "asked_documents");
  const said = ticked.length === 1 && first ? first.name : ticked.length === choices.length ? all : words.t("asked_some", counts);
  const face = (
    <>
      <Icon name="data" />
      <span className="cut">{said}</span>
    </>
  );
  if (choices.length < 2) return <span className="chip">{face}</span>;
  return (
    <Popover className="chip" label={`${words.t("choose_sources")}: ${said}`} button={face}>
      <div className="tick-lists">
        {groups.length > 0 && <TickList legend={words.t("choose_sources")} choices={groups} ticks={ticks} />}
        {documents.length > 0 && <TickList legend={words.t("choose_documents")} choices={documents.map(({ id, name }) => ({ key: id, name }))} ticks={ticks} />}
      </div>
    </Popover>
  );
}

interface ListProps {
  legend: string;
  choices: readonly { key: string; name: string }[];
  ticks: Ticks;
}

function TickList({ legend, choices, ticks }: ListProps) {
  return (
    <fieldset className="tick-list">
      <legend>{legend}</legend>
      {choices.length > 2 && <TickAll keys={choices.map(({ key }) => key)} ticks={ticks} />}
      {choices.map(({ key, name }) => (
        <Tick key={key} choice={key} name={name} ticks={ticks} />
      ))}
    </fieldset>
  );
}

function TickAll({ keys, ticks }: { keys: readonly string[]; ticks: Ticks }) {
  const words = useWords();
  const count = keys.filter(ticks.isTicked).length;
  const box = (place: HTMLInputElement | null) => {
    if (place) place.indeterminate = count > 0 && count < keys.length;
  };
  return (
    <label className="tick all">
      <input type="checkbox" ref={box} checked={count === keys.length} onChange={() => ticks.tickAll(keys)} />
      <span>{words.t("all_of_them")}</span>
    </label>
  );
}

export function Tick({ choice, name, ticks }: { choice: string; name: string; ticks: Ticks }) {
  return (
    <label className="tick" title={name}>
      <input type="checkbox" checked={ticks.isTicked(choice)} onChange={() => ticks.tick(choice)} />
      <span className="cut">{name}</span>
    </label>
  );
}
