const two = (value: number) => String(Math.floor(value)).padStart(2, "0");

/** Seconds as minutes and seconds. */
export function clock(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours > 0 ? two((seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
