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
    leave = () => { clearTimeout(timer); gone.abort(); };

    const send = async (last) => {
      const sent = changes;
      try {
        const answer = await fetch(form.dataset.draft, {
          method: "POST", body: new FormData(form), credentials: "same-origin", keepalive: last, redirect: "error",
        });
        if (answer.status === 403 && !tries) document.dispatchEvent(new Event("token-stale"));
        if (answer.status === 401) document.dispatchEvent(new Event("session-ended"));
        if (!answer.ok) throw new Error(String(answer.status));
        const answered = await answer.json();
        document.dispatchEvent(new Event("contact"));
        showOthers(answered.others);
        tries = 0;
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
      if (changes) form.draftOnItsWay = send(last);
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
