import { analystOf, type Preferences, type Theme } from "../preferences";
import { useSite } from "./context";
import { Dialog } from "./Dialog";

const LANGUAGES: Record<string, string> = { en: "English", "pt-BR": "Português (Brasil)" };
const THEMES: Theme[] = ["system", "light", "dark"];
const SAMPLE = 1234.5;

/** What a person may choose about the page; it holds at once and is kept by the browser. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { words, info, preferences, prefer } = useSite();
  const number = (locale: string) => new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(SAMPLE);
  return (
    <Dialog title={words.t("settings")} onClose={onClose}>
      <div className="settings">
        <Choice name="locale" label={words.t("language")} value={words.locale} options={info.locales.map((locale) => [locale, LANGUAGES[locale] ?? locale])} />
        <Choice name="theme" label={words.t("theme")} value={preferences.theme} options={THEMES.map((theme) => [theme, words.t(`theme_${theme}`)])} />
        <Choice
          name="numbers"
          label={words.t("number_format")}
          value={preferences.numbers}
          options={[["", words.t("as_language")], ...info.locales.map((locale): [string, string] => [locale, number(locale)])]}
        />
        {info.analysts.length > 1 && (
          <Choice
            name="analyst"
            label={words.t("analyst")}
            value={preferences.analyst}
            options={[["", words.t("as_server", { name: words.t(`analyst_${info.analyst}`) })], ...info.analysts.map((name): [string, string] => [name, words.t(`analyst_${name}`) || name])]}
          />
        )}
        <Seen />
        <label className="tick">
          <input type="checkbox" checked={preferences.sql} onChange={(event) => prefer({ sql: event.target.checked })} />
          <span>{words.t("show_sql")}</span>
        </label>
        <p className="hint">Prosa {info.version}</p>
      </div>
    </Dialog>
  );
}

/** What of the data reaches a language model, as the choice above stands. */
export function Seen() {
  const { words, info, preferences } = useSite();
  const who = analystOf(preferences, info);
  if (!who) return null;
  return (
    <p className="hint" id="model-sees">
      {words.t(who === "rules" || !info.model_sees ? "sees_nothing" : `sees_${info.model_sees}`)}
    </p>
  );
}

interface ChoiceProps {
  name: keyof Preferences;
  label: string;
  value: string;
  options: [string, string][];
}

function Choice({ name, label, value, options }: ChoiceProps) {
  const { prefer } = useSite();
  return (
    <label className="choice">
      <span>{label}</span>
      <select name={name} value={value} onChange={(event) => prefer({ [name]: event.target.value })}>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
