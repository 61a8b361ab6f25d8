// Draws the charts, and presents: one slide at a time, by keyboard. Nothing here reaches out of this file.
(() => {
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const slides = [...document.querySelectorAll('.slide')];
  const blank = document.getElementById('blank');
  const isPresenting = () => document.body.classList.contains('presenting');
  let now = 0;

  const draw = place => {
    const figure = figures[place.id];
    if (!figure) return;
    const layout = { ...figure.layout, autosize: true };
    delete layout.width;
    if (isPresenting()) {
      layout.height = Math.max(place.clientHeight, 240);
      layout.font = { ...layout.font, size: Math.max(15, Math.round(window.innerHeight / 48)) };
    }
    Plotly.react(place, figure.data, layout, { displayModeBar: false, responsive: true });
  };
  const seen = new IntersectionObserver(entries => entries.forEach(entry => {
    if (!entry.isIntersecting) return;
    seen.unobserve(entry.target);
    draw(entry.target);
  }), { rootMargin: '800px' });
  const charts = [...document.querySelectorAll('.chart')];
  charts.forEach(place => {
    place.style.height = `${place.dataset.height}px`;
    seen.observe(place);
  });
  const print = isPrinted => charts.forEach(place => {
    if (!place.data) draw(place);
    place.style.height = isPrinted ? 'auto' : `${place.dataset.height}px`;
    place.querySelectorAll('.svg-container').forEach(chart => fitChart(chart, isPrinted));
  });
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));

  const show = place => {
    now = Math.min(Math.max(place, 0), slides.length - 1);
    slides.forEach((slide, number) => slide.classList.toggle('now', number === now));
    const chart = slides[now].querySelector('.chart');
    if (chart) { chart.style.height = ''; requestAnimationFrame(() => draw(chart)); }
    slides[now].setAttribute('tabindex', '-1');
    slides[now].focus({ preventScroll: true });
  };
  // Presenting is an entry of the history, for the button Back to take away: it ends presenting and leaves the
  // file open. Leaving by a key takes the entry away itself, so that Back leads on to what was before.
  const isEntry = () => Boolean(history.state?.lttPresenting);
  const start = () => {
    document.body.classList.add('presenting');
    // A browser may fill the screen after the reader has left again.
    document.documentElement.requestFullscreen?.()
      .then(() => { if (!isPresenting()) document.exitFullscreen(); }).catch(() => {});
    history.scrollRestoration = 'manual'; // the slide that was shown is scrolled to, not where one began
    if (!isEntry()) history.pushState({ lttPresenting: true }, '');
    show(now);
  };
  const end = () => {
    document.body.classList.remove('presenting');
    blank.hidden = true;
    if (document.fullscreenElement) document.exitFullscreen();
    charts.forEach(place => { place.style.height = `${place.dataset.height}px`; if (place.data) draw(place); });
    slides[now].scrollIntoView();
  };
  const leave = () => {
    end();
    if (isEntry()) history.back();
  };
  document.getElementById('present').addEventListener('click', start);
  window.addEventListener('popstate', () => {
    if (isPresenting() && !isEntry()) end();
  });
  document.addEventListener('fullscreenchange', () => {
    if (!document.fullscreenElement && isPresenting()) leave();
  });
  document.addEventListener('keydown', event => {
    if (!isPresenting() || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
    if (event.key in steps) show(now + steps[event.key]);
    else if (event.key === 'Home') show(0);
    else if (event.key === 'End') show(slides.length - 1);
    else if (event.key === 'Escape') leave();
    else if (event.key.toLowerCase() === 'b') blank.hidden = !blank.hidden;
    else if (event.key.toLowerCase() === 'n') {
      document.querySelectorAll('.notes').forEach(notes => { notes.hidden = !notes.hidden; });
    } else return;
    event.preventDefault();
  });
  window.addEventListener('resize', () => { if (isPresenting()) show(now); });
})();
