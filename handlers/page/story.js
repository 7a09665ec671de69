// Leads through the stations of the way: by itself once for a newcomer, with the buttons, and with the keyboard.
import { byId } from '/page/dom.js';
import * as way from '/page/way.js';

const pace = 3_000;
const toldUnder = 'changebank.storyTold';

let timer;
let isPaused = false;

function likesMotion() {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function wasTold() {
  try {
    return localStorage.getItem(toldUnder) !== null;
  } catch {
    // Without a memory it would run at each visit.
    return true;
  }
}

function rememberTold() {
  try {
    localStorage.setItem(toldUnder, 'true');
  } catch {
    // It is told again only where it can be remembered.
  }
}

function showControls() {
  const isRunning = timer !== undefined;
  byId('story-run').textContent = isRunning ? 'Pause' : 'Play';
  byId('stations').classList.toggle('telling', isRunning);
  byId('story-back').setAttribute('aria-disabled', String(way.position() === 0));
  byId('story-next').setAttribute('aria-disabled', String(way.position() === way.length() - 1));
  byId('story-step').textContent = `${way.position() + 1} of ${way.length()}`;
}

function stop() {
  clearInterval(timer);
  timer = undefined;
  isPaused = false;
  if (way.length() > 0) showControls();
}

function advance() {
  if (way.position() < way.length() - 1) {
    way.open(way.position() + 1);
    showControls();
  } else {
    way.open(way.end());
    stop();
  }
}

function run(from) {
  isPaused = false;
  way.open(from);
  timer = setInterval(advance, pace);
  showControls();
}

/** Goes on where it was paused, else it begins at the beginning. */
function toggle() {
  if (timer === undefined) {
    run(isPaused ? way.position() : 0);
  } else {
    stop();
    isPaused = true;
  }
}

function clamp(order) {
  return Math.min(Math.max(order, 0), way.length() - 1);
}

/** A step by the buttons, whose words a screen reader reads out; with the keyboard on a station it reads that. */
function step(by) {
  stop();
  way.open(clamp(way.position() + by));
  showControls();
  byId('story-said').textContent = way.inWords(way.position());
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const to = {
    ArrowDown: way.position() + 1,
    ArrowRight: way.position() + 1,
    ArrowUp: way.position() - 1,
    ArrowLeft: way.position() - 1,
    Home: 0,
    End: way.length() - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  stop();
  way.open(clamp(to));
  way.focus();
  showControls();
}

/** Another request has drawn its way. */
export function restart() {
  stop();
  byId('story-said').textContent = '';
}

/** Tells the story to a newcomer, as soon as the stations can be seen. */
export function tellNewcomer() {
  if (wasTold() || !likesMotion() || way.length() === 0) return;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    if (wasTold()) return;
    rememberTold();
    run(0);
  });
  observer.observe(byId('stations'));
}

export function prepareStory() {
  byId('story-back').addEventListener('click', () => step(-1));
  byId('story-next').addEventListener('click', () => step(1));
  byId('story-run').addEventListener('click', toggle);
  byId('stations').addEventListener('keydown', onKey);
  byId('stations').addEventListener('click', (event) => {
    const order = way.orderOf(event.target);
    if (order < 0 || !event.target.closest('.stop')) return;
    stop();
    way.open(order);
    showControls();
  });
}
