// A form of the casebook is sent and what answers is shown in its place: no page is loaded between two forms.
// What the network or the server does not take stays on the page, and the page says so.
(() => {
  const place = () => location.pathname + location.search;
  let at = place();

  const show = async (answer) => {
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = next.title;
    document.body.replaceWith(document.adoptNode(next.body));
    history[answer.url === location.href ? "replaceState" : "pushState"](null, "", answer.url);
    at = place();
    scrollTo(0, 0);
    document.dispatchEvent(new Event("shown"));
    if (!answer.ok) document.querySelector("form.crf[data-form]")?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const refuse = (form, code) => {
    const english = document.documentElement.lang === "en";
    const status = document.querySelector("[data-saved] span");
    const why = code ? ` (${code})` : "";
    const known = code && code < 500; // else nobody knows what became of it: the key of the form makes it safe to try again
    const words = english
      ? `Not ${known ? "submitted" : "confirmed"}${why}: your entries remain on this page. Submit again; it is never saved twice`
      : `${known ? "未提交" : "未收到确认"}${why}：内容仍保留在本页，请再次提交，不会重复保存`;
    if (status) status.textContent = words;
    form.dispatchEvent(new Event("not-sent"));
  };

  // The session has ended: what was sent is sent again after sign-in.
  const waitFor = (what, form, submitter) => {
    refuse(form, "");
    document.addEventListener("session-back", () => form.requestSubmit(submitter), { once: true });
    document.dispatchEvent(new Event(what));
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form.crf[data-form]")) return;
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const sent = new FormData(form);
    if (event.submitter?.name) sent.append(event.submitter.name, event.submitter.value);
    try {
      await form.draftOnItsWay;
      sent.set("draft", form.elements.namedItem("draft").value);
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST", body: sent, credentials: "same-origin", headers: { "X-Requested-With": "fetch" },
      });
      if (answer.status === 401) waitFor("session-ended", form, event.submitter);
      else if (answer.status === 403 && !form.dataset.triedAgain) {
        form.dataset.triedAgain = "1"; // once: a stale token is renewed, a refusal stays one
        waitFor("token-stale", form, event.submitter);
      }
      else if (answer.ok || answer.status === 422 || answer.status === 409) await show(answer);
      else refuse(form, answer.status);
    } catch {
      refuse(form, "");
    } finally {
      form.removeAttribute("aria-busy");
    }
  });

  // Back and forward; a link within the page (#) is none of these.
  window.addEventListener("popstate", () => { if (place() !== at) location.reload(); });
})();
