import { byId } from './dom';

const themes = ['system', 'light', 'dark'] as const;
const key = 'kaniflux-theme';

/** The button that goes from the system's colours to light, to dark, and round. The choice is kept where it can be. */
export function themeButton(): void {
  const button = byId('theme');
  let at = Math.max(0, (themes as readonly (string | null)[]).indexOf(remembered()));
  const show = () => {
    const theme = themes[at] as string;
    document.documentElement.dataset.theme = theme;
    button.textContent = `Colours: ${theme}`;
  };
  button.addEventListener('click', () => {
    at = (at + 1) % themes.length;
    show();
    try {
      localStorage.setItem(key, themes[at] as string);
    } catch {
      // A page from a file or a sandbox may not keep anything.
    }
  });
  show();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
