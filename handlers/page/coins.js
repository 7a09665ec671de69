// Draws change as coins, and what banks put many of them into: rolls, boxes, pallets.
import { html, svg } from '/page/dom.js';

const number = new Intl.NumberFormat('en-US');

/** What nickels come in, the largest first; a pallet of them weighs a tonne. */
const packings = [
  { name: 'pallet', plural: 'pallets', holds: 200_000n, draw: pallet },
  { name: 'box', plural: 'boxes', holds: 2_000n, draw: box },
  { name: 'roll', plural: 'rolls', holds: 40n, draw: roll },
];

/** More than this many of one packing are drawn once, with their count. */
const drawnEach = 6n;
const stackHeight = 10;
/** So few coins are laid side by side. */
const laidOut = 5;

export function count(amount, one, many) {
  return `${number.format(amount)} ${amount === 1n ? one : many}`;
}

function picture(width, height, ...children) {
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true', focusable: 'false' }, ...children);
}

function engraving(metal, ...paths) {
  return svg('g', { class: `${metal}-ink` }, ...paths.map((d) => svg('path', { d })));
}

/** A coin as seen from above. Nickels show Monticello, pennies the shield. */
function coin(metal) {
  const engraved = metal === 'nickel'
    ? engraving(metal, 'M38 27a12 10 0 0 1 24 0z', 'M30 37 50 27l20 10z', 'M33 39h4v13h-4zM43 39h4v13h-4zM53 39h4v13h-4zM63 39h4v13h-4z', 'M29 53h42v4H29z')
    : engraving(metal, 'M34 22h32v7H34z', 'M34 31h4v22l-4-5zM41 31h4v27l-4-2zM48 31h4v29l-2 1-2-1zM55 31h4v25l-4 2zM62 31h4v17l-4 5z');
  const size = metal === 'nickel' ? 76 : 68;
  const drawing = picture(100, 100,
    svg('circle', { cx: 50, cy: 50, r: 48, fill: `url(#${metal}-rim)` }),
    svg('circle', { cx: 50, cy: 50, r: 42, fill: `url(#${metal}-face)`, class: `${metal}-line` }),
    engraved,
    svg('text', { x: 50, y: 80, class: `${metal}-ink value` }, metal === 'nickel' ? '5¢' : '1¢'));
  drawing.setAttribute('width', size);
  drawing.setAttribute('height', size);
  return drawing;
}

/** Coins on top of each other, as seen from the side. */
function stack(height) {
  const [radius, tilt, thickness, middle] = [34, 11, 7, 38];
  const floor = 2 * tilt + stackHeight * thickness + 2;
  const edges = [];
  for (let level = 0; level < height; level += 1) {
    const y = floor - tilt - level * thickness;
    edges.push(svg('path', {
      d: `M${middle - radius} ${y - thickness}v${thickness}a${radius} ${tilt} 0 0 0 ${2 * radius} 0v${-thickness}z`,
      fill: 'url(#nickel-edge)', class: 'nickel-line',
    }));
  }
  const top = floor - tilt - height * thickness;
  return picture(2 * middle, floor + 2, ...edges,
    svg('ellipse', { cx: middle, cy: top, rx: radius, ry: tilt, fill: 'url(#nickel-face)', class: 'nickel-line' }),
    svg('ellipse', { cx: middle, cy: top, rx: radius - 5, ry: tilt - 2, fill: 'none', class: 'nickel-line' }),
    svg('text', { x: middle, y: 0, transform: `translate(0 ${top + 5.5}) scale(1 0.55)`, class: 'nickel-ink value' }, '5¢'));
}

function roll() {
  return picture(112, 46,
    svg('path', { d: 'M14 4h82a9 19 0 0 1 0 38H14z', fill: 'url(#wrapper)', class: 'wrapper-line' }),
    svg('ellipse', { cx: 14, cy: 23, rx: 9, ry: 19, fill: 'url(#nickel-face)', class: 'nickel-line' }),
    svg('ellipse', { cx: 14, cy: 23, rx: 6, ry: 14, fill: 'none', class: 'nickel-line' }),
    svg('text', { x: 62, y: 29, class: 'printed' }, '$2'));
}

