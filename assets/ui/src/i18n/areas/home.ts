import type { Texts } from "../texts";

export const home = {
  "home.title": ["Load tests", "Lasttests"],
  "home.now": ["Now", "Jetzt"],
  "home.nothing": ["Nothing is running", "Es läuft nichts"],
  "home.last": ["Last runs", "Letzte Läufe"],
  "home.all": ["All results", "Alle Ergebnisse"],
  "home.none": ["No run yet. The quickest way to see one is the quickstart.", "Noch kein Lauf. Am schnellsten sehen Sie einen mit dem Schnellstart."],
  "home.start": ["Start here", "Hier anfangen"],
  "home.try": ["Try it", "Ausprobieren"],
  "home.try_why": ["Runs the quickstart against the demo shop that MAID brings along, and shows it live.", "Führt den Schnellstart gegen den Demo-Shop aus, den MAID mitbringt, und zeigt ihn live."],
  "home.mine": ["Test my service", "Meinen Dienst testen"],
  "home.mine_why": ["Say where your service is; MAID asks the rest.", "Sagen Sie, wo Ihr Dienst ist; MAID fragt den Rest."],
  "home.words": ["Describe a test", "Einen Test beschreiben"],
  "home.words_why": ["In a sentence, in English or German; MAID writes the test.", "In einem Satz, auf Deutsch oder Englisch; MAID schreibt den Test."],
  "home.library": ["Take a recipe", "Ein Rezept nehmen"],
  "home.library_why": ["Tested patterns: smoke, spike, soak, stress, and many more.", "Erprobte Muster: Smoke, Spike, Soak, Stress und viele mehr."],
  "home.health": ["Health", "Zustand"],
  "home.healthy": ["All is well", "Alles in Ordnung"],
  "home.watch": ["Watch it live", "Live ansehen"],
  "home.queue": ["Waiting: {{count}}", "In der Warteschlange: {{count}}"],
  "home.progress": ["{{percent}} % of the time has passed", "{{percent}} % der Zeit sind vorbei"],
} as const satisfies Texts;
