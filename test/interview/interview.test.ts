import { expect } from '@open-wc/testing';
import type { AsideOptions, SayOptions, ToolCall } from '../../src/dialogue/dialogue.js';
import { FakeDialogue, wellBehaved, type FakeDialogueOptions } from '../../src/testing/fake-dialogue.js';
import type { FakeClock } from '../../src/testing/fake-clock.js';
import type { LinkedTurn } from '../../src/turn.js';
import { guideOf } from './guides.js';
import { stage, type Stage } from './stage.js';

const judgement =
  '{"dimensions":[{"id":"depth","score":4,"evidence":"the lift"}],"summary":"You told of a lift."}';
const good = { aside: (): string => judgement };

function begin(
  options: FakeDialogueOptions = good,
  rest: Parameters<typeof stage>[2] & { guide?: ReturnType<typeof guideOf> } = {},
): Promise<Stage> {
  const { guide = guideOf(), ...others } = rest;
  return stage(guide, (clock) => new FakeDialogue({ clock, ...options }), others).then(async (all) => {
    all.interview.begin();
    await all.pass();
    return all;
  });
}

/** What the engine asked for by itself, in its order. */
function watchSays(dialogue: FakeDialogue): SayOptions[] {
  const says: SayOptions[] = [];
  const say = dialogue.say.bind(dialogue);
  dialogue.say = (options) => {
    says.push(options);
    return say(options);
  };
  return says;
}

/** What calls were answered with, by the name of the tool. */
function watchAnswers(
  dialogue: FakeDialogue,
): { callId: string; name: string; output: string; andContinue: boolean }[] {
  const made: { callId: string; name: string; output: string; andContinue: boolean }[] = [];
  const answer = dialogue.answer.bind(dialogue);
  dialogue.answer = (callId, output, options) => {
    made.push({ callId, name: '', output, ...options });
    answer(callId, output, options);
  };
  // The interview listens before us, and answers at once.
  dialogue.events.on('calls', ({ calls }) => {
    for (const each of made) each.name ||= calls.find(({ callId }) => callId === each.callId)?.name ?? '';
  });
  return made;
}

const ANSWERS = ['A lift that was stuck.', 'My colleague Tom.', 'Ask early.', 'No, thank you.'];

describe('Interview', () => {
  it('goes through the guide in its order, tells its summary and ends', async () => {
    const all = await begin();
    for (const answer of ANSWERS) await all.answer(answer);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2', 'ask:q3', 'anything-else', 'summary', 'close']);
    expect(all.transcript.turns.find(({ act }) => act === 'summary')?.text).to.equal('You told of a lift.');
    expect(all.ends).to.deep.equal(['completed']);
    expect(all.errors).to.deep.equal([]);
    expect(all.interview.coverage).to.include({ phase: 'closed', done: 3, total: 3 });
    expect(all.coverages.at(-1)).to.deep.equal(all.interview.coverage);
    all.interview.close();
    expect(all.clock.pending, 'nothing is left waiting').to.equal(0);
  });

  it("marks the participant's turns with the question that they answer", async () => {
    const all = await begin();
    for (const answer of ANSWERS) await all.answer(answer);
    const answers = all.transcript.turns.filter(({ speaker }) => speaker === 'participant');
    expect(answers.map(({ act, questionId, sectionId }) => [act, questionId, sectionId])).to.deep.equal([
      ['answer', 'q1', 's1'],
      ['answer', 'q2', 's1'],
      ['answer', 'q3', 's2'],
      ['answer', undefined, undefined],
    ]);
  });

  it('tells its coverage when it changes, and only then', async () => {
    const all = await begin();
    await all.answer('A lift.');
    const told = all.coverages.map((coverage) => JSON.stringify(coverage));
    expect(new Set(told).size).to.equal(told.length);
    expect(all.coverages[0]).to.include({ phase: 'opening', done: 0 });
  });

  it('costs one reply for each answer', async () => {
    const all = await begin();
    const says = watchSays(all.dialogue);
    let replies = 0;
    all.dialogue.events.on('thinking', ({ isThinking }) => (replies += Number(isThinking)));
    await all.answer('A lift.');
    await all.answer('Tom.');
    expect([replies, says.length]).to.deep.equal([2, 0]);
  });
});

