// Copies the address of the feed. Without a script, readers select it by hand.

/** Returns a control by its id. The prefix avoids conflicts with the ids that publishers choose. */
const $ = (id) => document.getElementById(`ui--${id}`);

if ($("copy") && navigator.clipboard) {
  const status = $("copied");
  $("copy").hidden = false;
  $("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText($("feed").textContent);
      status.textContent = status.dataset.copied;
    } catch {
      status.textContent = status.dataset.failed;
    }
  };
}
