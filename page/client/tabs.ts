import { byId } from '../../lib/report/client/dom';

/**
 * Makes the buttons of a tab list work as in the ARIA Authoring Practices Guide: one stop for Tab, arrow keys within.
 * @param shown called with the ID of the panel that is shown
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function tabs(list: HTMLElement, shown: (panel: string) => void): void {
  const buttons = [...list.querySelectorAll('button')];
  const panelOf = (button: Element) => button.getAttribute('aria-controls') ?? '';
  const choose = (chosen: HTMLButtonElement) => {
    for (const button of buttons) {
      const isChosen = button === chosen;
      button.setAttribute('aria-selected', String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
      byId(panelOf(button)).hidden = !isChosen;
    }
    shown(panelOf(chosen));
  };
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    Home: -buttons.length,
    End: buttons.length,
  };
  for (const [at, button] of buttons.entries()) {
    button.addEventListener('click', () => choose(button));
    button.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const wrapped =
        Math.abs(step) === 1 ? (at + step + buttons.length) % buttons.length : step < 0 ? 0 : buttons.length - 1;
      const target = buttons[wrapped];
      if (!target) return;
      choose(target);
      target.focus();
    });
  }
}
