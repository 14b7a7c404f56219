// The head of a dialog: no second banner of the page, for whoever goes from landmark to landmark.

export const plainHead = { header: { role: "none" } };
