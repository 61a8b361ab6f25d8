// The map: a path an area, drawn as SVG. There is no basemap and a few thousand outlines at most, so a graphics
// card has nothing to do, and what is drawn can be pointed at, reached with keys, and printed.
//
// The figure is one of Plotly's (`ui.charts.maps.map`), which is not asked to draw it. Outlines come from an
// address of their own and are kept; a filter changes colours and words of the paths that are there.
const lttMap = (() => {
  const paper = PAPER;
  const svgSpace = 'http://www.w3.org/2000/svg';
  const hatched = 2, dotted = 1, neighbour = 0;  // groups of areas before the classes: `ui.charts.maps.map`
  const isOne = figure => figure?.data[0]?.type === 'choroplethmap';
  const make = (name, into, values = {}) => {
    const one = document.createElementNS(svgSpace, name);
    for (const key in values) one.setAttribute(key, values[key]);
    into.append(one);
    return one;
  };

  const fetched = new Map();
  const outlines = ({ geojson }) => {
    const byCode = ({ features }) => new Map(features.map(({ id, geometry }) => [id, geometry]));
    if (typeof geojson !== 'string') return byCode(geojson);
    if (!fetched.has(geojson)) {
      if (fetched.size >= 12) fetched.delete(fetched.keys().next().value);
      fetched.set(geojson, fetch(geojson).then(answer => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      }).then(byCode));
      fetched.get(geojson).catch(() => fetched.delete(geojson));
    }
    return fetched.get(geojson);
  };

  const parts = ({ type, coordinates }) => type === 'Polygon' ? [coordinates] : coordinates;
  // Places of the map in pixels; what lies less than half a pixel on is left out.
  const seen = ({ layout }, width) => {
    const [west, south, east, north] = layout.meta.box, { margin } = layout.meta, { height } = layout;
    const room = [width, height].map(side => Math.max(side - 2 * margin, 50));
    const pixel = Math.max((east - west) / room[0], (north - south) / room[1], 1e-6);
    const left = (width - (east - west) / pixel) / 2 - west / pixel;
    const top = (height - (north - south) / pixel) / 2 + north / pixel;
    const at = (x, y) => [Math.round(10 * (left + x / pixel)) / 10, Math.round(10 * (top - y / pixel)) / 10];
    const line = corners => {
      let path = '', was = [-9, -9];
      corners.forEach(([x, y], n) => {
        const here = at(x, y);
        if (n && n < corners.length - 1 && Math.abs(here[0] - was[0]) + Math.abs(here[1] - was[1]) < 0.5) return;
        path += `${n ? 'L' : 'M'}${here}`;
        was = here;
      });
      return path;
    };
    const area = geometry => parts(geometry).flat().map(ring => `${line(ring)}Z`).join('');
    const strokes = ({ lon, lat }) => {
      let path = '', isDown = false;
      lon.forEach((x, n) => {
        if (x !== null) path += `${isDown ? 'L' : 'M'}${at(x, lat[n])}`;
        isDown = x !== null;
      });
      return path;
    };
    return { at, area, strokes };
  };

  // What lies under whatever a filter changes: made once for a place of one size.
  const ground = (place, figure, width, shapes) => {
    const { layout } = figure, { hidden, missing, hatch } = layout.meta;
    const svg = make('svg', place, { class: 'main-svg', role: 'group', 'aria-label': paper.keys, width, height: layout.height });
    const defs = make('defs', svg);
    const pattern = (name, side, more) => make('pattern', defs,
      { id: `ltt-map-${name}`, width: side, height: side, patternUnits: 'userSpaceOnUse', ...more });
    const lines = pattern('hidden', 7, { patternTransform: 'rotate(45)' });
    make('rect', lines, { width: 7, height: 7, fill: hidden });
    make('path', lines, { d: 'M0 0V7', stroke: hatch, 'stroke-width': 2 });
    const dots = pattern('missing', 11);
    make('rect', dots, { width: 11, height: 11, fill: missing });
    make('circle', dots, { cx: 5.5, cy: 5.5, r: 1.25, fill: hatch });
    const all = make('g', svg), look = seen(figure, width);
    const [areas] = figure.data, layer = make('g', all), paths = new Map();
    for (const code of areas.locations) {
      const geometry = shapes[0].get(code);
      if (geometry) paths.set(code, make('path', layer, { d: look.area(geometry), 'data-code': code }));
    }
    figure.data.slice(1).filter(({ type }) => type === 'choroplethmap').forEach((trace, n) => {
      const { color, width: wide } = trace.marker.line;
      const d = trace.locations.map(code => shapes[n + 1].get(code)).filter(Boolean).map(look.area).join('');
      make('path', all, { d, class: 'ltt-map_over', stroke: color, 'stroke-width': wide });
    });
    return {
      svg, all, layer, paths, look, over: make('g', all, { 'aria-hidden': true }), under: make('path', all, { class: 'ltt-map_over' }),
      ring: make('path', all, { class: 'ltt-map_over' }), moved: [0, 0], current: null,
    };
  };

  const colour = (drawing, { data: [areas], layout }) => {
    const fills = areas.colorscale.filter((_, n) => n % 2 === 0).map(([, fill]) => fill);
    const { color, width } = areas.marker.line;
    drawing.paths.forEach(path => path.lttGroup = undefined);
    drawing.words = new Map();
    areas.locations.forEach((code, n) => {
      const path = drawing.paths.get(code), group = areas.z[n];
      if (!path) return;
      drawing.words.set(code, areas.text[n]);
      path.lttGroup = group;
      const fill = { [hatched]: 'url(#ltt-map-hidden)', [dotted]: 'url(#ltt-map-missing)' }[group] ?? fills[group];
      if (path.lttFill !== fill) path.setAttribute('fill', path.lttFill = fill);
    });
    drawing.layer.setAttribute('stroke', color);
    drawing.layer.setAttribute('stroke-width', width);
    drawing.paint = layout.hoverlabel;
  };

  // Names on the map are for the eye: whoever hears the page hears those of the areas.
  const write = (drawing, traces) => {
    drawing.over.replaceChildren();
    for (const trace of traces) {
      if (trace.mode === 'lines') {
        const { color, width } = trace.line;
        make('path', drawing.over, { d: drawing.look.strokes(trace), class: 'ltt-map_over', stroke: color, 'stroke-width': width });
        continue;
      }
      const { color, size, family } = trace.textfont;
      const words = make('g', drawing.over, { fill: color, 'font-size': size, 'font-family': `"${family}", sans-serif`, class: 'ltt-map_names' });
      trace.text.forEach((name, n) => {
        const [x, y] = drawing.look.at(trace.lon[n], trace.lat[n]);
        make('text', words, { x, y, dy: '0.35em' }).textContent = name;
      });
    }
  };

  // What an area is called and its numbers: HTML that Python has escaped.
  const tell = (place, code, x, y) => {
    const { words, paint, svg } = place.lttDrawing;
    const tip = place.querySelector('.ltt-map_tip') ?? place.appendChild(document.createElement('div'));
    if (tip.lttWords !== words.get(code)) tip.innerHTML = tip.lttWords = words.get(code);
    tip.className = 'ltt-map_tip';
    tip.hidden = false;
    place.lttTold = [code, x, y];
    Object.assign(tip.style, { background: paint.bgcolor, borderColor: paint.bordercolor, color: paint.font.color });
    const [wide, high] = [svg.clientWidth || svg.getAttribute('width'), svg.getAttribute('height')].map(Number);
    const left = x + 12 + tip.offsetWidth > wide ? x - 12 - tip.offsetWidth : x + 12;
    tip.style.left = `${Math.max(0, Math.min(left, wide - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, Math.min(y - tip.offsetHeight / 2, high - tip.offsetHeight))}px`;
  };
  const hush = place => place.querySelector('.ltt-map_tip')?.setAttribute('hidden', '');
  const middle = path => {
    const { x, y, width, height } = path.getBBox();
    return [x + width / 2, y + height / 2];
  };

  // One area can be reached with the tab key; arrows lead from it to the next.
  const stand = (drawing, code) => {
    const was = drawing.paths.get(drawing.current), path = drawing.paths.get(code);
    if (was !== path) ['tabindex', 'role', 'aria-label'].forEach(name => was?.removeAttribute(name));
    drawing.current = code;
    const said = drawing.words.get(code)?.replace(/<br>/g, ', ').replace(/<[^>]*>/g, '');
    const plain = new DOMParser().parseFromString(said ?? '', 'text/html').body.textContent;
    for (const [name, value] of Object.entries({ tabindex: 0, role: 'button', 'aria-label': plain })) path?.setAttribute(name, value);
    return path;
  };
  const next = ({ paths, current }, [across, down]) => {
    const [x, y] = middle(paths.get(current));
    let best = null, least = Infinity;
    paths.forEach((path, code) => {
      if (!(path.lttGroup > neighbour) || code === current) return;
      const [dx, dy] = middle(path).map((one, n) => one - [x, y][n]);
      const along = dx * across + dy * down, aside = Math.abs(dx * down) + Math.abs(dy * across);
      if (along > 0 && along + 2 * aside < least) [best, least] = [code, along + 2 * aside];
    });
    return best;
  };
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const listen = (place, press) => {
    const codeOf = event => event.target.closest?.('path[data-code]')?.dataset.code;
    const drawing = () => place.lttDrawing;
    const move = ({ all, moved }) => all.setAttribute('transform', `translate(${moved})`);
    // Half of the map stays in sight, so that it can be taken hold of again.
    const inSight = (way, side) => Math.max(-side / 2, Math.min(way, side / 2));
    let from = null;  // where the mouse took hold of the map
    place.addEventListener('pointerdown', event => {
      if (drawing() && event.pointerType === 'mouse' && event.button === 0) from = { x: event.clientX, y: event.clientY, moved: drawing().moved };
      place.lttWasMoved = false;
    });
    place.addEventListener('pointermove', event => {
      const { left, top, width, height } = place.getBoundingClientRect(), code = codeOf(event);
      const [dx, dy] = from ? [event.clientX - from.x, event.clientY - from.y] : [0, 0];
      if (from && !(event.buttons & 1)) from = null;
      if (from && (place.lttWasMoved || Math.hypot(dx, dy) > 4)) {
        if (!place.lttWasMoved) place.setPointerCapture(event.pointerId);
        place.lttWasMoved = true;
        drawing().moved = [inSight(from.moved[0] + dx, width), inSight(from.moved[1] + dy, height)];
        move(drawing());
        hush(place);
      } else if (code) tell(place, code, event.clientX - left, event.clientY - top);
      else hush(place);
    });
    place.addEventListener('pointerup', () => { from = null; });
    // A finger that is lifted leaves the place; what it has touched is told until it touches something else.
    place.addEventListener('pointerleave', ({ pointerType }) => { if (pointerType !== 'touch') hush(place); });
    place.addEventListener('click', event => {
      const code = codeOf(event), { left, top } = place.getBoundingClientRect();
      if (!code) hush(place);
      if (!code || place.lttWasMoved) return;
      if (event.pointerType === 'touch') tell(place, code, event.clientX - left, event.clientY - top);
      press(code);
    });
    const show = () => {
      const { current, paths, under, ring, moved, paint } = drawing(), path = paths.get(current);
      under.setAttribute('d', path.getAttribute('d'));
      ring.setAttribute('d', path.getAttribute('d'));
      for (const [one, stroke, width] of [[under, paint.bgcolor, 6], [ring, paint.font.color, 3]]) {
        one.setAttribute('stroke', stroke);
        one.setAttribute('stroke-width', width);
      }
      const [x, y] = middle(path);
      tell(place, current, x + moved[0], y + moved[1]);
    };
    const leave = () => {
      drawing().under.removeAttribute('d');
      drawing().ring.removeAttribute('d');
      hush(place);
    };
    place.lttShow = show;
    place.addEventListener('focusin', event => { if (event.target.matches(':focus-visible')) show(); });
    place.addEventListener('focusout', leave);
    place.addEventListener('keydown', event => {
      const way = arrows[event.key], isPressed = event.key === 'Enter' || event.key === ' ';
      if (event.key === 'Escape') hush(place);
      if (event.altKey || event.ctrlKey || event.metaKey || !way && !isPressed) return;  // those are the browser's
      event.preventDefault();
      if (isPressed) return press(drawing().current);
      const code = next(drawing(), way);
      if (code) stand(drawing(), code).focus();
    });
  };

  const draw = async (chart, figure) => {
    chart.lttMap = figure;
    const place = chart.firstElementChild, traces = figure.data.filter(({ type }) => type === 'choroplethmap');
    if (!place.lttListens) {
      place.lttListens = true;
      place.classList.add('ltt-map_drawing');
      listen(place, code => chart.parentElement.lttPress('place', code));
    }
    let shapes;
    try {
      shapes = await Promise.all(traces.map(outlines));
    } catch {
      if (chart.lttMap === figure) place.textContent = paper.noOutlines;
      place.lttView = null;
      return;
    }
    const width = chart.clientWidth;
    if (chart.lttMap !== figure || !chart.isConnected || !width) return;
    const { meta, height } = figure.layout;
    const view = JSON.stringify([meta.box, width, height, meta.hatch, traces.map(({ geojson, locations }) =>
      [typeof geojson === 'string' ? geojson : geojson.features.length, locations.join()])]);
    if (place.lttView !== view) {
      place.replaceChildren();
      place.lttTold = null;
      place.lttView = view;
      place.lttOver = '';
      place.lttDrawing = ground(place, figure, width, shapes);
    }
    // As long as the view is the same, a reader who has moved the map stays where they are.
    const drawing = place.lttDrawing, over = figure.data.filter(({ type }) => type !== 'choroplethmap');
    colour(drawing, figure);
    if (place.lttOver !== (place.lttOver = JSON.stringify(over))) write(drawing, over);
    const isThere = code => drawing.paths.get(code)?.lttGroup > neighbour;
    const first = isThere(drawing.current) ? drawing.current : [...drawing.paths.keys()].find(isThere);
    if (first) stand(drawing, first);
    place.lttShapes = shapes[0];
    const tip = place.querySelector('.ltt-map_tip');
    if (first && document.activeElement === drawing.paths.get(first)) place.lttShow();
    else if (tip && !tip.hidden && drawing.words.has(place.lttTold?.[0])) tell(place, ...place.lttTold);
    else hush(place);
  };

  const rings = geometry => parts(geometry).flat();
  const picture = (areas, fillOf) => {
    const borders = areas.map(({ geometry }) => rings(geometry));
    let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
    for (const [x, y] of borders.flat(2)) {
      west = Math.min(west, x); east = Math.max(east, x); south = Math.min(south, y); north = Math.max(north, y);
    }
    const pixel = Math.max(east - west, north - south) / 640;
    const at = ([x, y]) => `${((x - west) / pixel).toFixed(1)},${((north - y) / pixel).toFixed(1)}`;
    const [wide, high] = [(east - west) / pixel, (north - south) / pixel].map(Math.round);
    const paths = areas.map(({ group }, n) => `<path d="${borders[n].map(ring => `M${ring.map(at).join(' ')}Z`).join('')}"`
      + ` fill="${fillOf(group)}" fill-rule="evenodd" stroke="${paper.hatch}" stroke-width="0.7"/>`);
    return `<svg role="img" aria-label="${paper.alt}" viewBox="-2 -2 ${wide + 4} ${high + 4}" width="${wide}" height="${high}">`
      + '<defs><pattern id="ltt-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
      + `<rect width="6" height="6" fill="${paper.hidden}"/><path d="M0 0V6" stroke="${paper.hatch}"/></pattern></defs>`
      + `${paths.join('')}</svg>`;
  };

  // On paper the colours are those of the light theme, and the numbers are listed.
  const print = chart => {
    chart.querySelector(':scope > .ltt-print-only')?.remove();
    const { data: [{ locations, z, text }], layout: { meta } } = chart.lttMap, shapes = chart.firstElementChild.lttShapes;
    if (!shapes) return;
    const areas = locations.map((code, n) => ({ geometry: shapes.get(code), group: z[n], words: text[n] }))
      .filter(({ geometry, group }) => geometry && group > neighbour);
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
  return { isOne, draw, print };
})();
