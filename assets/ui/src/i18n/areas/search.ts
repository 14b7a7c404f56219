// What the search and the dialog of keys say, and fields for values.

import type { Texts } from "../texts";

export const search = {
  "search.open": ["Search", "Suchen"],
  "search.title": ["Search", "Suche"],
  "search.label": ["Runs, recipes and prompts", "Läufe, Rezepte und Prompts"],
  "search.how": ["↑ and ↓ choose, Enter goes there, Esc closes.", "↑ und ↓ wählen aus, Enter führt hin, Esc schließt."],
  "search.looking": ["Searching", "Sucht"],
  "search.hits": ["Found: {{count}}", "Gefunden: {{count}}"],
  "search.found": ["What was found", "Was gefunden wurde"],
  "search.none": ["Nothing was found for “{{words}}”. Fewer words find more.", "Zu „{{words}}“ wurde nichts gefunden. Weniger Wörter finden mehr."],
  "search.degraded": ["Found by its words alone, and not by what it means.", "Nur nach Wörtern gefunden, nicht nach der Bedeutung."],
  "search.kind.run": ["Runs", "Läufe"],
  "search.kind.finding": ["Findings of runs", "Befunde aus Läufen"],
  "search.kind.recipe": ["Recipes", "Rezepte"],
  "search.kind.prompt": ["Prompts", "Prompts"],

  "keys.title": ["Keyboard shortcuts", "Tastenkürzel"],
  "keys.search": ["Search", "Suchen"],
  "keys.help": ["This list of keys", "Diese Liste"],
  "keys.save": ["Save what is written on this page", "Speichern, was auf dieser Seite geschrieben ist"],
  "keys.close": ["Close a dialog", "Einen Dialog schließen"],
  "keys.wanted": ["Use these keys", "Tastenkürzel verwenden"],
  "keys.wanted_why": ["Turn it off if you speak to this page, or press keys by accident. Esc and Ctrl+S always work.", "Schalten Sie sie ab, wenn Sie mit dieser Seite sprechen oder Tasten versehentlich drücken. Esc und Strg+S wirken immer."],

  "values.example": ["for example {{example}}", "zum Beispiel {{example}}"],
  "values.clear": ["Clear {{name}}", "{{name}} leeren"],
} as const satisfies Texts;
