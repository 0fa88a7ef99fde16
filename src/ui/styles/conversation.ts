import { css } from 'lit';

/** The talk: figure, words, controls. Under one another where it is narrow, the figure beside the words where it is wide. */
export const conversation = css`
  .conversation {
    flex: 1;
    min-block-size: 0;
    display: grid;
    grid-template: 'stage' auto 'captions' minmax(0, 1fr) 'controls' auto / minmax(0, 1fr);
    gap: var(--_space);
    padding: calc(var(--_space) * 1.25);
    padding-block-end: max(var(--_space), env(safe-area-inset-bottom));
  }
  .stage {
    grid-area: stage;
    display: flex;
    align-items: center;
    gap: var(--_space);
  }
  .conversation .figure {
    --_size: 5rem;
  }
  .who {
    font-size: 1.125rem;
    font-weight: 620;
    line-height: 1.3;
  }
  .hint {
    min-block-size: 1.5em;
    font-size: 0.9375rem;
    line-height: 1.5;
    color: var(--_quiet);
  }

  .captions {
    grid-area: captions;
    min-block-size: 0;
    display: flex;
    flex-direction: column-reverse;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
    margin-inline: -0.5rem;
    padding-inline: 0.5rem;
    border-radius: calc(var(--_radius) * 0.5);
    outline-offset: -2px;
    mask-image: linear-gradient(#0000, #000 1rem);
  }
  .captions ol {
    display: grid;
    gap: var(--_space);
    max-inline-size: var(--_measure);
    margin-block-end: auto;
    padding-block: 1rem 0.25rem;
  }
  .turn {
    overflow-wrap: anywhere;
  }
  .turn p {
    font-size: 1.0625rem;
    line-height: 1.6;
  }
  .words {
    white-space: pre-line;
  }
  .speaker {
    font-size: 0.8125rem;
    font-weight: 620;
    letter-spacing: 0.01em;
    color: var(--_accent);
  }
  .outage {
    font-size: 0.8125rem;
    text-align: center;
    color: var(--_quiet);
  }
  .turn small {
    color: var(--_quiet);
  }
  [data-speaker='participant'] {
    padding-inline-start: 0.875rem;
    border-inline-start: 2px solid var(--_participant);
  }
  [data-speaker='participant'] .speaker {
    color: var(--_participant);
  }
  [data-status='failed'] p {
    font-style: italic;
    color: var(--_quiet);
  }
  .panel .captions {
    flex: 1 0 8rem;
    flex-direction: column;
    padding-block-start: var(--_space);
    border-block-start: 1px solid var(--_line);
    border-radius: 0;
    mask-image: none;
  }
  .panel .captions ol {
    padding-block-start: 0;
  }

  .summary {
    display: grid;
    gap: 0.25rem;
    padding: 1rem;
    border-radius: calc(var(--_radius) * 0.75);
    background: var(--_sunk);
  }

  .controls {
    grid-area: controls;
    display: grid;
    gap: 0.75rem;
  }
  .voices {
    display: grid;
    gap: 0.5rem;
  }
  .controls > :empty {
    margin-block-end: -0.75rem;
  }

  @container (inline-size >= 40rem) {
    .ended .content {
      flex: 1;
    }
  }
  @container (inline-size >= 48rem) {
    .conversation {
      grid-template:
        'stage captions' minmax(0, 1fr)
        'controls controls' auto / minmax(15rem, 2fr) minmax(0, 3fr);
      gap: calc(var(--_space) * 1.5) calc(var(--_space) * 2.5);
      padding: calc(var(--_space) * 1.75);
      padding-block-end: calc(var(--_space) * 1.5);
    }
    .stage {
      flex-direction: column;
      justify-content: center;
      text-align: center;
      gap: calc(var(--_space) * 1.25);
    }
    .conversation .figure {
      --_size: 13rem;
    }
    .who {
      font-size: 1.25rem;
    }
    .turn p {
      font-size: 1.125rem;
    }
    .captions ol {
      margin-block: auto 0;
    }
    .controls {
      grid-template-columns: minmax(15rem, 2fr) minmax(0, 3fr);
      column-gap: calc(var(--_space) * 2.5);
      align-items: start;
    }
    .controls > [role='status'],
    .sound,
    .confirmation,
    .controls > .primary {
      grid-column: 1 / -1;
    }
    .typing {
      grid-column: 2;
    }
    .sound,
    .controls > .primary {
      justify-self: center;
      min-inline-size: 14rem;
    }
  }
`;
