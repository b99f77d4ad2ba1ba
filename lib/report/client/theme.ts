import { byId } from './dom';

const themes: readonly string[] = ['system', 'light', 'dark'];
const key = 'kaniflux-theme';

/**
 * Sets up the button that switches between three themes: that of the system, light, and dark. The choice is stored if
 * the browser allows it.
 */
export function themeButton(): void {
  const button = byId('theme');
  let at = Math.max(0, themes.indexOf(remembered() ?? 'system'));
  const show = () => {
    const theme = themes[at] ?? 'system';
    document.documentElement.dataset.theme = theme;
    button.textContent = `Colours: ${theme}`;
  };
  button.addEventListener('click', () => {
    at = (at + 1) % themes.length;
    show();
    try {
      localStorage.setItem(key, themes[at] ?? 'system');
    } catch {
      // A page from a file or in a sandbox may have no storage.
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