describe('the opening', () => {
  const script = async (
    options: FakeDialogueOptions,
  ): Promise<{ all: Stage; says: SayOptions[]; answers: ReturnType<typeof watchAnswers> }> => {
    const all = await stage(guideOf(), (clock) => new FakeDialogue({ clock, ...options }));
    const says = watchSays(all.dialogue);
    const answers = watchAnswers(all.dialogue);
    all.interview.begin();
    await all.pass();
    return { all, says, answers };
  };

  it('is forced through the guidance tool where that can be done', async () => {
    const { all, says, answers } = await script(good);
    expect(says.map(({ reason, forceTool }) => [reason, forceTool])).to.deep.equal([
      ['opening', 'interview_guidance'],
    ]);
    expect(says[0]?.guidance?.(), 'the tool gives the guidance, nothing before it').to.be.undefined;
    expect(answers[0]?.output).to.contain('"id":"opening"');
    expect(answers[0]?.andContinue).to.be.true;
    expect(answers.slice(1).map(({ output, andContinue }) => [output, andContinue])).to.deep.equal([
      ['Noted.', false],
      ['Noted.', false],
    ]);
    expect(all.acts()).to.deep.equal(['opening:q1']);
  });

  it('is asked for with its guidance where it cannot', async () => {
    const { all, says } = await script({ capabilities: { forcesTools: false } });
    expect(says.map(({ forceTool }) => forceTool)).to.deep.equal([undefined]);
    expect(all.acts()).to.deep.equal(['opening:q1']);
  });

  it('is asked for again when it fails, without the tool', async () => {
    const all = await stage(
      guideOf(),
      (clock) =>
        new FakeDialogue({
          clock,
          interviewer: (prompt) => (prompt.count < 2 ? { fails: 'failed' } : wellBehaved(prompt)),
        }),
    );
    const says = watchSays(all.dialogue);
    all.interview.begin();
    await all.pass(20_000);
    expect(says.map(({ forceTool }) => forceTool)).to.deep.equal([
      'interview_guidance',
      undefined,
      undefined,
    ]);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    expect(all.errors).to.deep.equal([]);
  });

  it('is given up with an error after some failures, and tried again when the participant speaks', async () => {
    let isBroken = true;
    const all = await begin({
      interviewer: (prompt) => (isBroken ? { fails: 'failed' } : wellBehaved(prompt)),
    });
    await all.pass(300_000);
    expect(all.errors.map(({ code, recoverable }) => [code, recoverable])).to.deep.equal([
      ['provider-error', true],
    ]);
    isBroken = false;
    await all.answer('Hello?');
    expect(all.acts()).to.deep.equal(['opening:q1']);
  });

  it('is followed by the first question when it was said without it', async () => {
    const all = await begin({
      interviewer: (prompt) =>
        prompt.make === 'all'
          ? { text: 'Hello and thank you for taking part in this study.' }
          : wellBehaved(prompt),
    });
    await all.pass(1000);
    expect(all.acts()).to.deep.equal(['opening', 'ask:q1']);
  });
});

describe('a reload', () => {
  /** The turns as they are stored after these answers. */
  async function after(
    answers: string[],
    options: FakeDialogueOptions = good,
  ): Promise<readonly LinkedTurn[]> {
    const all = await begin(options);
    for (const answer of answers) await all.answer(answer);
    all.interview.close();
    return JSON.parse(JSON.stringify(all.transcript.turns)) as LinkedTurn[];
  }

  for (const count of [0, 1, 2, 3]) {
    it(`after ${count} answers goes on with the question that was open, and greets nobody twice`, async () => {
      const earlier = await after(ANSWERS.slice(0, count));
      const all = await begin(good, { earlier });
      const open = ['repeat:q1', 'repeat:q2', 'repeat:q3', 'anything-else'][count];
      expect(all.acts().at(-1)).to.equal(open);
      for (const answer of ANSWERS.slice(count)) await all.answer(answer);
      const acts = all.acts();
      expect(acts.filter((act) => act.startsWith('opening'))).to.have.length(1);
      expect(acts.slice(-2)).to.deep.equal(['summary', 'close']);
      expect(all.ends).to.deep.equal(['completed']);
      expect(all.interview.coverage.done).to.equal(3);
    });
  }

  it('tells the model to welcome back, once', async () => {
    const seen: string[] = [];
    const earlier = await after(['A lift.']);
    const all = await begin(
      { ...good, interviewer: (prompt) => (seen.push(prompt.guidance ?? ''), wellBehaved(prompt)) },
      { earlier },
    );
    await all.answer('Tom.');
    expect(seen.map((text) => text.includes('Welcome the participant back'))).to.deep.equal([true, false]);
  });

  it('after an answer whose reply was lost goes on with that reply', async () => {
    const earlier = (await after(['A lift.'])).slice(0, -1);
    expect(earlier.at(-1)?.speaker).to.equal('participant');
    const all = await begin(good, { earlier });
    expect(all.acts().at(-1)).to.equal('ask:q2');
  });

  it('after the end ends at once, and says nothing', async () => {
    const earlier = await after(ANSWERS);
    const all = await begin(good, {
      earlier,
      assessment: { dimensions: [], summary: 'S.', audience: 'both', atMs: 1 },
    });
    expect(all.ends).to.deep.equal(['completed']);
    expect(all.transcript.turns).to.have.length(earlier.length);
  });

  it('does not assess a second time', async () => {
    const earlier = (await after(ANSWERS)).slice(0, -2);
    let asked = 0;
    const all = await begin(
      { aside: () => (asked++, judgement) },
      { earlier, assessment: { dimensions: [], summary: 'As told before.', audience: 'both', atMs: 1 } },
    );
    await all.pass(5000);
    expect(all.transcript.turns.at(-2)?.text).to.equal('As told before.');
    expect([asked, all.ends]).to.deep.equal([0, ['completed']]);
  });
});

