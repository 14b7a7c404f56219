/** Told apart by people who see few colours (Okabe and Ito 2008). */
export const colours = { blue: "#0072b2", orange: "#e69f00", green: "#009e73", red: "#d55e00", sky: "#56b4e9", pink: "#cc79a7", grey: "#8a8f98" };
