"use strict";
(function () {
  var form = document.getElementById("filters");
  if (!form) { return; }
  var text = document.getElementById("filter-text");
  var state = document.getElementById("filter-state");
  var count = document.getElementById("filter-count");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#matrix tbody tr"));
  form.hidden = false;
  function apply() {
    var words = text.value.toLowerCase();
    var wanted = state.value;
    var shown = 0;
    rows.forEach(function (row) {
      var has = row.getAttribute("data-search").toLowerCase().indexOf(words) >= 0;
      var is = wanted === "" || (" " + row.getAttribute("data-states") + " ").indexOf(" " + wanted + " ") >= 0;
      row.hidden = !(has && is);
      if (!row.hidden) { shown += 1; }
    });
    count.textContent = shown + " of " + rows.length + " rows";
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  text.addEventListener("input", apply);
  state.addEventListener("change", apply);
  apply();
}());
