(() => {
  document.querySelectorAll("table.sortable").forEach((table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        [...table.tHead.rows[0].cells].forEach((cell) => cell.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (body) => body.rows[0].cells[column].dataset.v;
        const compare = (a, b) => column === 0 ? value(b).localeCompare(value(a)) : Number(value(a)) - Number(value(b));
        [...table.tBodies].sort((a, b) => (down ? compare(b, a) : compare(a, b))).forEach((body) => table.append(body));
      });
    });
  });
  document.querySelectorAll("figure").forEach((figure) => {
    const hair = figure.querySelector(".hair");
    const plot = figure.querySelector(".plot");
    if (!hair || !hair.dataset.points) return;
    const points = hair.dataset.points.split(";").map((point) => point.split("|"));
    const outputs = [...figure.querySelectorAll("output")];
    const when = figure.querySelector(".when");
    plot.addEventListener("pointermove", (event) => {
      const frame = plot.getBoundingClientRect();
      const share = (event.clientX - frame.left) / frame.width;
      const near = points.reduce((best, point) => Math.abs(point[0] - share) < Math.abs(best[0] - share) ? point : best);
      hair.hidden = false;
      hair.style.left = near[0] * 100 + "%";
      when.textContent = near[1];
      outputs.forEach((output, index) => { output.textContent = near[index + 2]; });
    });
    plot.addEventListener("pointerleave", () => {
      hair.hidden = true;
      when.textContent = "";
      outputs.forEach((output) => { output.textContent = ""; });
    });
  });
})();
