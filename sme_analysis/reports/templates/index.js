// Search: a row stays while its text holds every word, whatever the case, the accents, the
// apostrophes and the spaces within a name.
(function () {
  "use strict";
  var form = document.getElementById("search");
  var words = document.getElementById("words");
  var failed = document.getElementById("failed");
  var count = document.getElementById("count");
  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f'.\u2018\u2019\u02bc]/g, "").toLowerCase();
  }
  var rows = Array.from(document.querySelectorAll("#reports tbody tr"), function (row) {
    var text = folded(row.textContent);
    text += " " + text.replace(/\s+/g, "");
    return { row: row, text: text, failed: row.classList.contains("sme-failed") };
  });
  function search() {
    var wanted = folded(words.value).split(/\s+/).filter(Boolean);
    var only = failed !== null && failed.checked;
    var shown = 0;
    rows.forEach(function (entry) {
      var fits = wanted.every(function (word) { return entry.text.includes(word); });
      entry.row.hidden = !fits || (only && !entry.failed);
      shown += entry.row.hidden ? 0 : 1;
    });
    if (!wanted.length && !only) {
      count.textContent = form.dataset.all;
    } else if (!shown) {
      count.textContent = form.dataset.none;
    } else {
      count.textContent = form.dataset.found
        .replace("{shown}", shown.toLocaleString(document.documentElement.lang))
        .replace("{all}", rows.length.toLocaleString(document.documentElement.lang));
    }
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", search);
  search(); // a browser may have kept what was typed before the page was loaded again
}());
