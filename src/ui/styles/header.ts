import { css } from 'lit';

/** The bar over the talk: title, tools with the folded options, progress. */
export const header = css`
  header {
    position: relative;
    z-index: 1;
    display: grid;
    grid-template: 'title tools' minmax(3.25rem, auto) 'progress progress' auto / 1fr auto;
    align-items: center;
    column-gap: 1rem;
    padding-inline: calc(var(--_space) * 1.25);
  }
  header h2 {
    overflow: hidden;
    font-size: 1rem;
    letter-spacing: 0;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .tools {
    grid-area: tools;
    display: flex;
    align-items: center;
    margin-inline-end: -0.5rem;
  }
  .tools .quiet {
    min-block-size: 2.75rem;
    padding-inline: 0.75rem;
  }
  .progress {
    grid-area: progress;
    display: flex;
    gap: 0.625rem;
  }
  .progress .section {
    flex: auto;
    display: flex;
    gap: 0.1875rem;
  }
  .progress i {
    flex: 1 1 0.5rem;
    block-size: 0.25rem;
    border-radius: 1rem;
    background: var(--_line);
    transition: background-color var(--_swift);
  }
  .progress [data-status='answered'] {
    background: var(--_accent);
  }
  .progress [data-status='skipped'],
  .progress [data-status='unheard'] {
    background: color-mix(in oklab, var(--_accent) 40%, var(--_surface));
  }
  .progress [data-current] {
    background: var(--_participant);
  }

  summary {
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  .sheet {
    position: absolute;
    z-index: 2;
    inset-block-start: 3.5rem;
    inset-inline-end: calc(var(--_space) * 1.25);
    display: grid;
    gap: 1rem;
    inline-size: min(17rem, 80cqi);
    padding: 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_sunk);
    box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 0.16);
  }
  legend {
    padding: 0;
    margin-block-end: 0.25rem;
    font-size: 0.875rem;
    color: var(--_quiet);
  }
  fieldset label {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    min-block-size: 2.5rem;
    cursor: pointer;
  }
`;
