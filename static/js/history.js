// Alt+H: the history of the item in hand, beside the form.
(() => {
  const placeOf = (name) => (name.startsWith("row.") ? name.slice(4).replace(".", ":") : name);

  const show = async (place) => {
    const list = document.querySelector("[data-history]");
    if (!list) return;
    const answer = await fetch(`${list.dataset.history}?place=${encodeURIComponent(place)}`);
    if (!answer.ok) return;
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.querySelector("h2").textContent = shown.querySelector("h1").textContent;
    list.querySelector(".history").replaceWith(document.adoptNode(shown.querySelector(".history")));
    list.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key.toLowerCase() !== "h" || event.isComposing) return;
    if (!document.querySelector("[data-history]")) return;
    event.preventDefault();
    show(placeOf(event.target.name ?? ""));
  });
})();
