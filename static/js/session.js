// The end of the session: a warning two minutes before, the same in every tab; then the password in place, and nothing is lost.
(() => {
  const WARN = 120;
  const CONTACT = "prtras-contact"; // when the server was last spoken to, by whichever tab; nothing else is kept here
  const dialog = () => document.getElementById("session");
  const noted = () => { try { return Number(localStorage.getItem(CONTACT)) || 0; } catch { return 0; } };
  let loaded = Date.now();
  const contact = () => {
    loaded = Date.now();
    try { localStorage.setItem(CONTACT, String(loaded)); } catch { /* a browser that keeps nothing: this tab alone counts */ }
  };
  const left = (box) => Math.round(box.dataset.minutes * 60 - (Date.now() - Math.max(loaded, noted())) / 1000);

  const show = (box, part) => {
    for (const form of box.querySelectorAll("form")) form.hidden = !form.matches(part);
    if (!box.open) box.showModal();
  };
  const again = () => {
    const box = dialog();
    if (!box?.querySelector("[data-again]").hidden) return;
    show(box, "[data-again]");
    box.querySelector("#again-password").focus();
  };

  const tokenOf = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value;
  const renew = (token) => {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  };

  // The same sign-in as everyone's, sent from here: first for a token, then name and password, then a code if there is a second factor.
  const signIn = async (box, form) => {
    const page = await (await fetch(box.dataset.signIn)).text();
    const sent = new FormData(form);
    sent.append("csrfmiddlewaretoken", tokenOf(page));
    sent.append("next", box.dataset.stay);
    if (!sent.get("code")) sent.delete("code");
    const answer = await fetch(box.dataset.signIn, { method: "POST", body: sent });
    if (answer.url.includes(box.dataset.secondFactor)) return "code";
    return answer.ok && !answer.url.includes(box.dataset.signIn) ? "in" : "wrong";
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const box = form.closest("#session");
    if (!box) return;
    if (form.matches("[data-warn]")) {
      const answer = await fetch(box.dataset.stay);
      return (await answer.json()).seconds ? contact() : again();
    }
    event.preventDefault();
    const outcome = await signIn(box, form).catch(() => "wrong");
    box.querySelector("[data-wrong]").hidden = outcome !== "wrong";
    if (outcome !== "in") {
      if (outcome === "code") for (const each of box.querySelectorAll("[data-code]")) each.hidden = false;
      box.querySelector(outcome === "code" ? "#again-code" : "#again-password").focus();
      return;
    }
    form.reset();
    form.hidden = true;
    box.close();
    freshen();
  });

  // The tokens of this page are of an older session, perhaps of another tab: take new ones and go on.
  const freshen = async () => {
    renew(tokenOf(await (await fetch(location.href)).text()));
    contact();
    document.dispatchEvent(new Event("session-back"));
  };
  const resumeFromOtherTab = async (box) => {
    const answer = await (await fetch(box.dataset.stay)).json();
    if (answer.who !== box.dataset.user) return;
    box.close();
    box.querySelector("[data-again]").hidden = true;
    freshen();
  };

  const watch = () => {
    const box = dialog();
    if (!box) return;
    const seconds = left(box);
    if (box.open && !box.querySelector("[data-again]").hidden) {
      if (noted() > loaded) resumeFromOtherTab(box, (loaded = noted()));
      return;
    }
    if (seconds <= 0) again();
    else if (seconds <= WARN) {
      show(box, "[data-warn]");
      box.querySelector("[data-left]").textContent = `${seconds} s`;
    } else if (box.open && !box.querySelector("[data-warn]").hidden) box.close();
  };

  document.addEventListener("session-ended", again);
  document.addEventListener("token-stale", freshen);
  document.addEventListener("contact", contact);
  document.addEventListener("shown", contact);
  setInterval(watch, 1000);
  contact();
})();
