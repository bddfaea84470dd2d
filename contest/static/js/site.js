/* Every page. Small things that make plain forms and pages kinder; without it everything still works.

   [data-address]                  where this page stands, if it answered a form: going back to it asks for it there, and not
                                   for the form to be sent again
   [data-error-summary]            takes the focus when the page opens
   form[data-display]              text size and colours: cookie `display=<mode>.<size>` for a year, applied at once
   [data-dialog-open="ID"]         opens <dialog id=ID>; [data-dialog-close] inside closes it; a click outside closes it
   [data-count-for="ID"]           shows the characters in field ID against its maxlength (data-count-text "{n}자 / {m}자")
   form[method=post]               is sent once: a second press within its answer does nothing (data-resubmit allows it)
   [data-print]                    prints
   [data-copy="ID"]                copies the text of element ID; data-copied is the answer it shows
   [data-submit-on-change]         a select or box that sends its form (the button stays for those without script)
   time[data-remaining]            counts down to its datetime by the server's clock (data-server-now, ISO), in words from
                                   data-text-days "{n}일 {h}시간 남음", data-text-hours "{h}시간 {m}분 남음", data-text-over "마감" */

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

for (const answer of all("[data-address]")) {
  if (answer.dataset.address) history.replaceState(history.state, "", answer.dataset.address);
}
for (const summary of all("[data-error-summary]").slice(0, 1)) summary.focus();

for (const form of all("form[data-display]")) {
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (!pressed || !pressed.name) return;
    event.preventDefault();
    const html = document.documentElement;
    if (pressed.name === "size") html.dataset.textSize = pressed.value;
    else {
      html.dataset.mode = pressed.value;
      html.dataset.krdsMode = pressed.value === "auto" ? "theme" : pressed.value;
    }
    const value = `${html.dataset.mode}.${html.dataset.textSize}`;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `display=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    for (const button of all(`button[name="${pressed.name}"]`, form)) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of all("details.display-settings[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const open of all("details.display-settings[open]")) if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.matches("dialog") || event.target.closest("[data-dialog-close]")) {
    event.target.closest("dialog").close();
  }
});

for (const count of all("[data-count-for]")) {
  const field = document.getElementById(count.dataset.countFor);
  if (!field || field.maxLength < 1) continue;
  const show = () => {
    count.textContent = count.dataset.countText.replace("{n}", field.value.length).replace("{m}", field.maxLength);
  };
  count.hidden = false;
  field.addEventListener("input", show);
  show();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches('form[method="post"]:not([data-resubmit])')) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
// A page taken from the history must be usable again.
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const busy of all('[aria-busy="true"]', form)) busy.removeAttribute("aria-busy");
  }
});

for (const button of all("[data-print]")) button.addEventListener("click", () => print());

for (const button of all("[data-copy]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const text = "value" in source ? source.value : source.innerText;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      return;
    }
    const before = button.textContent;
    button.textContent = button.dataset.copied || "복사했습니다";
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}

for (const control of all("[data-submit-on-change]")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}

for (const time of all("time[data-remaining]")) {
  const end = Date.parse(time.dateTime);
  const drift = Date.parse(time.dataset.serverNow) - Date.now();
  const show = () => {
    const left = Math.max(0, end - Date.now() - drift);
    const minutes = Math.floor(left / 60000);
    const words = left === 0 ? time.dataset.textOver
      : minutes >= 1440 ? time.dataset.textDays : time.dataset.textHours;
    time.textContent = words.replace("{n}", Math.floor(minutes / 1440))
      .replace("{h}", Math.floor((minutes % 1440) / 60)).replace("{m}", minutes % 60);
  };
  if (Number.isNaN(end) || Number.isNaN(drift)) continue;
  show();
  setInterval(show, 30000);
}
