/** Puts the focus where a dialog was opened to type, once the dialog is shown. */
export function focusSoon(element: HTMLElement): () => void {
  const timer = setTimeout(() => element.focus());
  return () => clearTimeout(timer);
}
