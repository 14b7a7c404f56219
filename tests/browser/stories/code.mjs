// A QR code as a browser shows it, for a reader to read.

export default async function ({ world, open, picture }) {
  const page = await open({ viewport: { width: 400, height: 400 } });
  await page.setContent(`<img width="380" alt="" src="data:image/svg+xml;base64,${Buffer.from(world.svg).toString("base64")}">`);
  await picture(page, "svg");
}
