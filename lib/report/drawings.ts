/** The shapes of the icon for each kind of node, in 16 by 16 units. The style sheet sets the colour. */
const shapes = {
  person: '<circle cx="8" cy="5" r="2.75"/><path d="M2.75 14c.4-3 2.5-4.5 5.25-4.5s4.85 1.5 5.25 4.5"/>',
  group:
    '<circle cx="5.5" cy="5.5" r="2.25"/><path d="M1.25 13.250c.3-2.5 2-3.75 4.25-3.750s3.95 1.25 4.25 3.75"/><path d="M10.5 3.400a2.25 2.25 0 0 1 0 4.200M12 9.800c1.5.5 2.5 1.65 2.75 3.45"/>',
  grant: '<circle cx="5" cy="11" r="3"/><path d="M7.2 8.8 13.5 2.500M10.5 5.500l2 2M12.5 3.500l1.5 1.5"/>',
  cluster: '<path d="M8 1.75 13.5 4.750v6.500L8 14.250l-5.5-3v-6.500zM2.5 4.75 8 7.900l5.5-3.150M8 7.900v6.35"/>',
};

/** The icons, as symbols that `href` can refer to. */
export const drawings = `<svg class="unseen" aria-hidden="true">${Object.entries(shapes)
  .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${shape}</symbol>`)
  .join('')}</svg>`;

/** The icon of the page: three nodes and their edges. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M4 4.5 12 8 4 11.5" fill="none" stroke="#3b5bdb" stroke-width="1.5"/><g fill="#3b5bdb"><circle cx="3.5" cy="4" r="2.5"/><circle cx="3.5" cy="12" r="2.5"/><circle cx="12.5" cy="8" r="2.5"/></g></svg>',
)}`;
