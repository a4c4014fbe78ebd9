// While the worker is at something: ask for the page again and show how far it is. Without scripts one reloads.
(() => {
  const PAUSE = 2000;

  const show = (next, part) => {
    const renewed = next.getElementById(part.id);
    if (!renewed) return location.reload(); // it is over, and the page is another one now
    const focused = part.contains(document.activeElement) && document.activeElement.id;
    part.replaceWith(document.adoptNode(renewed));
    if (focused) document.getElementById(focused)?.focus();
  };

  const look = async () => {
    const parts = [...document.querySelectorAll("[data-live]")];
    if (!parts.length) return;
    setTimeout(look, PAUSE);
    if (document.hidden) return;
    const answer = await fetch(location.href, { headers: { "X-Unattended": "yes" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return; // away, or the session is over: what is shown stays
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) show(next, part);
  };

  setTimeout(look, PAUSE);
})();
