// Before anything can be shown: the server's settings and the words of the person's language.

import { useCallback, useEffect, useState } from "react";
import type { Client, ServerInfo } from "../client";
import { keepPreferences, readPreferences, type Preferences } from "../preferences";
import { preferred, speak, type Words } from "../words/words";
import { App, type AppProps } from "./App";

type Given = Omit<AppProps, "info" | "words" | "preferences" | "prefer"> & {
  /** Language and theme that the holding page has set; they count more than the person's own. */
  locale: string;
  theme: string;
  onLook: (locale: string, theme: string) => void;
};

interface Started {
  info: ServerInfo;
  locale: string;
  messages: Record<string, string>;
}

const OFFLINE = "The server does not answer. / O servidor não responde.";

export function Start({ locale: fixed, theme, onLook, ...given }: Given) {
  const { client } = given;
  const [preferences, setPreferences] = useState<Preferences>(readPreferences);
  const [started, setStarted] = useState<Started | null>(null);
  const [failed, setFailed] = useState(false);
  const wanted = fixed || preferences.locale;
  useEffect(() => {
    let gone = false;
    setFailed(false);
    begin(client, wanted).then(
      (found) => !gone && setStarted(found),
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, [client, wanted]);
  const prefer = useCallback(
    (change: Partial<Preferences>) =>
      setPreferences((now) => {
        const next = { ...now, ...change };
        keepPreferences(next);
        return next;
      }),
    [],
  );
  const looks = (theme || preferences.theme) as Preferences["theme"];
  useEffect(() => onLook(started?.locale ?? "en", looks), [onLook, started?.locale, looks]);
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    if (started) setWords(speak(started.locale, started.messages, preferences.numbers || started.locale));
  }, [started, preferences.numbers]);
  if (failed && !started) {
    return (
      <p className="problem lonely" role="alert">
        {OFFLINE}
      </p>
    );
  }
  if (!started || !words) return <div className="app starting" aria-busy="true" />;
  return <App {...given} info={started.info} words={words} preferences={{ ...preferences, theme: looks }} prefer={prefer} />;
}

/** Both at once; the words again only where the server is set to another language. */
async function begin(client: Client, wanted: string): Promise<Started> {
  const guess = preferred(wanted, "", navigator.languages);
  const [info, messages] = await Promise.all([client.json<ServerInfo>("settings"), wordsOf(client, guess)]);
  const locale = preferred(wanted, info.locale, navigator.languages);
  client.locale = locale;
  return { info, locale, messages: locale === guess ? messages : await wordsOf(client, locale) };
}

const wordsOf = (client: Client, locale: string): Promise<Record<string, string>> =>
  client.json<Record<string, string>>(`messages?locale=${encodeURIComponent(locale)}`);
