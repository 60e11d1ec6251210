// Runs before the first paint: a page must not flash light before it turns dark.
// It also says that scripts run, which shows what needs them.
document.documentElement.classList.add("scripts");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // No storage: the page follows the system.
}
