// Draws the cards of a page: their words as HTML, their charts with the Plotly that Streamlit brings.
//
// A card's own script (`ui.cards.face.face`) is one line and hands the card over, because it travels with every
// card. A chart that is drawn already is changed and not drawn anew. Charts that are not in sight wait until those
// that are have been seen; before the page is printed all are drawn.
const lttDraws = (() => {
  const decoder = new TextDecoder(), waiting = new Set();
  const config = CONFIG, usual = USUAL;
  let plotly = null;
  const charts = () => plotly ??= window.Plotly
    ? Promise.resolve() : import(new URL('CHUNK', document.querySelector('script[src*="/static/js/"]').src));

  // What all figures share travels once (`ui.cards.face.defaults`).
  const filled = (part, shared) => {
    if (!part?.usual) return part;
    const { usual: _mark, ...own } = part;
    return structuredClone({ ...shared, ...own });
  };
  const whole = (figure, { layout: shared, axis }) => {
    const layout = filled(figure.layout, shared);
    for (const name in layout) if (/^[xy]axis/.test(name)) layout[name] = filled(layout[name], axis);
    return { ...figure, layout };
  };

  const plot = chart => {
    const { lttFigure: figure, firstElementChild: place } = chart, isMap = lttMap.isOne(figure);
    if (!isMap && !window.Plotly) return;
    waiting.delete(chart);
    if (!figure || !chart.isConnected || !chart.clientWidth) return;
    chart.lttFigure = null;
    if (isMap) lttMap.draw(chart, figure); else window.Plotly.react(place, figure.data, figure.layout, config);
  };
  const isNear = chart => {
    const { top, bottom } = chart.getBoundingClientRect();
    return bottom > -innerHeight / 2 && top < 1.5 * innerHeight;
  };
  // After the next picture, so that what is in sight is seen first; then one by one, and a reader may come between.
  const later = step => requestAnimationFrame(() => setTimeout(step));
  const drawNext = () => {
    const [chart] = waiting;
    if (!chart) return;
    plot(chart);
    setTimeout(drawNext);
  };
  const drawAll = () => {
    [...waiting].forEach(plot);
    document.querySelectorAll('.ltt-map').forEach(chart => chart.lttMap && lttMap.print(chart));
  };
  const sized = new ResizeObserver(entries => entries.forEach(({ target: chart }) => {
    clearTimeout(chart.lttTimer);
    chart.lttTimer = setTimeout(() => {
      if (chart.lttFigure) return plot(chart);
      const place = chart.firstElementChild;
      if (!chart.clientWidth || window.matchMedia('print').matches) return;
      if (chart.classList.contains('ltt-map')) return chart.lttMap && lttMap.draw(chart, chart.lttMap);
      if (place.layout && chart.clientWidth !== place._fullLayout?.width) window.Plotly.Plots.resize(place);
    }, 100);
  }));
  const show = (chart, figure, alt) => {
    chart.hidden = !figure;
    chart.lttFigure = figure;
    chart.classList.toggle('ltt-map', lttMap.isOne(figure));
    chart.classList.toggle('stPlotlyChart', Boolean(figure));
    const named = { 'data-testid': 'stPlotlyChart', role: 'figure', 'aria-label': alt };
    for (const [name, value] of Object.entries(named)) {
      if (figure) chart.setAttribute(name, value); else chart.removeAttribute(name);
    }
    if (!figure) return waiting.delete(chart);
    chart.style.height = `${figure.layout.height}px`;
    waiting.add(chart);
    if (lttMap.isOne(figure)) return plot(chart);  // it needs no library
    charts().then(() => isNear(chart) ? plot(chart) : later(drawNext));
  };

  // How wide the card is by now, where its drawing depends on it.
  const measure = root => {
    const { lttRoom: room, lttTell: tell } = root;
    const wide = room && Math.round(root.clientWidth / room.step) * room.step;
    if (!wide || window.matchMedia('print').matches || Math.abs(wide - room.pixels) <= room.slack) return;
    room.pixels = wide;
    tell('width', wide);
  };
  const measured = new ResizeObserver(entries => entries.forEach(({ target: root }) => {
    clearTimeout(root.lttTimer);
    root.lttTimer = setTimeout(() => measure(root), 200);
  }));

  const build = parent => {
    const root = document.createElement('div');
    root.className = 'ltt-face';
    root.innerHTML = '<div class="stHtml"></div>'
      + '<div hidden><div></div></div>'
      + '<div class="stHtml"></div><div class="stHtml"></div><div class="ltt-face_buttons stHtml"></div>';
    root.addEventListener('click', event => {
      const name = event.target.closest('button[data-press]')?.dataset.press;
      if (name) root.lttPress('pressed', name);
    });
    parent.append(root);
    sized.observe(root.children[1]);
    measured.observe(root);
    return root;
  };
  const write = (part, html) => {
    if (part.lttHtml === html) return;
    part.lttHtml = html;
    part.innerHTML = html;
    part.hidden = !html;
  };
  // Buttons stay the same ones, so that whoever pressed one with the keyboard is still on it.
  const offer = (place, buttons, links) => {
    const old = [...place.querySelectorAll(':scope > button')];
    const isSame = old.length === buttons.length && old.every((one, n) => one.dataset.press === buttons[n].name);
    if (!isSame || place.lttLinks !== links) {
      place.innerHTML = buttons.map(one => `<button type="button" data-press="${one.name}"></button>`).join('');
      const last = [...place.children].at(-1);
      const between = document.createElement('span');
      between.innerHTML = links;
      if (last) last.before(between); else place.append(between);
      place.lttLinks = links;
    }
    [...place.querySelectorAll(':scope > button')].forEach((button, n) => {
      const { words, help, isOn } = buttons[n];
      if (button.textContent !== words) button.textContent = words;
      button.title = help;
      button.classList.toggle('ltt-on', isOn);
    });
  };
  const hand = HAND;

  const draw = ({ data, parentElement, setTriggerValue, setStateValue }) => {
    const { card, ...own } = JSON.parse(decoder.decode(data));
    const face = { ...card, ...own };
    const root = parentElement.querySelector(':scope > .ltt-face') ?? build(parentElement);
    const [head, chart, body, foot, buttons] = root.children;
    root.lttPress = setTriggerValue;
    root.lttTell = setStateValue;
    root.lttRoom = face.room;
    measure(root);
    write(head, face.head);
    show(chart, face.figure && whole(face.figure, usual[face.palette]), face.alt);
    write(body, face.body);
    write(foot, face.foot);
    offer(buttons, face.buttons, face.links);
    hand(root, face.file);
  };
  charts();
  return { draw, drawAll };
})();
const lttQueue = window.lttCards ?? [];
window.lttCards = { push: lttDraws.draw, drawAll: lttDraws.drawAll };
lttQueue.forEach(lttDraws.draw);