function box() {
  return picture(104, 84,
    svg('path', { d: 'M6 24 22 6h76L82 24z', class: 'card-top' }),
    svg('path', { d: 'M82 24 98 6v54L82 78z', class: 'card-side' }),
    svg('path', { d: 'M6 24h76v54H6z', class: 'card-front' }),
    svg('path', { d: 'M38 24 54 6h8L48 24v14H38z', class: 'tape' }),
    svg('text', { x: 44, y: 64, class: 'printed' }, '$100'));
}

function pallet() {
  const boxes = [];
  for (const y of [8, 28, 48]) {
    for (const x of [8, 40, 72]) boxes.push(svg('path', { d: `M${x} ${y}h32v20H${x}z`, class: 'card-front' }));
  }
  return picture(112, 88, ...boxes,
    svg('path', { d: 'M4 69h104v5H4z', class: 'wood' }),
    svg('path', { d: 'M8 74h14v8H8zM49 74h14v8H49zM90 74h14v8H90z', class: 'wood' }),
    svg('path', { d: 'M4 82h104v4H4z', class: 'wood' }),
    svg('path', { d: 'M22 28h68v22H22z', class: 'label' }),
    svg('text', { x: 56, y: 45, class: 'printed dark' }, '$10,000'));
}

function pile(kind, drawings, caption) {
  return html('li', { class: 'pile' }, html('div', { class: `drawings ${kind}` }, ...drawings), html('p', {}, caption));
}

function packed(packing, amount) {
  const times = amount > drawnEach ? 1 : Number(amount);
  const drawings = Array.from({ length: times }, packing.draw);
  if (amount > drawnEach) drawings.push(html('span', { class: 'times', 'aria-hidden': 'true' }, `× ${number.format(amount)}`));
  return pile('packed', drawings, `${count(amount, packing.name, packing.plural)} of ${number.format(packing.holds)}`);
}

function loose(nickels, adjective) {
  const drawings = [];
  if (nickels <= laidOut) {
    for (let each = 0; each < nickels; each += 1) drawings.push(coin('nickel'));
  } else {
    for (let left = nickels; left > 0; left -= stackHeight) drawings.push(stack(Math.min(left, stackHeight)));
  }
  return pile('row', drawings, count(BigInt(nickels), `${adjective}nickel`, `${adjective}nickels`));
}

/**
 * The picture of some change: a list, each of whose items says in words what it shows.
 * @param {bigint} nickels
 * @param {bigint} pennies 0 to 4
 */
export function drawChange(nickels, pennies) {
  const piles = [];
  let left = nickels;
  for (const packing of packings) {
    const amount = left / packing.holds;
    left %= packing.holds;
    if (amount > 0n) piles.push(packed(packing, amount));
  }
  if (left > 0n) piles.push(loose(Number(left), piles.length > 0 ? 'loose ' : ''));
  if (pennies > 0n) {
    const drawings = Array.from({ length: Number(pennies) }, () => coin('penny'));
    piles.push(pile('row', drawings, count(pennies, 'penny', 'pennies')));
  }
  if (piles.length === 0) return html('p', { class: 'hint' }, 'No coins: less than a cent.');
  return html('ul', { class: 'piles', 'aria-label': 'Your coins' }, ...piles);
}

/** What the coins weigh, in words: 5 g a nickel, 2.5 g a penny. */
export function weight(nickels, pennies) {
  const grams = nickels * 5n + (pennies * 25n) / 10n;
  const half = pennies % 2n === 1n ? '.5' : '';
  if (grams < 10_000n) return `${number.format(grams)}${half}\u00a0g`;
  if (grams < 10_000_000n) return `${number.format(grams / 1_000n)}\u00a0kg`;
  return `${number.format(grams / 1_000_000n)}\u00a0tonnes`;
}
