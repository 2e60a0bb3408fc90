/** Small pictures beside the words, drawn in the colour of the text around them. */
import { LabIcon } from '@jupyterlab/ui-components';

const SVG = 'http://www.w3.org/2000/svg';

/** Paths in a square of 16 by 16. */
const PATHS = {
  check: 'M2.5 8.5l3.5 3.5 7.5-8',
  cross: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  half: 'M3 8h10',
  clock: 'M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.5V8l2.5 2',
  gauge: 'M2.2 12a6.2 6.2 0 1 1 11.6 0M8 10l3-4',
  bang: 'M8 2v7.5M8 12.2v1.3',
  ban: 'M8 1.8a6.2 6.2 0 1 0 .01 0M3.8 3.8l8.4 8.4',
  wait: 'M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12'
} as const;

export type Picture = keyof typeof PATHS;

export function picture(name: Picture): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('nbj-Icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.appendChild(path);
  return svg;
}

/** A paper plane: the button that hands a cell in. */
export const submitIcon = new LabIcon({
  name: 'nbjudge:submit',
  svgstr: `<svg xmlns="${SVG}" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M2.5 20.5v-6.9l9-1.6-9-1.6V3.5L22 12z"/></svg>`
});

/** A list with ticks: the panel of the course. */
export const courseIcon = new LabIcon({
  name: 'nbjudge:course',
  svgstr: `<svg xmlns="${SVG}" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M10 5h11v2H10zm0 6h11v2H10zm0 6h11v2H10zM4.5 8.6 2 6.1l1.2-1.2 1.3 1.3L7.3 3.4l1.2 1.2zm0 6L2 12.100l1.200-1.200 1.300 1.300 2.800-2.800 1.200 1.200zm0 6L2 18.100l1.200-1.200 1.300 1.300 2.800-2.800 1.200 1.200z"/></svg>`
});
