import { css } from 'lit';

/**
 * How the figure shows who has the floor: the one who has it is filled and swells with the real level, the other draws back. Only
 * transforms and opacity change, so nothing is laid out while somebody speaks.
 */
export const floors = css`
  [data-floor='speaking'] .disc {
    transform: scale(calc(1.12 + 0.28 * var(--_speaker, 0)));
  }
  [data-floor='speaking'] .ring {
    opacity: 0;
    scale: 0.8;
  }
  [data-floor='speaking'] .near {
    opacity: 0.2;
    transform: scale(calc(1.3 + 0.42 * var(--_speaker, 0)));
  }
  [data-floor='speaking'] .far {
    opacity: 0.1;
    transform: scale(calc(1.48 + 0.52 * var(--_speaker, 0)));
  }

  [data-floor='listening'] .disc {
    scale: 0.3;
  }
  [data-floor='listening'] .ring {
    border-color: var(--_participant);
  }

  [data-floor='hearing'] .disc {
    scale: 0.3;
  }
  [data-floor='hearing'] .ring {
    border: 0.5rem solid var(--_participant);
    transform: scale(calc(0.92 + 0.36 * var(--_microphone, 0)));
  }

  [data-floor='thinking'] .disc,
  [data-floor='waiting'] .disc {
    scale: 0.56;
  }
  [data-floor='thinking'] .ring,
  [data-floor='waiting'] .ring {
    border-color: var(--_accent);
    mask: conic-gradient(#000 0 14%, #0000 0 33.3%, #000 0 47.3%, #0000 0 66.6%, #000 0 80.6%, #0000 0);
    animation: turn 2.4s linear infinite;
  }
  [data-floor='waiting'] .disc {
    opacity: 0.45;
  }

  [data-floor='paused'] .disc {
    border-radius: 0;
    scale: 0.5;
    background: linear-gradient(90deg, var(--_quiet) 0 34%, #0000 0 66%, var(--_quiet) 0);
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
