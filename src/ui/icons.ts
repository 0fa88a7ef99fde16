import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

const icon = (shape: SVGTemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const microphoneIcon = icon(
  svg`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
);
export const pauseIcon = icon(svg`<path d="M9 6v12M15 6v12"/>`);
export const speakerIcon = icon(
  svg`<path d="M4 10v4h3.5l4.5 4V6l-4.5 4zM15.5 9.2a4 4 0 0 1 0 5.6M18 6.8a7.4 7.4 0 0 1 0 10.4"/>`,
);
export const mutedIcon = icon(svg`<path d="M4 10v4h3.5l4.5 4V6l-4.5 4zM16 9.5l5 5M21 9.5l-5 5"/>`);
export const optionsIcon = icon(
  svg`<path d="M4 8h7M17 8h3M4 16h3M13 16h7"/><circle cx="14" cy="8" r="2.5"/><circle cx="10" cy="16" r="2.5"/>`,
);
export const sendIcon = icon(svg`<path d="M12 19V6M6.5 11.5 12 6l5.5 5.5"/>`);
export const closeIcon = icon(svg`<path d="m7 7 10 10M17 7 7 17"/>`);
export const downloadIcon = icon(svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`);
export const chevronIcon = icon(svg`<path d="m7 10 5 5 5-5"/>`);
