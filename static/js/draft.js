// Keeps what is typed on the server, two seconds after the last key, and always says the truth about it.
(() => {
  let leave = () => {};

  const start = () => {
    leave();
    const form = document.querySelector("form.crf[data-draft]");
    const status = document.querySelector("[data-saved] span");
    if (!form || !status) return;

    const english = document.documentElement.lang === "en";
    const say = (zh, en) => { status.textContent = english ? en : zh; };
    const gone = new AbortController();
    let timer = 0;
    let tries = 0;
    let changes = 0;
    let apart = false; // another window of the same person saved another draft: nothing is overwritten by itself
    let inFlight = 0;
    const revision = form.elements.namedItem("draft");
    leave = () => { clearTimeout(timer); gone.abort(); };

    const send = async (last) => {
      const sent = changes;
      const typed = new FormData(form);
      typed.set("draft", Number(revision.value) + inFlight); // behind the one on its way
      inFlight += 1;
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST", body: typed, credentials: "same-origin", keepalive: last, redirect: "error",
        });
        if (answer.status === 409) {
          apart = true;
          status.textContent = (await answer.json()).text;
          return;
        }
        if (answer.status === 403 && !tries) document.dispatchEvent(new Event("token-stale"));
        if (answer.status === 401) document.dispatchEvent(new Event("session-ended"));
        if (!answer.ok) throw new Error(String(answer.status));
        const answered = await answer.json();
        document.dispatchEvent(new Event("contact"));
        showOthers(answered.others);
        tries = 0;
        revision.value = answered.revision;
        if (changes === sent) {
          changes = 0;
          form.dispatchEvent(new Event("draft-saved"));
        }
        status.textContent = answered.text;
      } catch {
        tries += 1;
        say(
          `未保存，正在重试（${tries}）；本页保留 ${changes} 处修改`,
          `Not saved, retrying (${tries}); ${changes} changes remain on this page`,
        );
        if (!gone.signal.aborted) timer = setTimeout(save, Math.min(30000, 2000 * 2 ** Math.min(tries, 4)));
      } finally {
        inFlight -= 1;
      }
    };
    const showOthers = (words) => {
      const place = form.querySelector("[data-others]");
      if (!place) return;
      place.hidden = !words;
      place.querySelector("p").textContent = words;
    };
    const save = (last = false) => {
      clearTimeout(timer);
      if (changes && !apart) form.draftOnItsWay = send(last);
    };

    form.addEventListener("input", () => {
      changes += 1;
      clearTimeout(timer);
      timer = setTimeout(save, 2000);
    });
    let kept = 0;
    form.addEventListener("submit", () => { clearTimeout(timer); kept = changes; changes = 0; });
    form.addEventListener("not-sent", () => { changes += kept || 1; timer = setTimeout(save, 2000); });
    document.addEventListener("session-back", () => save(), { signal: gone.signal });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); }, { signal: gone.signal });
  };

  document.addEventListener("shown", start);
  start();
})();
