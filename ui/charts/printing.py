"""How a chart fits its place on paper, for the browser: pages and files of a briefing print alike."""

#: A chart keeps the size it was drawn in and is scaled by its proportions (``--ltt-ratio``, print.css): drawn
#: anew for a sheet, its labels would meet.
FIT_CHART = """
const fitChart = (chart, isPrinted) => {
  const layers = chart.querySelectorAll(':scope > .main-svg');
  const [wide, high] = ['width', 'height'].map(name => parseFloat(layers[0]?.getAttribute(name)));
  if (!(wide > 0 && high > 0)) return;
  chart.classList.toggle('ltt-fitted', isPrinted);
  chart.style.setProperty('--ltt-ratio', `${wide} / ${high}`);
  layers.forEach(layer => isPrinted
    ? layer.setAttribute('viewBox', `0 0 ${wide} ${high}`) : layer.removeAttribute('viewBox'));
};
"""
