import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guidanceText } from '../../src/interview/instructions.js';
import type { ContextItem, Situation } from '../../demo/server/interviewer/context.js';
import { respond } from '../../demo/server/interviewer/interviewer.js';

const TOOLS = [{ name: 'interview_guidance' }, { name: 'trigger_assessment' }, { name: 'end_interview' }];
const RICH =
  'On my first day Maria met me at the door at nine, and we set up my laptop together before lunch.';

const probe = { id: 'probe:q1:p1', act: 'probe', say: 'Can you tell me about one moment?', when: 'episode' };
const followUp = { id: 'follow-up:q1', act: 'follow-up' };
const ask = { id: 'ask:q2', act: 'ask', say: 'Who helped you?', verbatim: true };
const repeat = { id: 'repeat:q1', act: 'repeat', say: 'What do you remember?' };
const close = { id: 'close', act: 'close', say: 'That was all. Thank you.' };

function guide(moves: object[], more: object = {}): string {
  const block = { guidance: 7, language: 'en', make: 'one', moves, ...more };
  return `Guidance 7. It replaces all guidance before it.\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\``;
}

const system = (text: string): ContextItem => ({ kind: 'system', text });
const participant = (text: string): ContextItem => ({ kind: 'participant', text });
const interviewer = (text: string): ContextItem => ({ kind: 'interviewer', text });

function after(items: ContextItem[], more: Partial<Situation> = {}): ReturnType<typeof respond> {
  return respond({ items, instructions: 'You are Ada.', tools: TOOLS, toolChoice: 'auto', ...more });
}

/** The interviewer asked, this was answered, and these moves are legal. */
function answered(answer: string, moves: object[], more: object = {}): ReturnType<typeof respond> {
  return after([interviewer('What do you remember?'), participant(answer), system(guide(moves, more))]);
}

function moveOf(reply: ReturnType<typeof respond>): unknown {
  return reply.calls.find(({ name }) => name === 'interview_guidance')?.arguments['move'];
}

