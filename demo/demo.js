// The page around the element: tells how far the speech models are, and lists what the element tells.

const WORDS = {
  loading: 'Loading the speech models. You can begin already: typed answers need none.',
  ready: 'Ready. Nothing that you say leaves this machine.',
  deaf: 'Spoken answers cannot be understood here: the recognition model is missing. Typed answers can.',
  mute: 'The interviewer has no voice here and answers in writing.',
  openai: 'Ready. What you say goes to OpenAI.',
  lost: 'The server does not answer. Is it still running?',
};

const where = document.querySelector('#where');
const state = document.querySelector('#state');
const list = document.querySelector('#parts');

async function followStatus() {
  for (;;) {
    const status = await readStatus();
    show(status);
    if (status?.ready) return;
    await new Promise((resolve) => setTimeout(resolve, status ? 500 : 3000));
  }
}

async function readStatus() {
  try {
    const response = await fetch('/status', { signal: AbortSignal.timeout(5000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function show(status) {
  const text = WORDS[situation(status)];
  // A live region that is written again is read again.
  if (state.textContent !== text) state.textContent = text;
  if (!status) return;
  const isLocal = status.provider === 'local';
  list.hidden = !isLocal;
  if (!isLocal) {
    where.textContent =
      'The key of this server is used: OpenAI hears you, answers and speaks. The page and the element are the same as without.';
  }
  for (const item of list.children) item.dataset.state = status.parts[item.dataset.part];
}

function situation(status) {
  if (!status) return 'lost';
  if (status.provider !== 'local') return 'openai';
  if (status.parts.recognition === 'missing') return 'deaf';
  if (status.parts.voice === 'missing') return 'mute';
  return status.ready ? 'ready' : 'loading';
}

/** What is worth a line, by the event's name. */
const DETAILS = {
  'interview-status': ({ previous, status }) => `${previous} → ${status}`,
  'interview-activity': ({ activity }) => activity,
  'interview-caption': ({ turn }) => `${turn.speaker}: ${turn.text}`,
  'interview-turn': ({ turn }) =>
    `${turn.speaker}: ${turn.text}${turn.latencyMs === undefined ? '' : ` (after ${Math.round(turn.latencyMs)} ms)`}`,
  'interview-coverage': ({ coverage }) => `${coverage.done} of ${coverage.total}`,
  'interview-assessment': ({ assessment }) =>
    assessment.dimensions.map(({ label, score }) => `${label} ${score ?? '–'}`).join(', '),
  'interview-error': ({ error }) => `${error.code}: ${error.message}`,
  'interview-end': ({ reason, transcript }) => `${reason}, ${transcript.length} turns`,
};
const LINES = 300;

function followEvents() {
  const log = document.querySelector('#log');
  let growing;
  for (const [type, describe] of Object.entries(DETAILS)) {
    document.addEventListener(type, (event) => {
      const text = describe(event);
      // A turn that grows is one line.
      const key = type === 'interview-caption' ? event.turn.id : undefined;
      if (key !== undefined && growing?.key === key) {
        growing.line.lastElementChild.textContent = text;
        return;
      }
      const line = lineOf(type, text);
      log.prepend(line);
      growing = { key, line };
      if (log.childElementCount > LINES) log.lastElementChild.remove();
    });
  }
}

function lineOf(type, text) {
  const time = document.createElement('time');
  time.textContent = new Date().toTimeString().slice(0, 8);
  const name = document.createElement('code');
  name.textContent = type;
  const detail = document.createElement('span');
  detail.textContent = text;
  const line = document.createElement('li');
  line.append(time, name, detail);
  return line;
}

followEvents();
void followStatus();
