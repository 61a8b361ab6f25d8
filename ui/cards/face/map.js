// What is special about a map: its view is fitted to its place, and on paper it is a picture of its own, because
// a printer gets nothing of what the graphics card draws. The areas are those that the map has loaded.
const lttMap = (() => {
  const paper = PAPER;
  const isOne = figure => figure?.data[0]?.type === 'choroplethmap';
  const tile = 512;  // pixels of the world at zoom 0

  const fit = (chart, { layout }) => {
    const { span, margin } = layout.meta;
    const room = [chart.clientWidth, layout.height].map(side => Math.max(side - 2 * margin, 50));
    const pixel = Math.max(span[0] / room[0], span[1] / room[1], 1e-6);
    layout.map.zoom = Math.round(1000 * Math.log2(360 / (tile * pixel))) / 1000;
    // As long as the view would be the same, a reader who has moved the map stays where they are.
    layout.map.uirevision = JSON.stringify([layout.map.center, layout.map.zoom]);
  };

  const rings = geometry => geometry.type === 'Polygon' ? [geometry.coordinates[0]]
    : geometry.coordinates.map(part => part[0]);
  const picture = (areas, fillOf) => {
    const borders = areas.map(({ feature }) => rings(feature.geometry));
    let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
    for (const [x, y] of borders.flat(2)) {
      west = Math.min(west, x); east = Math.max(east, x); south = Math.min(south, y); north = Math.max(north, y);
    }
    const pixel = Math.max(east - west, north - south) / 640;
    const at = ([x, y]) => `${((x - west) / pixel).toFixed(1)},${((north - y) / pixel).toFixed(1)}`;
    const [wide, high] = [(east - west) / pixel, (north - south) / pixel].map(Math.round);
    const paths = areas.map(({ group }, n) => `<path d="${borders[n].map(ring => `M${ring.map(at).join(' ')}Z`).join('')}"`
      + ` fill="${fillOf(group)}" stroke="${paper.hatch}" stroke-width="0.7"/>`);
    return `<svg role="img" aria-label="${paper.alt}" viewBox="-2 -2 ${wide + 4} ${high + 4}" width="${wide}" height="${high}">`
      + '<defs><pattern id="ltt-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
      + `<rect width="6" height="6" fill="${paper.hidden}"/><path d="M0 0V6" stroke="${paper.hatch}"/></pattern></defs>`
      + `${paths.join('')}</svg>`;
  };

  // Names of areas and their numbers come as HTML that Python has escaped.
  const print = (chart, figure) => {
    chart.querySelector(':scope > .ltt-print-only')?.remove();
    const [{ geojson, locations, z, text }] = figure.data, { meta } = figure.layout;
    const loaded = typeof geojson === 'string' ? window.PlotlyGeoAssets?.[geojson] : geojson;
    if (!loaded?.features) return;
    const features = new Map(loaded.features.map(one => [one.id, one]));
    const areas = locations.map((code, n) => ({ feature: features.get(code), group: z[n], words: text[n] }))
      .filter(({ feature, group }) => feature && group > 0);
    const fills = [null, paper.missing, 'url(#ltt-hatch)', ...meta.paper];
    const place = document.createElement('div');
    place.className = 'ltt-print-only';
    place.innerHTML = picture(areas, group => fills[group]);
    const said = areas.map(({ words }) => {
      const [name, number = ''] = words.split('<br>'), unit = ` ${meta.unit}`;
      return `<li>${name} ${meta.unit && number.endsWith(unit) ? number.slice(0, -unit.length) : number}</li>`;
    });
    place.innerHTML += areas.length > paper.most ? `<p>${paper.tooMany}</p>`
      : `<ul>${said.sort((one, other) => one.localeCompare(other)).join('')}</ul>`;
    chart.append(place);
  };
  return { isOne, fit, print };
})();
