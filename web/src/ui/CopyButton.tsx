import { useCopy } from "./copy";
import { useWords } from "./context";
import { Icon } from "./Icon";

export function CopyButton({ text }: { text: string }) {
  const words = useWords();
  const [copied, copy] = useCopy();
  return (
    <button type="button" className="quiet copy" onClick={() => void copy(text)}>
      <Icon name={copied ? "check" : "copy"} />
      {words.t(copied ? "copied" : "copy")}
    </button>
  );
}
