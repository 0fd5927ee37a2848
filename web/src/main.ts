// What other people's pages load: defines `<prosa-chat>`, once.

import { ProsaChat } from "./element";

if (!customElements.get("prosa-chat")) customElements.define("prosa-chat", ProsaChat);
