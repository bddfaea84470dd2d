/* The pages of the desk where nothing is scored: what an earlier page could not send is sent from here.

   [data-desk-waiting]   role="status" in the bar; data-owner, data-signin-url as in work.js */

import { tokenNear } from "../request.js";
import { holdForms, openQueue, say } from "./queue.js";

const bar = document.querySelector("[data-desk-waiting]");
if (!document.querySelector("form[data-desk]")) {
  const tell = (kind, words) => say(bar, kind, words, bar.dataset.signinUrl);
  holdForms(openQueue(bar.dataset.owner, tokenNear(bar), tell), tell);
}
