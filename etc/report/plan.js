(function () {
  "use strict";
  var root = document.documentElement;
  var list = document.getElementById("list");
  var items = list ? Array.prototype.slice.call(list.children) : [];
  var form = document.getElementById("filter");
  var search = document.getElementById("search");
  var shown = document.getElementById("shown");
  var texts = null;

  /* Colour scheme: automatic, light, dark. Where nothing may be kept, it is kept for this page. */
  var schemes = ["auto", "light", "dark"];
  var names = { auto: "automatic", light: "light", dark: "dark" };
  var theme = document.getElementById("theme");
  function setTheme(name) {
    if (name === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    theme.textContent = "Colours: " + names[name];
    theme.value = name;
  }
  function kept(name) {
    try {
      if (name === undefined) return localStorage.getItem("phx-theme");
      localStorage.setItem("phx-theme", name);
    } catch (e) { /* not allowed here */ }
    return null;
  }
  setTheme(schemes.indexOf(kept()) >= 0 ? kept() : "auto");
  theme.hidden = false;
  theme.addEventListener("click", function () {
    var next = schemes[(schemes.indexOf(theme.value) + 1) % schemes.length];
    setTheme(next);
    kept(next);
  });

  /* What is in the folded parts is searched too; read once, when first needed. */
  function textOf(i) {
    if (!texts) texts = items.map(function (li) { return li.textContent.toLowerCase(); });
    return texts[i];
  }
  function chosen(name) {
    var out = {};
    form.querySelectorAll('input[name="' + name + '"]:checked').forEach(function (x) { out[x.value] = true; });
    return out;
  }
  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var actions = chosen("action"), impacts = chosen("impact"), n = 0;
    var hide = items.map(function (li, i) {
      return !(actions[li.dataset.action] && impacts[li.dataset.impact] &&
        words.every(function (w) { return textOf(i).indexOf(w) >= 0; }));
    });
    /* First all reading, then all writing: one layout. */
    items.forEach(function (li, i) {
      if (li.hidden !== hide[i]) li.hidden = hide[i];
      n += !hide[i];
    });
    shown.textContent = n + " of " + items.length + " shown";
  }
  if (form) {
    var timer = 0;
    form.hidden = false;
    form.addEventListener("submit", function (e) { e.preventDefault(); });
    form.addEventListener("change", filter);
    search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(filter, 120); });
    form.addEventListener("reset", function () { setTimeout(filter, 0); });
    filter();
  }
  function fold(open) {
    items.forEach(function (li) {
      if (!li.hidden) li.firstElementChild.open = open;
    });
  }
  ["open-all", "close-all"].forEach(function (id) {
    var button = document.getElementById(id);
    if (button) button.addEventListener("click", function () { fold(id === "open-all"); });
  });
  document.querySelectorAll(".controls").forEach(function (x) { x.hidden = false; });

  /* A link to a change opens it, and shows it even when it is filtered out. */
  function follow() {
    var li = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!li || !li.classList.contains("change")) return;
    li.hidden = false;
    li.firstElementChild.open = true;
    li.scrollIntoView({ block: "center" });
    li.querySelector("summary").focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", follow);
  follow();

  document.addEventListener("keydown", function (e) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "checkbox";
    if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !e.altKey && search) {
      e.preventDefault();
      search.focus();
    } else if (e.key === "Escape" && e.target === search && search.value) {
      search.value = "";
      filter();
    }
  });
  root.setAttribute("data-ready", String(Math.round(performance.now())));
})();
