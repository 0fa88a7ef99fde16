// The local server's interviewer: rules in place of a model. It reads what a model would read (the conversation, the guidance,
// the tools on offer) and decides what to say and which tools to call. Pure: the same situation gives the same reply.
import { asksToStop, isThin, quotable, traitsOf } from './answer.js';
import { assess, readAssessmentTask } from './assessment.js';
import { chooseMoves } from './choose-move.js';
import { lastTurn } from './context.js';
import type { Call, ContextItem, LastTurn, Reply, Situation } from './context.js';
import { forcedCall } from './forced-call.js';
import { genericReply } from './generic-reply.js';
import { latestGuidance } from './guidance.js';
import type { Guidance, Move } from './guidance.js';
import { acknowledgement, fallbackPhrases, phrasesFor } from './phrases.js';

export type { Reply, Situation } from './context.js';

export function respond(situation: Situation): Reply {
  const { items, instructions, tools, toolChoice } = situation;
  const task = readAssessmentTask(instructions);
  if (task) return { say: assess(task, items), calls: [] };

  const last = lastTurn(items);
  if (typeof toolChoice === 'object' || toolChoice === 'required') {
    const wanted =
      typeof toolChoice === 'object' ? tools.find(({ name }) => name === toolChoice.name) : tools[0];
    if (wanted) return { calls: [forcedCall(wanted, last.text)] };
  }
  const canCall = (name: string): boolean =>
    toolChoice !== 'none' && tools.some((tool) => tool.name === name);

  const guidance = latestGuidance(items);
  if (!guidance) return { say: genericReply(situation), calls: [] };
  const phrases = phrasesFor(guidance.language) ?? fallbackPhrases;
  if (asksToStop(last.text) && canCall('end_interview')) {
    return {
      say: phrases.stopping,
      calls: [{ name: 'end_interview', arguments: { reason: 'participant' } }],
    };
  }
  const choice = chooseMoves(guidance, last);
  if (choice.kind === 'not understood') {
    const { repeat } = choice;
    return {
      say: repeat?.say === undefined ? phrases.notUnderstood : `${phrases.notUnderstood} ${repeat.say}`,
      calls: repeat ? callsBeside([repeat], guidance, items, canCall) : [],
    };
  }
  return {
    say: wording(choice.moves, guidance, last, items),
    calls: callsBeside(choice.moves, guidance, items, canCall),
  };
}

function wording(
  moves: readonly Move[],
  { language }: Guidance,
  last: LastTurn,
  items: readonly ContextItem[],
): string {
  const [first] = moves;
  const said = moves.map((move) => words(move, language, last, items));
  const phrases = phrasesFor(language);
  // Without words of that language it is better to say nothing than to say it in another one.
  if (!phrases || !first || !last.isAnswered || last.text === '' || !isReaction(first)) return said.join(' ');
  const reaction = acknowledgement(phrases, traitsOf(last.text), {
    isThin: isThin(last.text),
    turn: items.filter(({ kind }) => kind === 'interviewer').length,
  });
  return [reaction, ...said].join(' ');
}

/** A move before which one reacts to what was said. The others bring their own beginning. */
function isReaction({ act }: Move): boolean {
  return act === 'ask' || act === 'probe' || act === 'follow-up' || act === 'anything-else';
}

function words(move: Move, language: string, last: LastTurn, items: readonly ContextItem[]): string {
  if (move.say !== undefined && move.say !== '') return move.say;
  const phrases = phrasesFor(language) ?? fallbackPhrases;
  switch (move.act) {
    case 'follow-up': {
      const quote = quotable(last.text);
      return quote === undefined ? phrases.tellMore : phrases.followUp(quote);
    }
    case 'summary':
      return phrases.summary(
        items
          .filter((item) => item.kind === 'participant')
          .map(({ text }) => quotable(text))
          .filter((quote) => quote !== undefined)
          .slice(-3),
      );
    case 'close':
      return phrases.goodbye;
    case 'repeat':
      return phrases.notUnderstood;
    case 'nudge':
      return phrases.stillThere;
    case 'anything-else':
      return phrases.anythingElse;
    case 'opening':
    case 'ask':
    case 'probe':
      return phrases.tellMore;
  }
}

function callsBeside(
  moves: readonly Move[],
  guidance: Guidance,
  items: readonly ContextItem[],
  canCall: (name: string) => boolean,
): Call[] {
  const calls: Call[] = [];
  if (canCall('interview_guidance')) {
    for (const { id } of moves) calls.push({ name: 'interview_guidance', arguments: { move: id } });
  }
  const hasAssessed = items.some((item) => item.kind === 'call' && item.name === 'trigger_assessment');
  if (guidance.assess && !hasAssessed && canCall('trigger_assessment')) {
    calls.push({ name: 'trigger_assessment', arguments: {} });
  }
  if (moves.some(({ act }) => act === 'close') && canCall('end_interview')) {
    calls.push({ name: 'end_interview', arguments: { reason: 'completed' } });
  }
  return calls;
}
