import { expect } from '@open-wc/testing';
import { SCENES, show } from '../support/gallery.js';
import type { Mounted } from '../support/mount-interview.js';

describe('every state of <ai-interview>', () => {
  let stage: Mounted | undefined;

  afterEach(() => {
    stage?.element.remove();
    document.body.style.removeProperty('background');
  });

  for (const name of Object.keys(SCENES)) {
    for (const theme of ['light', 'dark']) {
      it(`"${name}" passes the accessibility audit, ${theme}`, async () => {
        document.body.style.background = theme === 'dark' ? '#000' : '#fff';
        stage = await show(name, { theme });
        await expect(stage.element).to.be.accessible();
      });
    }

    it(`"${name}" fits into 360 pixels`, async () => {
      const parent = document.createElement('div');
      parent.style.width = '360px';
      document.body.append(parent);
      stage = await show(name, { parent });
      const frame = stage.find('.frame');
      const right = frame?.getBoundingClientRect().right ?? 0;
      for (const each of stage.element.renderRoot.querySelectorAll('button, p, h2, textarea, .sheet')) {
        if (each.checkVisibility()) expect(each.getBoundingClientRect().right).to.be.at.most(right + 0.5);
      }
      expect(frame?.scrollWidth).to.equal(frame?.clientWidth);
      parent.remove();
    });
  }
});
