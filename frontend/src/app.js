// Everything here improves pages that already work without it.
import { Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink, createAll } from "govuk-frontend";
import { saveAnswers } from "./autosave.js";
import { countDown } from "./countdown.js";
import { orderRows } from "./order.js";
import { improvePage } from "./page.js";
import { warnBeforeSessionEnds } from "./session.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}
improvePage();
orderRows();
saveAnswers();
countDown();
warnBeforeSessionEnds();