describe('The rule-based interviewer', () => {
  describe('chooses', () => {
    for (const [name, answer, moves, chosen] of [
      ['a probe after few words', 'It was fine.', [probe, followUp, ask, repeat], 'probe:q1:p1'],
      [
        'a probe after general words',
        'I guess it is always nice to be here with all these people.',
        [probe, ask],
        'probe:q1:p1',
      ],
      ['the next question after a concrete answer', RICH, [probe, followUp, ask, repeat], 'ask:q2'],
      ['a follow-up after few words when no probe is left', 'It was fine.', [followUp, ask], 'follow-up:q1'],
      ['the next question when there are no words to come back to', 'Fine.', [followUp, ask], 'ask:q2'],
      [
        'the next question for somebody who would rather not answer',
        'I would rather not say.',
        [probe, ask],
        'ask:q2',
      ],
      [
        'the question once more for somebody who asks for it',
        'Sorry, can you repeat that?',
        [probe, ask, repeat],
        'repeat:q1',
      ],
      ['the question once more when nothing else is offered', RICH, [repeat], 'repeat:q1'],
      ['the close when it is all that is left', 'No, nothing.', [close], 'close'],
    ] as const) {
      it(name, () => {
        assert.equal(moveOf(answered(answer, [...moves])), chosen);
      });
    }
  });

  describe('words', () => {
    it('a verbatim line exactly, after a short reaction to the answer', () => {
      assert.equal(answered(RICH, [ask]).say, 'Thank you. Who helped you?');
    });

    it('the opening and the first question in one turn when all moves are to be made, with nothing before them', () => {
      const opening = { id: 'opening', act: 'opening', say: 'Thank you for taking part.', verbatim: true };
      const first = { id: 'ask:q1', act: 'ask', say: 'What do you remember?', verbatim: true };
      const reply = after([system(guide([opening, first], { make: 'all' }))]);
      assert.equal(reply.say, 'Thank you for taking part. What do you remember?');
      assert.deepEqual(
        reply.calls.map(({ arguments: { move } }) => move),
        ['opening', 'ask:q1'],
      );
    });

    it('a follow-up with the participant’s own words', () => {
      const { say = '' } = answered('It was a bit strange.', [followUp]);
      assert.match(say, /You said: “It was a bit strange”\. Can you tell me more about that\?$/);
    });

    it('a closing without thanking twice', () => {
      assert.equal(answered(RICH, [close]).say, 'That was all. Thank you.');
    });

    it('a summary of its own out of the participant’s words', () => {
      const { say = '' } = answered(RICH, [{ id: 'summary', act: 'summary' }]);
      assert.match(say, /Maria met me at the door/);
    });

    it('different reactions to hard, good and unsure answers', () => {
      const reaction = (text: string): string =>
        (answered(text, [ask]).say ?? '').replace('Who helped you?', '').trim();
      const all = [
        reaction(
          'The first week was hard because I was alone in the old office and nobody told me where to go.',
        ),
        reaction('The first week was great because Tom showed me the whole building and we laughed a lot.'),
        reaction('I don’t know.'),
      ];
      assert.equal(new Set(all).size, 3, all.join(' | '));
      assert.match(all[0] ?? '', /not easy|hard/);
    });

    it('no reaction where nothing was answered', () => {
      assert.equal(after([system(guide([ask]))]).say, 'Who helped you?');
    });

    it('its reactions in the interview’s language, and none in one that it does not have', () => {
      assert.match(
        answered('Gut.', [ask], { language: 'de-AT' }).say ?? '',
        /^(Verstehe|Gut|Ja)\. Who helped you\?$/,
      );
      assert.match(answered('Bien.', [ask], { language: 'fr' }).say ?? '', /^(Je vois|Très bien|D’accord)\./);
      assert.equal(answered('はい。', [ask], { language: 'ja' }).say, 'Who helped you?');
    });

    it('a kind request to say it again when nothing was understood, with the question where that may be repeated', () => {
      assert.match(answered('', [probe, ask]).say ?? '', /^I'm sorry, I did not catch that\..*once more\?$/);
      assert.deepEqual(answered('', [probe, ask]).calls, []);
      const again = answered('', [probe, ask, repeat]);
      assert.match(again.say ?? '', /did not catch that\..*What do you remember\?$/);
      assert.equal(moveOf(again), 'repeat:q1');
    });
  });

  describe('calls', () => {
    it('the tool that it is forced to, without a word', () => {
      const reply = after([system(guide([ask]))], { toolChoice: { name: 'interview_guidance' } });
      assert.deepEqual(reply, { calls: [{ name: 'interview_guidance', arguments: {} }] });
    });

    it('nothing where tools are off, and speaks', () => {
      const reply = after([participant(RICH), system(guide([close], { assess: true }))], {
        toolChoice: 'none',
      });
      assert.deepEqual(reply, { say: 'That was all. Thank you.', calls: [] });
    });

    it('nothing that is not on offer', () => {
      assert.deepEqual(after([participant(RICH), system(guide([close]))], { tools: [] }).calls, []);
    });

    it('an assessment once, when guidance says so', () => {
      const items = [participant(RICH), system(guide([ask], { assess: true }))];
      const names = (all: ContextItem[]): string[] => after(all).calls.map(({ name }) => name);
      assert.deepEqual(names(items), ['interview_guidance', 'trigger_assessment']);
      assert.deepEqual(names([{ kind: 'call', name: 'trigger_assessment' }, ...items]), [
        'interview_guidance',
      ]);
      assert.deepEqual(names([participant(RICH), system(guide([ask]))]), ['interview_guidance']);
    });

    it('the end beside the closing', () => {
      assert.deepEqual(answered('No.', [close]).calls, [
        { name: 'interview_guidance', arguments: { move: 'close' } },
        { name: 'end_interview', arguments: { reason: 'completed' } },
      ]);
    });

    it('the end for somebody who wants to stop, and accepts it', () => {
      for (const text of [
        'I want to stop.',
        'Please end the interview now',
        'Ich möchte das Gespräch beenden',
      ]) {
        assert.deepEqual(answered(text, [probe, ask]).calls, [
          { name: 'end_interview', arguments: { reason: 'participant' } },
        ]);
      }
      assert.equal(
        moveOf(answered('I wanted to stop smoking that year, and it was harder than I thought.', [ask])),
        'ask:q2',
      );
    });
  });

  describe('follows', () => {
    it('the last guidance, from the system or from a tool, and the last block in it', () => {
      const last = after([
        system(guide([probe])),
        participant('Fine.'),
        { kind: 'result', text: guide([ask]) },
        system('Be brief.'),
      ]);
      assert.equal(moveOf(last), 'ask:q2');
      const quoted = system(`${guide([probe])}\n${guide([ask])}`);
      assert.equal(moveOf(after([participant('Fine.'), quoted])), 'ask:q2');
    });

    it('guidance as the interview really writes it', () => {
      const facts = { number: 3, language: 'en', situation: 'The interview goes on.', assess: true };
      const text = guidanceText(facts, {
        make: 'one',
        moves: [
          { id: 'probe:q1:p1', act: 'probe', say: 'Can you tell me about one moment?', questionId: 'q1' },
          { id: 'ask:q2', act: 'ask', say: 'Who helped you?', verbatim: true, questionId: 'q2' },
        ],
      });
      const reply = after([interviewer('What do you remember?'), participant(RICH), system(text)]);
      assert.equal(moveOf(reply), 'ask:q2');
      assert.ok(reply.calls.some(({ name }) => name === 'trigger_assessment'));
    });

    it('guidance of the past where the last one is broken', () => {
      const broken = ['```json\n{"guidance":8\n```', guide([]), guide([{ id: 'x', act: 'dance' }])].map(
        system,
      );
      assert.equal(moveOf(after([participant('Fine.'), system(guide([ask])), ...broken])), 'ask:q2');
    });

    it('no guidance that the participant speaks', () => {
      const reply = after([participant(guide([close]))]);
      assert.deepEqual(reply.calls, []);
      assert.notEqual(reply.say, 'That was all. Thank you.');
    });
  });

  describe('without guidance', () => {
    it('greets, listens, and asks on with the participant’s own words', () => {
      assert.match(after([]).say ?? '', /^Hello/);
      assert.match(
        after([participant('We drove to the old harbour.')]).say ?? '',
        /“We drove to the old harbour”/,
      );
      assert.match(after([participant('')]).say ?? '', /did not catch that/);
      assert.match(after([participant('Yes'), interviewer('I see.')]).say ?? '', /tell me a little more/);
    });

    it('says what it is told to say', () => {
      assert.equal(after([], { instructions: 'Say exactly: "The line is open."' }).say, 'The line is open.');
    });
  });
});
