/** Draws the charts of the usage page. Without this file the page is complete: every number stands in its tables. */
const { Chart } = globalThis;
const darkness = matchMedia('(prefers-color-scheme: dark)');
const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/** A colour of the stylesheet as the page shows it now; a canvas does not know `light-dark()`. */
function colour(name) {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const shown = getComputedStyle(probe).color;
  probe.remove();
  return shown;
}

function optionsOf({ stacked, whole }) {
  const [ink, line] = [colour('muted'), colour('line')];
  const ticks = { color: ink, maxRotation: 0, autoSkipPadding: 16 };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: stillness.matches ? false : { duration: 250 },
    interaction: { mode: 'index', intersect: false },
    plugins: { legend: { labels: { color: ink, boxWidth: 12 } } },
    scales: {
      x: { stacked, ticks, grid: { display: false } },
      y: { stacked, beginAtZero: true, ticks: { ...ticks, ...(whole && { precision: 0 }) }, grid: { color: line } },
    },
  };
}

function draw(canvas) {
  const chart = JSON.parse(canvas.dataset.chart);
  const datasets = chart.series.map(({ label, tone, values }) => ({
    label,
    data: values,
    backgroundColor: colour(tone),
    borderColor: colour(tone),
    borderWidth: chart.type === 'line' ? 2 : 0,
    pointRadius: 1.5,
    spanGaps: true,
  }));
  return new Chart(canvas, { type: chart.type, data: { labels: chart.labels, datasets }, options: optionsOf(chart) });
}

document.getElementById('charts').hidden = false;
const canvases = [...document.querySelectorAll('canvas[data-chart]')];
let charts = canvases.map(draw);
for (const preference of [darkness, stillness])
  preference.addEventListener('change', () => {
    for (const chart of charts) chart.destroy();
    charts = canvases.map(draw);
  });
