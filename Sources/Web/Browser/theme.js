// Before anything is drawn, so that nothing flashes.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("weir-theme"); } catch { /* storage may be forbidden: then the system's choice stands */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
