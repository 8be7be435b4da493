// Draws `plots`, which the page has, each as wide as the page lets it be.
const colours = ["#2456b8", "#1a7f5a", "#c9372c", "#8a4bb0", "#d69e1e"];

/** The troubles behind the lines. */
function shade(shaded) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = "rgba(201, 55, 44, 0.09)";
    for (const [from, until] of shaded) {
      const [left, right] = [from, until].map((x) => plot.valToPos(x, "x", true));
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.restore();
  };
}

function draw({ x, unit, series, shaded, isLogarithmic }, element) {
  const said = (value) => (value === null || value === undefined ? "–" : `${Number(value.toPrecision(4))} ${unit}`);
  const options = {
    width: element.clientWidth,
    height: 260,
    scales: { x: { time: false }, y: isLogarithmic ? { distr: 3 } : {} },
    axes: [
      { label: x.label },
      { size: 64, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : `${tick} ${unit}`)) },
    ],
    series: [
      { label: x.label },
      ...series.map(({ label }, index) => ({
        label,
        stroke: colours[index],
        width: 1.5,
        value: (_, value) => said(value),
      })),
    ],
    hooks: { drawClear: [shade(shaded)] },
  };
  const plot = new uPlot(options, [x.values, ...series.map(({ values }) => values)], element);
  addEventListener("resize", () => plot.setSize({ width: element.clientWidth, height: 260 }));
}

plots.forEach((plot, index) => draw(plot, document.getElementById(`plot-${index}`)));