describe('a line that was not heard', () => {
  it('is repeated when the participant cut it short, and given up after two repeats', async () => {
    const all = await begin({ ...good, speechMs: 4000 });
    await all.pass(4000);
    all.dialogue.sendText('A lift.');
    for (let cut = 0; cut < 3; cut++) {
      await all.pass(2000);
      all.dialogue.beginTurn();
      await all.pass();
      all.dialogue.hearNext('Sorry, go on.');
      all.dialogue.commitTurn();
    }
    await all.pass(4000);
    expect(all.acts()).to.deep.equal([
      'opening:q1',
      'ask:q2 (unheard)',
      'repeat:q2 (unheard)',
      'repeat:q2 (unheard)',
      'ask:q3',
    ]);
    expect(all.interview.coverage.sections[0]?.questions[1]?.status).to.equal('unheard');
  });

  it('is not taken for asked when the participant only went on with the answer before', async () => {
    const guide = guideOf({
      sections: [
        {
          id: 's',
          questions: [
            { id: 'q1', ask: 'Which lift was it?' },
            { id: 'q2', ask: 'Who was there?' },
          ],
        },
      ],
    });
    const all = await begin({ ...good, speechMs: 3000 }, { guide });
    await all.pass(3000);
    all.dialogue.sendText('A lift.');
    await all.pass(1000);
    all.dialogue.beginTurn();
    await all.pass();
    all.dialogue.hearNext('The old one.');
    all.dialogue.commitTurn();
    await all.pass(3000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'q2', 'ask:q2']);
    const said = all.transcript.turns.filter(({ speaker }) => speaker === 'participant');
    expect(said.map(({ questionId }) => questionId)).to.deep.equal(['q1', 'q1']);
    expect(all.interview.coverage.sections[0]?.questions[1]?.status).to.equal('asked');
  });

  for (const [name, fake] of [
    ['a good', (options: FakeDialogueOptions, clock: FakeClock) => new FakeDialogue({ ...options, clock })],
    ['a weak', (options: FakeDialogueOptions, clock: FakeClock) => FakeDialogue.weak({ ...options, clock })],
  ] as const)
    it(`because of a cough is said again, once, by ${name} dialogue; nothing was answered`, async () => {
      const all = await stage(guideOf(), (clock) => fake({ ...good, speechMs: 4000 }, clock));
      const asked = watchSays(all.dialogue);
      all.interview.begin();
      await all.pass(5000);
      all.dialogue.sendText('A lift.');
      await all.pass(2000);
      const before = asked.length;
      const { done } = all.interview.coverage;
      all.dialogue.cough();
      await all.pass(6000);
      expect(asked.length - before, 'asked for once').to.equal(1);
      await all.pass(20_000);
      expect(all.acts()).to.deep.equal(['opening:q1', 'q2', 'ask:q2']);
      expect(all.transcript.turns.filter(({ speaker }) => speaker === 'participant')).to.have.length(1);
      expect(all.interview.coverage.done).to.equal(done);
      expect(all.interview.coverage.sections[0]?.questions[1]?.status).to.equal('asked');
      expect(asked.length - before).to.equal(1);
      expect(all.errors).to.deep.equal([]);
    });

  it('because somebody coughs all the time is given up in the end', async () => {
    const all = await begin({ ...good, speechMs: 4000 });
    await all.pass(4000);
    all.dialogue.sendText('A lift.');
    for (let cough = 0; cough < 6; cough++) {
      await all.pass(2000);
      all.dialogue.cough();
      await all.pass(1300);
    }
    await all.pass(40_000);
    expect(all.acts()).to.deep.equal([
      'opening:q1',
      ...['q2', 'q2', 'q2'],
      ...['ask:q2 (unheard)', 'repeat:q2 (unheard)', 'repeat:q2 (unheard)'],
      'nudge',
    ]);
  });

  it('but for the end of it, when somebody coughed, counts as asked', async () => {
    const all = await begin({ ...good, speechMs: 4000 }, { guide: guideOf({ time: { nudgeSeconds: 0 } }) });
    await all.pass(4000);
    all.dialogue.sendText('A lift.');
    await all.pass(3900);
    all.dialogue.cough();
    await all.pass(60_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2']);
  });

  it('is said again by the engine when nobody else spoke: a press that was discarded', async () => {
    const all = await begin({ ...good, speechMs: 1000 });
    await all.pass(1000);
    all.dialogue.sendText('A lift.');
    await all.pass(500);
    all.dialogue.beginTurn();
    all.dialogue.discardTurn();
    await all.pass(7000);
    expect(all.acts(), 'not at once').to.deep.equal(['opening:q1', 'ask:q2 (unheard)']);
    await all.pass(3000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2 (unheard)', 'repeat:q2']);
  });

  it('is said again after a pause, once', async () => {
    const all = await begin({ ...good, speechMs: 1000 });
    await all.pass(1000);
    all.dialogue.sendText('A lift.');
    await all.pass(500);
    const goOn = all.dialogue.hold();
    await all.dialogue.interrupt('host');
    await all.pass(60_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2 (unheard)']);
    goOn();
    all.interview.resume();
    await all.pass(30_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2 (unheard)', 'repeat:q2']);
    expect(all.errors).to.deep.equal([]);
  });

  it('and a question that was open is asked again after a pause', async () => {
    const all = await begin();
    await all.answer('A lift.');
    const goOn = all.dialogue.hold();
    await all.dialogue.interrupt('host');
    await all.pass(60_000);
    goOn();
    all.interview.resume();
    await all.pass(1000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2', 'repeat:q2']);
  });
});

describe('an answer that got no reply', () => {
  it('gets one after a while, and no error where it helps', async () => {
    let isBroken = false;
    const all = await begin({
      ...good,
      interviewer: (prompt) => (isBroken ? { fails: 'failed' } : wellBehaved(prompt)),
    });
    isBroken = true;
    await all.answer('A lift.');
    isBroken = false;
    await all.pass(10_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2']);
    expect(all.errors).to.deep.equal([]);
  });

  it('is left alone while the participant speaks', async () => {
    let isBroken = false;
    const all = await begin({
      interviewer: (prompt) => (isBroken ? { fails: 'failed' } : wellBehaved(prompt)),
    });
    isBroken = true;
    await all.answer('A lift.');
    isBroken = false;
    all.dialogue.beginTurn();
    await all.pass(60_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
  });

  it('waits for the participant as long as that takes', async () => {
    const all = await begin(good, { guide: guideOf({ time: { nudgeSeconds: 0 } }) });
    await all.pass(600_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    expect(all.errors).to.deep.equal([]);
  });
});

describe('an answer in voice', () => {
  it('that nobody understood remains a gap, and the interview goes on', async () => {
    const seen: string[] = [];
    const all = await begin({
      ...good,
      interviewer: (prompt) => (seen.push(prompt.guidance ?? ''), wellBehaved(prompt)),
    });
    all.dialogue.beginTurn();
    all.dialogue.commitTurn();
    await all.pass(1000);
    expect(seen.at(-1)).to.contain('could not be made out');
    expect(all.transcript.turns.find(({ speaker }) => speaker === 'participant')).to.include({
      status: 'failed',
      questionId: 'q1',
    });
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2']);
  });
});

describe('time', () => {
  it('that is up while the participant thinks leads to the closing', async () => {
    const all = await begin(good, { guide: guideOf({ time: { maxMinutes: 15, nudgeSeconds: 0 } }) });
    await all.answer('A lift.');
    await all.pass(15 * 60_000);
    await all.pass(30_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2', 'summary', 'close']);
    expect(all.ends).to.deep.equal(['time']);
  });

  it('that is up while the participant speaks waits for them', async () => {
    const all = await begin(good, { guide: guideOf({ time: { maxMinutes: 15 } }) });
    all.dialogue.beginTurn();
    await all.pass(16 * 60_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    all.dialogue.hearNext('A long story.');
    all.dialogue.commitTurn();
    await all.pass(30_000);
    expect(all.acts().slice(1)).to.deep.equal(['summary', 'close']);
    expect(all.ends).to.deep.equal(['time']);
  });

  it('goes on over a reload', async () => {
    const first = await begin(good, { guide: guideOf({ time: { maxMinutes: 15 } }) });
    await first.pass(14 * 60_000);
    first.interview.close();
    const earlier = first.transcript.turns;
    const all = await begin(good, {
      guide: guideOf({ time: { maxMinutes: 15 } }),
      earlier,
      clock: first.clock,
    });
    await all.pass(30_000);
    expect(all.ends).to.deep.equal([]);
    await all.pass(60_000);
    expect(all.ends).to.deep.equal(['time']);
  });
});

describe('the wish to stop or to skip', () => {
  it('leads to the closing when the model tells of it, beside words of its own', async () => {
    const all = await begin({
      interviewer: (prompt) =>
        prompt.answer === 'I have to go.'
          ? {
              text: 'Of course, let us stop here. Goodbye.',
              calls: [{ name: 'end_interview', arguments: { reason: 'participant' } }],
            }
          : wellBehaved(prompt),
    });
    await all.answer('I have to go.');
    await all.pass(20_000);
    expect(all.ends).to.deep.equal(['participant']);
    expect(all.acts()).to.deep.equal(['opening:q1', 'close']);
  });

  it('leads to the closing when the model only calls', async () => {
    const all = await begin({
      interviewer: (prompt) =>
        prompt.answer === 'Stop, please.'
          ? { calls: [{ name: 'end_interview', arguments: { reason: 'participant' } }] }
          : wellBehaved(prompt),
    });
    await all.answer('Stop, please.');
    await all.pass(20_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'close']);
    expect(all.ends).to.deep.equal(['participant']);
    expect(all.transcript.turns.find(({ text }) => text === 'Stop, please.')?.act).to.equal('stop');
  });

  it('is not the model’s own: an end before its time is refused', async () => {
    const all = await begin({
      interviewer: (prompt) =>
        prompt.answer === 'A lift.'
          ? {
              text: 'Thank you, that was all!',
              calls: [{ name: 'end_interview', arguments: { reason: 'completed' } }],
            }
          : wellBehaved(prompt),
    });
    const answers = watchAnswers(all.dialogue);
    await all.answer('A lift.');
    expect(answers.map(({ output }) => output)).to.deep.equal(['Not yet: the interview is not over.']);
    expect(all.ends).to.deep.equal([]);
    await all.answer('Really?');
    expect(all.acts().at(-1)).to.equal('ask:q2');
  });

  it('to skip is understood from typed words, and from the model', async () => {
    const all = await begin({
      ...good,
      interviewer: (prompt) => {
        const reply = wellBehaved(prompt);
        const move = prompt.moves.find(({ act }) => act === 'ask')?.id;
        return prompt.answer === 'Private.'
          ? { ...reply, calls: [{ name: 'interview_guidance', arguments: { move, skipped: true } }] }
          : reply;
      },
    });
    await all.answer('I would rather not say.');
    await all.answer('Private.');
    const { sections } = all.interview.coverage;
    expect(sections[0]?.questions.map(({ status }) => status)).to.deep.equal(['skipped', 'skipped']);
  });
});

describe('the assessment', () => {
  it('is started by the model beside its speech, and its summary spoken at the end', async () => {
    let asked: AsideOptions | undefined;
    const all = await begin({ aside: (options) => ((asked = options), judgement) });
    const answers = watchAnswers(all.dialogue);
    for (const answer of ANSWERS) await all.answer(answer);
    expect(
      answers.filter(({ name }) => name === 'trigger_assessment').map(({ output }) => output),
    ).to.deep.equal(['The assessment is running. Go on.']);
    expect(asked?.input).to.contain('Participant: My colleague Tom.');
    expect(all.assessments).to.deep.equal([
      {
        dimensions: [{ id: 'depth', label: 'Depth of the answers', score: 4, evidence: 'the lift' }],
        summary: 'You told of a lift.',
        audience: 'both',
        atMs: all.assessments[0]?.atMs,
      },
    ]);
    expect(all.interview.assessment).to.equal(all.assessments[0]);
  });

  it('is started by the engine where the model does not', async () => {
    const all = await begin({ ...good, interviewer: (prompt) => ({ ...wellBehaved(prompt), calls: [] }) });
    for (const answer of ANSWERS) await all.answer(answer);
    expect(all.assessments).to.have.length(1);
    expect(all.acts().slice(-2)).to.deep.equal(['summary', 'close']);
  });

  it('is not started before the last question was asked', async () => {
    const all = await begin({
      ...good,
      interviewer: (prompt) => {
        const { text, calls = [] } = wellBehaved(prompt);
        return { ...(text !== undefined && { text }), calls: [...calls, { name: 'trigger_assessment' }] };
      },
    });
    const answers = watchAnswers(all.dialogue);
    await all.answer('A lift.');
    expect(answers.find(({ name }) => name === 'trigger_assessment')?.output).to.equal('Not yet. Go on.');
    expect(all.assessments).to.deep.equal([]);
  });

  it('is waited for before the closing: nothing is said until it is there', async () => {
    let give: (text: string) => void = () => undefined;
    const all = await begin({ aside: () => new Promise((resolve) => (give = resolve)) });
    for (const answer of ANSWERS) await all.answer(answer);
    await all.pass(5000);
    expect(all.acts().at(-1)).to.equal('anything-else');
    give(judgement);
    await all.pass(1000);
    expect(all.acts().slice(-2)).to.deep.equal(['summary', 'close']);
    expect(all.transcript.turns.find(({ act }) => act === 'summary')?.text).to.equal('You told of a lift.');
  });

  it('is waited for some seconds and no more', async () => {
    const all = await begin({ aside: () => new Promise(() => undefined) });
    for (const answer of ANSWERS) await all.answer(answer);
    await all.pass(30_000);
    expect(all.acts().slice(-2)).to.deep.equal(['summary', 'close']);
    expect(all.transcript.turns.find(({ act }) => act === 'summary')?.text).to.equal(
      'Let me sum up what you told me.',
    );
    expect(all.ends).to.deep.equal(['completed']);
  });

  it('that fails is an error that can be lived with', async () => {
    const all = await begin({ aside: () => 'I would rather not.' });
    for (const answer of ANSWERS) await all.answer(answer);
    await all.pass(5000);
    expect(all.errors.map(({ code, recoverable }) => [code, recoverable])).to.deep.equal([
      ['provider-error', true],
    ]);
    expect(all.ends).to.deep.equal(['completed']);
  });

  it('for the host alone is never spoken, and is there before the end', async () => {
    let give: (text: string) => void = () => undefined;
    const guide = guideOf({
      closing: { say: 'That was all. Goodbye.' },
      assessment: { dimensions: [{ id: 'depth', label: 'Depth' }] },
    });
    const all = await begin({ aside: () => new Promise((resolve) => (give = resolve)) }, { guide });
    for (const answer of ANSWERS.slice(0, 3)) await all.answer(answer);
    expect(all.acts().at(-1)).to.equal('close');
    expect(all.ends, 'the end waits for it').to.deep.equal([]);
    give(judgement);
    await all.pass();
    expect(all.assessments.map(({ audience }) => audience)).to.deep.equal(['host']);
    expect(all.ends).to.deep.equal(['completed']);
    expect(all.transcript.turns.some(({ text }) => text.includes('You told of a lift'))).to.be.false;
  });

  it('has one farewell behind its summary, also where that was asked for while the summary still sounded', async () => {
    const all = await begin();
    for (const answer of ANSWERS.slice(0, 3)) await all.answer(answer);
    const says = watchSays(all.dialogue);
    const { events } = all.dialogue;
    const begins = (id: string, speaker: 'interviewer' | 'participant', text: string): void => {
      events.emit('change', { type: 'began', id, speaker, medium: 'voice', at: all.clock.now() });
      events.emit('change', { type: 'final', id, text, at: all.clock.now() });
    };
    begins('answer', 'participant', 'No, thank you.');
    events.emit('heard', { turnId: 'answer' });
    begins('summary', 'interviewer', 'You told of a lift.');
    begins('farewell', 'interviewer', 'That was all. Thank you, and goodbye.');
    events.emit('spoken', { turnId: 'summary', text: 'You told of a lift.', heardShare: 1 });
    await all.pass();
    expect(says).to.deep.equal([]);
    events.emit('spoken', { turnId: 'farewell', text: '', heardShare: 1 });
    await all.pass();
    expect(all.acts().slice(-2)).to.deep.equal(['summary', 'close']);
    expect(all.ends).to.deep.equal(['completed']);
  });

  it('is heard by the participant although nothing else is asked before the end', async () => {
    const guide = guideOf({ closing: { say: 'That was all. Goodbye.' } });
    const all = await begin(good, { guide });
    for (const answer of ANSWERS.slice(0, 2)) await all.answer(answer);
    all.dialogue.beginTurn();
    all.dialogue.hearNext('Ask early.');
    all.dialogue.commitTurn();
    await all.pass(5000);
    expect(all.acts().slice(-2)).to.deep.equal(['summary', 'close']);
  });

  it("is the host's own where there is one", async () => {
    const all = await begin(
      { capabilities: { aside: false } },
      { assess: () => Promise.resolve({ dimensions: [], summary: 'Counted by hand.' }) },
    );
    for (const answer of ANSWERS) await all.answer(answer);
    expect(all.transcript.turns.find(({ act }) => act === 'summary')?.text).to.equal('Counted by hand.');
  });
});

describe('tools', () => {
  const calling = (name: string, args: unknown = {}, text?: string): FakeDialogueOptions => ({
    ...good,
    interviewer: (prompt) =>
      prompt.answer === 'Call.'
        ? { ...(text !== undefined && { text }), calls: [{ name, arguments: args }] }
        : wellBehaved(prompt),
  });
  const tool = (
    run: (args: unknown) => Promise<unknown>,
    reply?: boolean,
  ): NonNullable<Parameters<typeof stage>[2]>['tools'] => [
    {
      name: 'look_up',
      description: 'Looks up',
      parameters: { type: 'object' },
      run,
      ...(reply !== undefined && { reply }),
    },
  ];

  it('of the interview and of the host are defined side by side, without their functions', async () => {
    const all = await begin(good, { tools: tool(() => Promise.resolve(1)) });
    expect(all.interview.toolDefinitions.map(({ name }) => name)).to.deep.equal([
      'interview_guidance',
      'trigger_assessment',
      'end_interview',
      'look_up',
    ]);
    expect(() => structuredClone(all.interview.toolDefinitions)).not.to.throw();
  });

  it('of the host are run, and the interviewer goes on with what they return', async () => {
    const all = await begin(calling('look_up', { word: 'lift' }), {
      tools: tool((args) => Promise.resolve({ found: args })),
    });
    const answers = watchAnswers(all.dialogue);
    await all.answer('Call.');
    expect(answers[0]).to.include({
      output: '{"found":{"word":"lift"}}',
      andContinue: true,
    });
    expect(all.acts().at(-1)).to.equal('ask:q2');
  });

  it('of the host that want no reply get none', async () => {
    const all = await begin(calling('look_up', {}, 'One moment.'), {
      tools: tool(() => Promise.resolve(undefined), false),
    });
    const answers = watchAnswers(all.dialogue);
    await all.answer('Call.');
    expect(answers[0]).to.include({ output: 'null', andContinue: false });
  });

  it('of the host that fail or never answer are answered all the same', async () => {
    for (const [run, expected] of [
      [(): Promise<unknown> => Promise.reject(new Error('No such file')), '{"error":"No such file"}'],
      [(): Promise<unknown> => new Promise(() => undefined), '{"error":"The tool took too long"}'],
    ] as const) {
      const all = await begin(calling('look_up'), { tools: tool(run) });
      const answers = watchAnswers(all.dialogue);
      await all.answer('Call.');
      await all.pass(25_000);
      expect(answers[0]?.output).to.equal(expected);
      expect(all.acts().at(-1)).to.equal('ask:q2');
      all.interview.close();
    }
  });

  it('that do not exist are answered', async () => {
    const all = await begin(calling('open_the_door'));
    const answers = watchAnswers(all.dialogue);
    await all.answer('Call.');
    expect(answers[0]).to.include({ output: 'There is no tool "open_the_door".', andContinue: true });
    expect(all.acts().at(-1)).to.equal('ask:q2');
  });

  for (const args of ['no JSON', null, 7, { move: 7 }, { move: 'ask:nothing' }, []]) {
    it(`take ${JSON.stringify(args)} for nothing said`, async () => {
      const all = await begin(calling('interview_guidance', args));
      await all.answer('Call.');
      expect(all.acts()).to.deep.equal(['opening:q1', 'ask:q2']);
      expect(all.errors).to.deep.equal([]);
    });
  }

  it('are not called for ever by a model that says nothing', async () => {
    let replies = 0;
    const all = await begin({
      ...good,
      interviewer: (prompt) =>
        prompt.count > 0 && replies++ < 1000
          ? { calls: [{ name: 'interview_guidance' }] }
          : wellBehaved(prompt),
    });
    await all.answer('A lift.');
    await all.pass(300_000);
    expect(replies).to.be.lessThan(40);
    expect(all.errors.map(({ code }) => code)).to.deep.equal(['provider-error']);
  });

  it('give guidance once: none goes before the reply to it', async () => {
    const all = await begin(good);
    let given: string | undefined = 'not asked';
    all.dialogue.answer = (_callId: ToolCall['callId'], output: string) => {
      given = output;
    };
    all.dialogue.events.emit('calls', {
      calls: [{ callId: 'c', name: 'interview_guidance', arguments: {} }],
      spoke: false,
    });
    expect(given).to.contain('Guidance ');
    expect(all.interview.guidance()).to.be.undefined;
    expect(all.interview.guidance(), 'and the next has its own').to.contain('Guidance ');
  });
});

describe('guidance from one turn to the next', () => {
  it('has growing numbers and is short', async () => {
    const seen: string[] = [];
    const all = await begin({
      ...good,
      interviewer: (prompt) => (seen.push(prompt.guidance ?? ''), wellBehaved(prompt)),
    });
    for (const answer of ANSWERS) await all.answer(answer);
    const numbers = seen.map((text) => Number(/Guidance (\d+)\./.exec(text)?.[1]));
    expect(numbers).to.have.length.greaterThan(4);
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
    for (const text of seen) expect(text.length / 4).to.be.lessThan(500);
  });
});

describe('close', () => {
  it('leaves no timer, says nothing more, and may be called twice', async () => {
    const all = await begin(good, { guide: guideOf({ time: { maxMinutes: 15 } }) });
    await all.answer('A lift.');
    const told = all.coverages.length;
    all.interview.close();
    all.interview.close();
    expect(all.clock.pending).to.equal(0);
    all.dialogue.sendText('Anybody there?');
    all.interview.resume();
    await all.pass(60 * 60_000);
    expect(all.interview.guidance()).to.be.undefined;
    expect(all.coverages).to.have.length(told);
    expect([all.ends, all.errors]).to.deep.equal([[], []]);
  });

  it('drops an assessment that is under way', async () => {
    let signal: AbortSignal | undefined;
    const all = await begin({
      aside: (options) => {
        ({ signal } = options);
        return new Promise(() => undefined);
      },
    });
    for (const answer of ANSWERS) await all.answer(answer);
    all.interview.close();
    await all.pass(60_000);
    expect(signal?.aborted).to.be.true;
    expect(all.assessments).to.deep.equal([]);
  });
});

describe('a long silence', () => {
  it('is asked about twice, at growing distance, and then left in peace', async () => {
    const all = await begin();
    await all.pass(29_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    await all.pass(1000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge']);
    await all.pass(59_000);
    expect(all.acts()).to.have.length(2);
    await all.pass(1000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge', 'nudge']);
    await all.pass(3_600_000);
    expect(all.acts()).to.have.length(3);
    expect(all.errors).to.deep.equal([]);
  });

  it('is asked about gently, with a low priority, and changes nothing', async () => {
    const seen: string[] = [];
    const all = await begin({
      ...good,
      interviewer: (prompt) => (seen.push(prompt.guidance ?? ''), wellBehaved(prompt)),
    });
    const says = watchSays(all.dialogue);
    const before = all.interview.coverage;
    await all.pass(30_000);
    expect(says.map(({ reason, whenBusy }) => [reason, whenBusy])).to.deep.equal([['keepalive', 'skip']]);
    expect(seen.at(-1))
      .to.contain('silent')
      .and.to.contain('"act":"nudge"')
      .and.not.to.contain('"act":"ask"');
    expect(all.interview.coverage.sections).to.deep.equal(before.sections);
    await all.answer('A lift.');
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge', 'ask:q2']);
    await all.pass(30_000);
    expect(all.acts().at(-1), 'an answer begins the count anew').to.equal('nudge');
  });

  it('counts from the end of the interviewer’s words, and not while anybody speaks', async () => {
    const all = await begin({ ...good, speechMs: 20_000 });
    await all.pass(20_000 + 29_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    all.dialogue.beginTurn();
    await all.pass(300_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    all.dialogue.discardTurn();
    await all.pass(50_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge']);
  });

  it('is nothing while somebody types', async () => {
    const all = await begin();
    all.interview.isTyping = true;
    await all.pass(300_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    all.interview.isTyping = false;
    await all.pass(30_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge']);
  });

  it('is nothing in a pause', async () => {
    const all = await begin();
    const goOn = all.dialogue.hold();
    await all.pass(300_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    goOn();
    await all.pass(30_000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge']);
  });

  it('takes as long as the guide says', async () => {
    const all = await begin(good, { guide: guideOf({ time: { nudgeSeconds: 5 } }) });
    await all.pass(5000);
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge']);
  });

  it('that was asked about and goes on after a reload is as if it had not been', async () => {
    const first = await begin();
    await first.pass(30_000);
    const all = await begin(good, { earlier: first.transcript.turns });
    expect(all.acts()).to.deep.equal(['opening:q1', 'nudge', 'repeat:q1']);
  });

  it('has no timer left once the interview is closed', async () => {
    const all = await begin();
    await all.pass(10_000);
    all.interview.close();
    await all.pass(100_000);
    expect(all.acts()).to.deep.equal(['opening:q1']);
    expect(all.clock.pending).to.equal(0);
  });
});
